/**
 * The reward of GeoAgent: spatial, semantic and consistency.
 *
 * Source: GeoAgent (arXiv 2602.12617): R = 1.5 R_spa + 1.0 R_sem + 0.5 R_con, each in its own file.
 * The authors' released code adds two format rewards of weight 1.0 each. Our reading of the two:
 * `answerFormat` is 1 for an answer that keeps the contract to the letter, `stageFormat` is 1 for
 * three stages that all have clues, reasoning and a conclusion; else 0.
 *
 * Without an encoder the part `nameMatch` takes the place (and the weight) of `semantic`.
 *
 * An answer that cannot be read names no place and holds no reasoning: it scores 0 in every part.
 * @module
 */
import { type Answer, answerQuery, parseAnswer } from '../../chain/index.ts';
import { GeorError, type Outcome } from '../../core/index.ts';
import { type Geocoder, haversineKm } from '../../geo/index.ts';
import type { Embedder, Judge } from '../models/index.ts';
import { checkBatch, type RecipeResult, type RewardBatch, type RewardVariant } from '../reward.ts';
import {
  foldedComparison,
  type NameComparison,
  type PlaceResolver,
  targetFault,
  truePlaces,
} from '../truth.ts';
import { chosenWeights, type Part, type WeightChoice, weightedSum } from '../weighted-sum.ts';
import { consistencyRewards, type PenaltyLengths } from './consistency.ts';
import { checkedLengths, RELEASED_LENGTHS } from './length-penalty.ts';
import { nameMatchRewards, semanticRewards } from './semantic.ts';
import { geoAgentSpatialReward, geocodeAnswer } from './spatial.ts';

/** The parts of the reward; `semantic` also stands for `nameMatch` in its place. */
export type GeoAgentPart = 'spatial' | 'semantic' | 'consistency' | 'answerFormat' | 'stageFormat';

/** Weight of each part; a part of weight 0 is not computed, but `spatial` always is. */
export type GeoAgentWeights = Readonly<Record<GeoAgentPart, number>>;

/** The weights of the paper, of its ablation without consistency, and of the released code. */
export const GEO_AGENT_WEIGHTS = {
  paper: { spatial: 1.5, semantic: 1, consistency: 0.5, answerFormat: 0, stageFormat: 0 },
  'without-consistency': {
    spatial: 1.5,
    semantic: 1,
    consistency: 0,
    answerFormat: 0,
    stageFormat: 0,
  },
  released: { spatial: 1.5, semantic: 1, consistency: 0.5, answerFormat: 1, stageFormat: 1 },
} as const satisfies Readonly<Record<string, GeoAgentWeights>>;

/** Which reward, and what it needs. */
export interface GeoAgentRewardOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** Default the variant's own; or single weights changed. */
  readonly weights?: WeightChoice;
  /** Where named places lie. */
  readonly geocoder: Geocoder;
  /** For `semantic`; without it `nameMatch`. */
  readonly embedder?: Embedder;
  /** The consistency agent. */
  readonly judge?: Judge;
  /** Default `group` for `paper`, the released range for `released`. */
  readonly lengths?: PenaltyLengths;
  /** Names at the target, for batches without `places`. */
  readonly placeAt?: PlaceResolver;
  /** What `nameMatch` compares with; default equality after folding. */
  readonly isSameName?: NameComparison;
  /** tau of the spatial reward, kilometres, default 200. */
  readonly scaleKm?: number;
}

/**
 * Makes the GeoAgent reward. Parts: `spatial`, `semantic` or `nameMatch`, `consistency`,
 * `answerFormat`, `stageFormat`, each in [0, 1]; total: their weighted sum.
 *
 * @throws GeorError `usage` when consistency has a weight and no judge, for weights or lengths that make no sense,
 * and (from the reward) when the lists of a batch differ in length.
 */
export function geoAgentReward(
  options: GeoAgentRewardOptions,
): (batch: RewardBatch) => Promise<RecipeResult> {
  const { variant = 'paper', geocoder, embedder, judge, isSameName = foldedComparison } = options;
  const wanted = options.lengths ?? (variant === 'paper' ? 'group' : RELEASED_LENGTHS);
  const lengths = wanted === 'group' ? wanted : checkedLengths(wanted);
  const weights = chosenWeights<GeoAgentPart>(GEO_AGENT_WEIGHTS, variant, options.weights);
  if (weights.consistency > 0 && !judge)
    throw new GeorError('usage', 'consistency needs a judge', {
      hint: 'give a judge, or the weights `without-consistency`',
    });
  return async (batch) => {
    checkBatch(batch);
    const answers = batch.completions.map((text) => parseAnswer(text, 'geoagent'));
    const named = answers.map(answerQuery);
    const coordinates = named.map((names) => {
      const match = geocodeAnswer(names, geocoder);
      return match && { lat: match.lat, lon: match.lon };
    });
    const distances = coordinates.map((found, i): Outcome<number | null> => {
      const target = batch.targets[i]!;
      const fault = targetFault(target);
      return fault ? { failure: fault } : { value: found && haversineKm(found, target) };
    });
    const spatial = distances.map(({ value, failure }): Outcome<number> => {
      if (failure !== undefined) return { failure };
      const distanceKm = value ?? Number.POSITIVE_INFINITY;
      return { value: geoAgentSpatialReward(distanceKm, variant, options.scaleKm) };
    });
    const parts: Record<string, Part> = { spatial: { weight: weights.spatial, outcomes: spatial } };
    const truths = truePlaces(batch, options.placeAt);
    const [semantic, consistency] = await Promise.all([
      embedder && weights.semantic > 0 ? semanticRewards(named, truths, embedder, variant) : null,
      judge && weights.consistency > 0
        ? consistencyRewards(answers, batch.groups, judge, lengths)
        : null,
    ]);
    if (semantic) parts['semantic'] = { weight: weights.semantic, outcomes: semantic };
    else if (weights.semantic > 0)
      parts['nameMatch'] = {
        weight: weights.semantic,
        outcomes: nameMatchRewards(named, truths, isSameName, variant),
      };
    if (consistency) parts['consistency'] = { weight: weights.consistency, outcomes: consistency };
    for (const [name, keeps] of [
      ['answerFormat', ({ reading }: Answer) => reading === 'strict'],
      ['stageFormat', hasWholeStages],
    ] as const)
      if (weights[name] > 0)
        parts[name] = {
          weight: weights[name],
          outcomes: answers.map((answer) => ({ value: keeps(answer) ? 1 : 0 })),
        };
    return {
      ...weightedSum(parts, answers.length),
      answers,
      coordinates,
      unreadable: answers.map(({ reading }) => reading === 'unreadable'),
      distanceKm: distances.map(({ value }) => value ?? null),
    };
  };
}

const hasWholeStages = ({ stages = [] }: Answer): boolean =>
  new Set(stages.map(({ level }) => level)).size === 3 &&
  stages.every(
    ({ clues, reasoning, conclusion }) =>
      clues.length > 0 && reasoning.trim() !== '' && conclusion.trim() !== '',
  );
