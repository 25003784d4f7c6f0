/**
 * GeoAgent's semantic reward: how alike are the named levels to the true ones?
 *
 * Source: GeoAgent (arXiv 2602.12617), geographic similarity reward:
 *
 *   R_sem = sum over levels of alpha_i s_i,   alpha = 0.1 country, 0.6 region, 0.3 precise place
 *
 * s_i is the cosine of the two names under a multilingual sentence encoder, clipped to [0, 1]. A
 * lower level counts only below good ones: the region if s_1 >= 0.7, the place if moreover s_2 >= 0.5.
 * `paper` also sets a level's own score to 0 below its threshold; `released` keeps it. The paper
 * gives the place no threshold of its own.
 *
 * Deviation: a level that the true place does not know is not asked; the other weights are scaled up
 * to sum 1, so that the best possible answer scores 1, and the hierarchy skips that level.
 * @module
 */
import type { Outcome } from '../../core/index.ts';
import type { PlaceNames } from '../../geo/index.ts';
import type { Embedder } from '../models/index.ts';
import type { RewardVariant } from '../reward.ts';
import { NAMED_LEVELS, type NameComparison } from '../truth.ts';

/** alpha (and w of the consistency reward): country, region, place; they sum to 1. */
export const LEVEL_WEIGHTS = [0.1, 0.6, 0.3] as const;

/** What s_1 and s_2 must reach for the level below to count. */
export const SIMILARITY_THRESHOLDS = [0.7, 0.5, 0] as const;

/** s for country, region and place, in [0, 1]; `null` where the true place does not know the level. */
export type LevelSimilarities = readonly [number | null, number | null, number | null];

/**
 * Adds the similarities of levels up.
 *
 * @returns [0, 1]; 0 where no level is known
 * @example geoAgentSemanticReward([0.8, 0.4, 1]) // 0.08; released: 0.32
 */
export function geoAgentSemanticReward(
  similarities: LevelSimilarities,
  variant: RewardVariant = 'paper',
): number {
  let sum = 0;
  let weight = 0;
  let isOpen = true;
  for (const [i, similarity] of similarities.entries()) {
    if (similarity === null) continue;
    weight += LEVEL_WEIGHTS[i]!;
    const passes = similarity >= SIMILARITY_THRESHOLDS[i]!;
    if (isOpen && (passes || variant === 'released')) sum += LEVEL_WEIGHTS[i]! * similarity;
    isOpen &&= passes;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** Cosine of two vectors, clipped to [0, 1]; a failure for vectors that have no angle. */
export function clippedCosine(a: Float32Array, b: Float32Array): Outcome<number> {
  if (a.length !== b.length) return { failure: 'the encoder gave vectors of different length' };
  let [dot, squareA, squareB] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const cosine = dot / Math.sqrt(squareA * squareB);
  if (!Number.isFinite(cosine)) return { failure: 'the encoder gave a vector without direction' };
  return { value: Math.min(1, Math.max(0, cosine)) };
}

/** Compares two names at a level. */
type Similarity = (named: string, truth: string, level: number) => Outcome<number>;

/** The similarity of each level; a level that the answer leaves out is 0 alike. */
function compareLevels(
  named: PlaceNames,
  truth: PlaceNames,
  similarity: Similarity,
): Outcome<LevelSimilarities> {
  const similarities: [number | null, number | null, number | null] = [null, null, null];
  for (const [i, level] of NAMED_LEVELS.entries()) {
    const [name, trueName] = [named[level], truth[level]];
    if (trueName === undefined) continue;
    if (name === undefined) {
      similarities[i] = 0;
      continue;
    }
    const { value, failure } = similarity(name, trueName, i);
    if (failure !== undefined) return { failure };
    similarities[i] = value;
  }
  return { value: similarities };
}

function rewardOf(
  named: PlaceNames,
  truth: Outcome<PlaceNames>,
  similarity: Similarity,
  variant: RewardVariant,
): Outcome<number> {
  if (truth.failure !== undefined) return { failure: truth.failure };
  const { value, failure } = compareLevels(named, truth.value, similarity);
  return failure === undefined ? { value: geoAgentSemanticReward(value, variant) } : { failure };
}

/** The semantic reward with an encoder. Each text is embedded once, however often it stands. */
export async function semanticRewards(
  named: readonly PlaceNames[],
  truths: readonly Outcome<PlaceNames>[],
  embedder: Embedder,
  variant: RewardVariant,
): Promise<readonly Outcome<number>[]> {
  const texts = new Set<string>();
  for (const [i, names] of named.entries())
    for (const level of NAMED_LEVELS) {
      const [name, truth] = [names[level], truths[i]!.value?.[level]];
      if (name !== undefined && truth !== undefined) texts.add(name).add(truth);
    }
  const order = [...texts];
  const outcomes = order.length > 0 ? await embedder.embed(order) : [];
  const vectorOf = new Map(order.map((text, i) => [text, outcomes[i]] as const));
  const similarity: Similarity = (name, truth) => {
    const [a, b] = [vectorOf.get(name), vectorOf.get(truth)];
    if (a?.value && b?.value) return clippedCosine(a.value, b.value);
    return { failure: a?.failure ?? b?.failure ?? 'the encoder gave no vector' };
  };
  return named.map((names, i) => rewardOf(names, truths[i]!, similarity, variant));
}

/**
 * What stands in for the semantic reward where there is no encoder: a name is 1 alike when it is a
 * name of the same place, else 0. It knows no meaning, so it is a part of its own, never `semantic`.
 */
export function nameMatchRewards(
  named: readonly PlaceNames[],
  truths: readonly Outcome<PlaceNames>[],
  isSameName: NameComparison,
  variant: RewardVariant,
): readonly Outcome<number>[] {
  const similarity: Similarity = (name, truth, level) => ({
    value: isSameName(name, truth, NAMED_LEVELS[level]!) ? 1 : 0,
  });
  return named.map((names, i) => rewardOf(names, truths[i]!, similarity, variant));
}
