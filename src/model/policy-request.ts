/**
 * Requests to a policy as prompts of its model: tokens, and images in patches.
 * @module
 */
import { GeorError, invariant } from '../core/index.ts';
import { type ChatMessage, chatImages, renderChat } from './chat-template.ts';
import {
  DEFAULT_PREPROCESSOR,
  type ModelCard,
  type PreprocessorConfig,
} from './checkpoint/index.ts';
import type { ModelConfig } from './config.ts';
import type { Prompt, PromptBatch } from './generation/read-prompts.ts';
import { type ImageGrid, imageTokenCount } from './image-grid.ts';
import type { RgbImage } from './image-processor.ts';
import { type PreparedImage, prepareImage } from './prepare-image.ts';
import { chatTemplate } from './prompt.ts';

/** What is asked of a policy: a conversation, or tokens with the images they show in order. */
export type PolicyRequest =
  | { readonly messages: readonly ChatMessage[] }
  | {
      /** One image token for each image, or as many as it takes. */
      readonly tokens: readonly number[];
      readonly images?: readonly RgbImage[];
    };

/** What turns requests into prompts. Text needs a tokenizer, tokens do not. */
export type PromptMaker = Pick<ModelCard, 'config' | 'chatTemplate' | 'preprocessor'> &
  Partial<Pick<ModelCard, 'tokenizer'>>;

/** Requests as one batch. An image object that several requests show is prepared once. */
export function promptBatch(
  requests: readonly PolicyRequest[],
  { config, tokenizer, ...card }: PromptMaker,
  preprocessor: PreprocessorConfig = card.preprocessor ?? DEFAULT_PREPROCESSOR,
): PromptBatch {
  const indexOf = new Map<RgbImage, number>();
  const prepared: PreparedImage[] = [];
  const imageIndex = (image: RgbImage): number => {
    let index = indexOf.get(image);
    if (index === undefined) {
      index = prepared.push(prepareImage(image, config.vision_config, preprocessor)) - 1;
      indexOf.set(image, index);
    }
    return index;
  };
  const prompts = requests.map((request): Prompt => {
    const isChat = 'messages' in request;
    invariant(!isChat || tokenizer, 'messages need a tokenizer');
    const images = (isChat ? chatImages(request.messages) : (request.images ?? [])).map(imageIndex);
    const tokens = isChat
      ? tokenizer!.encode(renderChat(card.chatTemplate ?? chatTemplate, request.messages))
      : request.tokens;
    const grids = images.map((image) => prepared[image]!.grid);
    if (tokens.length === 0) throw new GeorError('data', 'a prompt has no tokens');
    return { tokens: widenImages(tokens, config, grids), images };
  });
  const pixels = new Float32Array(prepared.reduce((sum, image) => sum + image.pixels.length, 0));
  let at = 0;
  for (const image of prepared) {
    pixels.set(image.pixels, at);
    at += image.pixels.length;
  }
  return { prompts, images: { grids: prepared.map(({ grid }) => grid), pixels } };
}

/**
 * Puts as many placeholders as an image takes where one stands for it.
 *
 * @throws GeorError `data` when images and placeholders do not match
 */
export function widenImages(
  tokens: readonly number[],
  { image_token_id: placeholder, vision_config: vision }: ModelConfig,
  grids: readonly ImageGrid[],
): number[] {
  const counts = grids.map((grid) => imageTokenCount(vision, grid));
  const found = tokens.filter((token) => token === placeholder).length;
  if (found === counts.reduce((a, b) => a + b, 0)) return [...tokens];
  if (found !== counts.length)
    throw new GeorError('data', `a prompt has ${found} image tokens for ${counts.length} images`, {
      hint: 'one image token for each image, or as many as the image takes',
    });
  let image = 0;
  return tokens.flatMap((token) =>
    token === placeholder ? new Array<number>(counts[image++]!).fill(placeholder) : [token],
  );
}
