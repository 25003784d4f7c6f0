/**
 * One image and one question as the prompt of a model, in its own chat template.
 * @module
 */
import { renderChat } from './chat-template.ts';
import type { ModelCard } from './checkpoint/index.ts';
import type { ImageGrid } from './image-grid.ts';
import { widenImages } from './policy-request.ts';
import { chatTemplate } from './prompt.ts';

/** A template sees that there is an image, not which. */
const SOME_IMAGE = { width: 1, height: 1, data: new Uint8Array(3) };

/**
 * Tokens of a prompt that shows one image, asks `question` and waits for the answer: what a policy
 * makes of the same conversation.
 *
 * @param grid - of the image at the model's size
 */
export function questionTokens(
  { config, tokenizer, chatTemplate: template = chatTemplate }: ModelCard,
  question: string,
  grid: ImageGrid,
): number[] {
  const text = renderChat(template, [
    {
      role: 'user',
      content: [
        { type: 'image', image: SOME_IMAGE },
        { type: 'text', text: question },
      ],
    },
  ]);
  return widenImages(tokenizer.encode(text), config, [grid]);
}
