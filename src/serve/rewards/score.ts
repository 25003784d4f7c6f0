/**
 * Samples in, rows out: a pure function of configuration, sample and group, so that asking again is safe.
 *
 * A part that compares within a group compares with the members that are in the same request; each
 * row says how many those were.
 * @module
 */
import type { PlaceNames } from '../../geo/index.ts';
import type { RecipeReward } from '../../rewards/index.ts';
import { ApiError } from '../api-error.ts';
import type { RewardRow, RewardSample } from './protocol.ts';

/** Rows, and what a log wants to know that they do not hold. */
export interface ScoredSamples {
  readonly rows: readonly RewardRow[];
  /** Per row: whether no answer could be read from the completion. */
  readonly unreadable: readonly boolean[];
}

/**
 * Scores samples.
 *
 * @param groupSize - members of a whole group; more than these are an error of the caller
 * @throws ApiError 422 when a group has more members than it may have.
 */
export async function scoreSamples(
  reward: RecipeReward,
  samples: readonly RewardSample[],
  groupSize: number | null | undefined,
): Promise<ScoredSamples> {
  const seen = countGroups(samples, groupSize);
  const { total, parts, unscored, distanceKm, coordinates, unreadable } = await reward({
    completions: samples.map(({ completion }) => completion),
    targets: samples.map(({ target }) => target),
    groups: samples.map(({ group }) => group ?? null),
    places: samples.map(({ place }) => namesOf(place)),
    entities: samples.map(({ entities }) => entities ?? null),
  });
  const columns = Object.entries(parts);
  const rows = samples.map(({ id, group, member }, i): RewardRow => {
    const own: Record<string, number | null> = {};
    for (const [part, scores] of columns) own[part] = finite(scores[i]);
    const value = finite(total[i]);
    const at = coordinates[i];
    return {
      id,
      ...(group != null && { group }),
      ...(member != null && { member }),
      reward: value,
      ...(value === null && { unscored: unscored[i] ?? 'the reward is not a finite number' }),
      ...('distance' in own && { distance: own['distance'] }),
      ...('format' in own && { format: own['format'] }),
      distance_km: finite(distanceKm[i]),
      parsed: at ? { lat: at.lat, lon: at.lon } : null,
      parts: own,
      group_seen: group == null ? 1 : seen.get(group)!,
    };
  });
  return { rows, unreadable };
}

/** A number that JSON can hold, or `null`. */
const finite = (value: number | null | undefined): number | null =>
  value != null && Number.isFinite(value) ? value : null;

function namesOf(place: RewardSample['place']): PlaceNames | null {
  if (!place?.country) return null;
  const { country, region, city } = place;
  return { country, ...(region && { region }), ...(city && { city }) };
}

/** Members of each group. */
function countGroups(
  samples: readonly RewardSample[],
  groupSize: number | null | undefined,
): ReadonlyMap<string | number, number> {
  const seen = new Map<string | number, number>();
  for (const { group } of samples) if (group != null) seen.set(group, (seen.get(group) ?? 0) + 1);
  if (groupSize == null) return seen;
  for (const [group, members] of seen)
    if (members > groupSize)
      throw new ApiError(
        422,
        'group-too-large',
        `group ${group} has ${members} members where ${groupSize} are a whole group`,
        'give each prompt of the batch its own group, also where a prompt comes twice',
      );
  return seen;
}
