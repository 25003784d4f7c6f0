/**
 * `generation_config.json`: how a model's makers mean it to be sampled, and which tokens end it.
 *
 * Source: transformers, `GenerationConfig` (field names, defaults and meanings).
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';

const token = z.int().nonnegative();

const generationSchema = z.looseObject({
  /** One token, or several that end a completion. */
  eos_token_id: z.union([token, z.array(token).min(1)]).optional(),
  pad_token_id: token.optional(),
  bos_token_id: token.optional(),
  /** False takes the most probable token. */
  do_sample: z.boolean().optional(),
  temperature: z.number().positive().optional(),
  /** 0 keeps all. */
  top_k: z.int().nonnegative().optional(),
  top_p: z.number().min(0).max(1).optional(),
  repetition_penalty: z.number().positive().optional(),
  max_new_tokens: z.int().positive().optional(),
});

/** A checked `generation_config.json`. */
export type GenerationConfig = z.infer<typeof generationSchema>;

/**
 * Reads a `generation_config.json`.
 *
 * @throws GeorError `config` naming the field that is wrong
 */
export function parseGenerationConfig(json: unknown): GenerationConfig {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const present = isObject
    ? Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
    : json;
  const parsed = generationSchema.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new GeorError('config', `generation_config.json: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}

/** The tokens that end a completion: the generation config's, else the model's. */
export function endTokens(
  generation: GenerationConfig | undefined,
  config: { readonly eos_token_id: number },
): readonly number[] {
  return [generation?.eos_token_id ?? config.eos_token_id].flat();
}
