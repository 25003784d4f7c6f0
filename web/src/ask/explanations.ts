/**
 * What to say when the model at hand cannot read the picture at hand.
 * @module
 */
import type { ModelCards } from '../../../src/serve/locate/events.ts';
import { type Child, h } from '../shared/dom.ts';
import type { Question } from '../shared/events.ts';

/** Words for a question that is not asked, and what to do instead. */
export function explainPhotograph(
  { server }: ModelCards,
  { photo }: Question,
): { message: string; hint: string; actions: readonly Child[] } {
  const commands = [
    'vllm serve Qwen/Qwen2.5-VL-7B-Instruct',
    'geor serve --backend http://127.0.0.1:8000/v1',
  ];
  if (photo)
    return {
      message:
        'The small model reads tiles of the Earth from above. It has never seen a photograph, and whatever it said about yours would be made up.',
      hint:
        server?.reads === 'photographs'
          ? `${server.name} reads photographs: choose “On this server” above.`
          : 'For photographs, start a vision model and point geor at it:',
      actions:
        server?.reads === 'photographs' ? [] : [h('pre', {}, h('code', {}, commands.join('\n')))],
    };
  return {
    message: 'This server has no model that locates pictures.',
    hint: 'Choose “In this browser” above, or start the server with a model:',
    actions: [h('pre', {}, h('code', {}, commands.join('\n')))],
  };
}
