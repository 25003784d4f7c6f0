/**
 * Messages to the text of a prompt, by the Jinja template that comes with a model.
 * @module
 */
import { Template } from '@huggingface/jinja';
import { GeorError } from '../core/index.ts';
import type { RgbImage } from './image-processor.ts';

/** A part of a message. */
export type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly image: RgbImage };

/** A message of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly ChatPart[];
}

/**
 * The text of a conversation; an image is one placeholder in it.
 *
 * @throws GeorError `data` when the template cannot be read or refuses the messages
 */
export function renderChat(
  template: string,
  messages: readonly ChatMessage[],
  { addGenerationPrompt = true }: { readonly addGenerationPrompt?: boolean } = {},
): string {
  // a template sees that there is an image, never its pixels
  const shown = messages.map(({ role, content }) => ({
    role,
    content:
      typeof content === 'string'
        ? content
        : content.map((part) => (part.type === 'image' ? { type: 'image' } : part)),
  }));
  try {
    return new Template(template).render({
      messages: shown,
      add_generation_prompt: addGenerationPrompt,
    });
  } catch (cause) {
    throw new GeorError('data', `the chat template cannot be used: ${cause}`, { cause });
  }
}

/** The images of a conversation, in order. */
export const chatImages = (messages: readonly ChatMessage[]): RgbImage[] =>
  messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
  );
