/**
 * Whether a merged model says what base and adapter say together, asked of geor's own engine.
 *
 * Compared are log-probabilities of a row of tokens over one picture: what training and sampling use.
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { type Model, Policy, type PolicyRequest } from '../../model/index.ts';
import { loadAdapter, loadModel, openModel } from '../../model/node/index.ts';

/** What was found. */
export interface EmbeddedCheck {
  /** Largest difference between two log-probabilities, merged against base and adapter. */
  readonly difference: number;
  /** The same between base with and without the adapter: what the training changed. */
  readonly change: number;
  readonly tokens: number;
}

/** Weights up to this size are loaded twice, as 32-bit floats, without asking. */
const MOST_BYTES = 2 ** 30;
const TOKENS = 32;
/** Sums of 32-bit floats in another order. */
const NOISE = 1e-3;
/** Rounding to 16 bits may change what the training changed, but not by this share of it. */
const ALLOWED_SHARE = 0.5;

/** Whether a model is small enough to be compared without asking. */
export function isSmall(folder: string): boolean {
  const files = new Set([...openModel(folder).stored.values()].map(({ file }) => file));
  const bytes = [...files].map((file) => statSync(join(folder, file)).size);
  return bytes.reduce((sum, size) => sum + size, 0) <= MOST_BYTES;
}

/**
 * Compares a merged model with its base and adapter.
 *
 * @throws GeorError `data` when they differ by more than rounding
 */
export async function compareEmbedded({
  base,
  adapter,
  merged,
}: {
  base: string;
  adapter: string;
  merged: string;
}): Promise<EmbeddedCheck> {
  const plain = loadModel(base);
  const trained = { ...plain, adapter: loadAdapter(adapter, plain.config) };
  const ours = await logProbabilities(loadModel(merged));
  const together = await logProbabilities(trained);
  const before = await logProbabilities(plain);
  const found = {
    difference: largestDifference(ours, together),
    change: largestDifference(before, together),
    tokens: ours.length,
  };
  if (!(found.difference <= Math.max(NOISE, ALLOWED_SHARE * found.change)))
    throw new GeorError(
      'data',
      `merged log-probabilities are off by ${found.difference}, the adapter changes them by ${found.change}`,
      { hint: 'do not use this model; was it merged with the base it was trained on?' },
    );
  return found;
}

/** Of tokens spread over the vocabulary, after one picture and a question. */
async function logProbabilities(model: Model): Promise<Float32Array> {
  const sidePx = 56;
  const image = {
    ...{ width: sidePx, height: sidePx },
    data: Uint8Array.from({ length: sidePx * sidePx * 3 }, (_, i) => (i * 37) % 251),
  };
  const question = { type: 'text', text: 'Where was this photo taken?' } as const;
  const request: PolicyRequest = {
    messages: [{ role: 'user', content: [{ type: 'image', image }, question] }],
  };
  const { vocab_size, image_token_id, vision_start_token_id, vision_end_token_id } = model.config;
  const pictures = new Set([image_token_id, vision_start_token_id, vision_end_token_id]);
  const tokens = Array.from({ length: TOKENS }, (_, i) => (i * 7919 + 13) % vocab_size).filter(
    (token) => !pictures.has(token),
  );
  const policy = await Policy.create(model);
  try {
    const [[found]] = (await policy.logProbabilities([request], [[tokens]])) as [[Float32Array]];
    return found;
  } finally {
    await policy.release();
  }
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
