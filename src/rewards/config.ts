/**
 * The configuration of a reward as a document: what a run's manifest holds, what a service is started
 * with, and the hash by which the two know that they mean the same.
 * @module
 */
import { z } from 'zod';
import { contentKey } from '../core/index.ts';
import { GEO_R_EXTRAS } from './geo-r/geo-r.ts';
import { rewardNames } from './registry.ts';

const weight = z.number().nonnegative();
const modelName = z.string().min(1);

/**
 * A reward's configuration. `judge` and `embedder` name models behind OpenAI-compatible addresses; an
 * embedder without `url` is a folder or hub id that runs in the scoring process. No secrets.
 */
export const rewardConfigSchema = z.strictObject({
  recipe: z.enum(rewardNames).default('geo-r'),
  variant: z.enum(['paper', 'released']).default('paper'),
  /** A preset's name, or weights by part; globe and geoagent. */
  weights: z.union([z.string().min(1), z.record(z.string(), weight)]).optional(),
  /** geo-r: parts beyond the paper with their weight; 0 only reports. */
  extras: z.partialRecord(z.enum(GEO_R_EXTRAS), weight).optional(),
  /** geoagent: what the length penalty compares with. */
  lengths: z.union([z.literal('group'), z.strictObject({ min: weight, max: weight })]).optional(),
  judge: z.strictObject({ url: z.url(), model: modelName }).optional(),
  embedder: z.strictObject({ url: z.url().optional(), model: modelName }).optional(),
});

/** A configuration with its defaults filled in. */
export type RewardConfig = z.output<typeof rewardConfigSchema>;

/** Raised whenever the same configuration begins to give other numbers. */
const REWARD_REVISION = 1;

/**
 * The content address of what a reward depends on besides the sample and its group. Where a model
 * answers is part of it, for two addresses need not serve the same model.
 *
 * @param gazetteer - checksum of the gazetteer that names are found in, see `gazetteerChecksum`
 * @returns `sha256:` and 64 hex digits
 */
export async function rewardConfigHash(config: RewardConfig, gazetteer: string): Promise<string> {
  return `sha256:${await contentKey('reward', REWARD_REVISION, sorted(config), gazetteer)}`;
}

/** The same value with the keys of all objects in alphabetical order, and without absent ones. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}

/** Whether some part of the reward compares a completion with the others of its group. */
export const comparesGroups = ({ recipe, variant, lengths, weights }: RewardConfig): boolean =>
  recipe === 'geoagent' &&
  (lengths ?? (variant === 'paper' ? 'group' : undefined)) === 'group' &&
  weights !== 'without-consistency' &&
  !(typeof weights === 'object' && weights['consistency'] === 0);
