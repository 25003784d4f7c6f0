/**
 * The schema of a rewards request once more, by hand: a step of training asks for a thousand samples, and
 * to look at them takes a tenth of the time in which a schema takes them apart and together again.
 *
 * Both accept the same (the test beside this file), but for strings close to their limit whose
 * characters are two units long: those are left to the schema, and so is to say what is wrong.
 * @module
 */
import {
  COMPLETION_LIMIT,
  ENTITIES_LIMIT,
  NAME_LIMIT,
  type RewardsRequest,
  SAMPLES_LIMIT,
} from './protocol.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whether `json`, as `JSON.parse` gives it, is what `rewardsRequestSchema` describes. */
export function isRewardsRequest(json: unknown): json is RewardsRequest {
  if (!isObject(json)) return false;
  const { v, samples, group_size, attempt } = json;
  const known =
    has(json, 'run', isName) +
    has(json, 'attempt', isCount) +
    has(json, 'engine', isName) +
    has(json, 'step', isCount) +
    has(json, 'split', isName) +
    has(json, 'group_size', isCount);
  return (
    v === 1 &&
    group_size !== 0 &&
    attempt !== 0 &&
    Array.isArray(samples) &&
    samples.length > 0 &&
    samples.length <= SAMPLES_LIMIT &&
    // a field that is not what it should be makes NaN of this, and one that is not known is not in it
    known + 2 === keysOf(json) &&
    samples.every(isSample)
  );
}

function isSample(sample: unknown): boolean {
  if (!isObject(sample)) return false;
  const { id, completion } = sample;
  return (
    isLabel(id) &&
    typeof completion === 'string' &&
    completion.length <= COMPLETION_LIMIT &&
    isTarget(sample['target']) &&
    3 +
      has(sample, 'group', isLabel) +
      has(sample, 'member', isCount) +
      has(sample, 'completion_tokens', isCount) +
      has(sample, 'truncated', isBoolean) +
      has(sample, 'place', isPlace) +
      has(sample, 'entities', areEntities) ===
      keysOf(sample)
  );
}

const isTarget = (target: unknown): boolean =>
  isObject(target) &&
  Number.isFinite(target['lat']) &&
  Number.isFinite(target['lon']) &&
  keysOf(target) === 2;

const isPlace = (place: unknown): boolean =>
  isObject(place) &&
  has(place, 'country', isName) + has(place, 'region', isName) + has(place, 'city', isName) ===
    keysOf(place);

const areEntities = (entities: unknown): boolean =>
  Array.isArray(entities) && entities.length <= ENTITIES_LIMIT && entities.every(isName);

const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
const isName = (json: unknown): boolean =>
  typeof json === 'string' && json.length > 0 && json.length <= NAME_LIMIT;
const isCount = (json: unknown): boolean => Number.isSafeInteger(json) && (json as number) >= 0;
const isLabel = (json: unknown): boolean => isName(json) || Number.isSafeInteger(json);
const isBoolean = (json: unknown): boolean => typeof json === 'boolean';

/** 1 where an object has the field, 0 where it has not, NaN where it holds neither `null` nor what it should. */
function has(object: Json, field: string, is: (json: unknown) => boolean): number {
  const value = object[field];
  if (value === undefined) return 0;
  return value === null || is(value) ? 1 : Number.NaN;
}

function keysOf(object: Json): number {
  let count = 0;
  for (const _ in object) count++;
  return count;
}
