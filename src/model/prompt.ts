/**
 * How an image and a question become tokens.
 *
 * Qwen2.5-VL's own chat form spends some thirty tokens on roles; a model of a million parameters
 * pays for each. The small presets therefore have a template of their own, written beside the
 * tokenizer, with the same special tokens: image, question, start of turn, answer, end of turn.
 * @module
 */
import type { ModelConfig } from './config.ts';
import { type ImageGrid, imageTokenCount } from './image-grid.ts';
import type { Tokenizer } from './tokenizer/index.ts';

/** Qwen2.5-VL's special tokens that geor uses. */
export const SPECIAL_TOKENS = {
  endOfText: '<|endoftext|>',
  startOfTurn: '<|im_start|>',
  endOfTurn: '<|im_end|>',
  visionStart: '<|vision_start|>',
  visionEnd: '<|vision_end|>',
  imagePad: '<|image_pad|>',
} as const;

/** The template in Jinja, for `tokenizer_config.json`. */
export const chatTemplate: string = [
  "{%- for message in messages -%}{%- if message['role'] == 'assistant' -%}",
  "{{- '<|im_start|>' + message['content'] + '<|im_end|>' -}}",
  "{%- else -%}{%- if message['content'] is string -%}{{- message['content'] -}}{%- else -%}",
  "{%- for part in message['content'] -%}{%- if part['type'] == 'image' -%}",
  "{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}{%- else -%}{{- part['text'] -}}{%- endif -%}",
  '{%- endfor -%}{%- endif -%}{%- endif -%}{%- endfor -%}',
  "{%- if add_generation_prompt -%}{{- '<|im_start|>' -}}{%- endif -%}",
].join('');

/** Whether a model was made with the template above, and so with questions of few words. */
export const isAskedShortly = (model: { readonly chatTemplate?: string }): boolean =>
  (model.chatTemplate ?? chatTemplate) === chatTemplate;

/** Tokens of a prompt that shows one image and asks `question`; the answer follows. */
export function promptTokens(
  tokenizer: Tokenizer,
  question: string,
  { config, grid }: { config: ModelConfig; grid: ImageGrid },
): number[] {
  return [
    config.vision_start_token_id,
    ...new Array<number>(imageTokenCount(config.vision_config, grid)).fill(config.image_token_id),
    config.vision_end_token_id,
    ...tokenizer.encode(`${question}${SPECIAL_TOKENS.startOfTurn}`),
  ];
}

/** Tokens of an answer, the end of turn included. */
export const answerTokens = (tokenizer: Tokenizer, answer: string): number[] =>
  tokenizer.encode(`${answer}${SPECIAL_TOKENS.endOfTurn}`);

/** Tokens that never belong in an answer. */
export const bannedTokens = (tokenizer: Tokenizer): ReadonlySet<number> =>
  new Set(
    Object.values(SPECIAL_TOKENS)
      .filter((token) => token !== SPECIAL_TOKENS.endOfTurn)
      .map((token) => tokenizer.tokenId(token))
      .filter((id) => id !== undefined),
  );
