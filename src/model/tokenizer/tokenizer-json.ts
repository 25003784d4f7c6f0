/**
 * The border of `tokenizer.json`: which files are accepted, checked before anything runs on them.
 *
 * Accepted: byte-level BPE, the kind geor trains and Qwen2.5 uses. Normaliser, pre-tokenizer and
 * post-processor pass through; `@huggingface/tokenizers` reads those.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { BYTE_CHARACTERS } from './byte-alphabet.ts';
import { patternFault, patternsOf } from './pattern-check.ts';

// Ids index dense arrays: a file must not make us allocate by a number it merely names.
const MAX_ID = 2 ** 24;
const id = z.int().min(0).max(MAX_ID);
const component = z.looseObject({ type: z.string() });

const addedToken = z.looseObject({
  id,
  content: z.string().min(1),
  single_word: z.boolean().optional(),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
  normalized: z.boolean().optional(),
  special: z.boolean().optional(),
});

// A record in zod drops the key `__proto__`, a possible token; so the vocabulary is checked by hand.
const vocabulary = z.custom<Readonly<Record<string, number>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => id.safeParse(entry).success),
  'not a map from token to id',
);

const schema = z.looseObject({
  added_tokens: z.array(addedToken),
  normalizer: component.nullable(),
  pre_tokenizer: component,
  post_processor: component.nullable(),
  decoder: z.looseObject({ type: z.literal('ByteLevel') }),
  model: z.looseObject({
    type: z.literal('BPE'),
    byte_fallback: z.literal(false).optional(),
    continuing_subword_prefix: z.literal('').nullish(),
    end_of_word_suffix: z.literal('').nullish(),
    vocab: vocabulary,
    merges: z.union([z.array(z.tuple([z.string(), z.string()])), z.array(z.string())]),
  }),
});

/** A checked `tokenizer.json`. */
export type TokenizerJson = z.infer<typeof schema>;

const HINT = 'geor reads byte-level BPE files of HF tokenizers, such as those of Qwen2.5';

const refuse = (why: string, cause?: unknown): GeorError =>
  new GeorError('data', `tokenizer.json: ${why}`, { hint: HINT, cause });

/**
 * Checks the shape of a `tokenizer.json` and that its parts fit together: distinct ids, every byte
 * in the vocabulary (so no text is unknown), every merge made of tokens that exist, no expression
 * that could run for ever.
 *
 * @throws GeorError `data` otherwise.
 */
export function parseTokenizerJson(json: unknown): TokenizerJson {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refuse(`${issue?.path.join('.') || 'file'}: ${issue?.message}`, parsed.error);
  }
  const { model, added_tokens: added, normalizer, pre_tokenizer, post_processor } = parsed.data;
  for (const pattern of patternsOf([normalizer, pre_tokenizer, post_processor])) {
    const fault = patternFault(pattern);
    if (fault)
      throw refuse(`the expression ${JSON.stringify(pattern.slice(0, 80))} may not run: ${fault}`);
  }
  const vocabulary = new Map(Object.entries(model.vocab));
  if (new Set(vocabulary.values()).size !== vocabulary.size) {
    throw refuse('two tokens of the vocabulary have the same id');
  }
  const missing = BYTE_CHARACTERS.findIndex((character) => !vocabulary.has(character));
  if (missing >= 0) throw refuse(`the vocabulary lacks byte ${missing}`);
  for (const merge of model.merges) {
    const [left, right, more] = typeof merge === 'string' ? merge.split(' ') : merge;
    const isKnown =
      left !== undefined &&
      right !== undefined &&
      more === undefined &&
      [left, right, left + right].every((token) => vocabulary.has(token));
    if (!isKnown) throw refuse(`merge ${JSON.stringify(merge)} is not made of known tokens`);
  }
  const owners = new Map([...vocabulary].map(([token, owner]) => [owner, token]));
  const contents = new Set<string>();
  for (const { id, content } of added) {
    if ((owners.get(id) ?? content) !== content || (vocabulary.get(content) ?? id) !== id) {
      throw refuse(`added token ${JSON.stringify(content)} has the id of another token`);
    }
    if (contents.has(content)) throw refuse(`added token ${JSON.stringify(content)} is repeated`);
    contents.add(content);
    owners.set(id, content);
  }
  return parsed.data;
}
