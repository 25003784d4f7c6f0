import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { type ChatMessage, chatImages, renderChat } from './chat-template.ts';

const image = { width: 1, height: 1, data: new Uint8Array(3) };
const part = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image') }).transform(() => ({ type: 'image' as const, image })),
]);
const golden = z
  .object({
    templates: z.record(z.string(), z.string()),
    cases: z.array(
      z.object({
        template: z.string(),
        messages: z.array(
          z.object({
            role: z.enum(['system', 'user', 'assistant']),
            content: z.union([z.string(), z.array(part)]),
          }),
        ),
        prompt: z.boolean(),
        text: z.string().nullable(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../test/golden/chat.json', import.meta.url), 'utf8')));

describe('a conversation in a template', () => {
  it.each(golden.cases.map((one, i) => [i, one.template, one] as const))(
    'is what transformers writes: %i, %s',
    (_, __, { template, messages, prompt, text }) => {
      const render = (): string =>
        renderChat(golden.templates[template]!, messages, { addGenerationPrompt: prompt });
      if (text === null) expect(render).toThrow(GeorError);
      else expect(render()).toBe(text);
    },
  );

  it('shows a template that there is an image, never its pixels', () => {
    const messages: ChatMessage[] = [{ role: 'user', content: [{ type: 'image', image }] }];
    expect(renderChat('{{ messages | tojson }}', messages)).not.toContain('width');
    expect(chatImages(messages)).toEqual([image]);
  });

  it('says what is wrong with a template that is none', () => {
    expect(() => renderChat('{% for %}', [])).toThrow(/chat template cannot be used/);
  });
});
