/**
 * Samples in, scores out: a pure function of configuration, sample and group, so that asking again is safe.
 *
 * A part that compares within a group compares with the members that are in the same request; each
 * row of the answer says how many those were.
 * @module
 */
import type { Coordinate, PlaceNames } from '../../geo/index.ts';
import type { RecipeReward, Scores } from '../../rewards/index.ts';
import { ApiError } from '../api-error.ts';
import type { RewardRow, RewardSample } from './protocol.ts';

/**
 * Scores by column, one entry per sample: a thousand rows as objects would cost more than the rewards.
 * All numbers are finite.
 */
export interface ScoredSamples {
  readonly samples: readonly RewardSample[];
  readonly total: Scores;
  readonly parts: readonly (readonly [name: string, scores: Scores])[];
  readonly unscored: readonly (string | null)[];
  readonly distanceKm: Scores;
  /** Where each answer lies. */
  readonly coordinates: readonly (Coordinate | null)[];
  /** Whether no answer could be read from a completion. */
  readonly unreadable: readonly boolean[];
  /** Members of the sample's group in this request. */
  readonly groupSeen: readonly number[];
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
  const groupSeen = countGroups(samples, groupSize);
  const { total, parts, unscored, distanceKm, coordinates, unreadable } = await reward({
    completions: samples.map(({ completion }) => completion),
    targets: samples.map(({ target }) => target),
    groups: samples.map(({ group }) => group ?? null),
    places: samples.map(({ place }) => namesOf(place)),
    entities: samples.map(({ entities }) => entities ?? null),
  });
  return {
    samples,
    total: finite(total),
    parts: Object.entries(parts).map(([name, scores]) => [name, finite(scores)] as const),
    unscored,
    distanceKm: finite(distanceKm),
    coordinates,
    unreadable,
    groupSeen,
  };
}

/** Why a sample has no reward, for one that has none. */
export const reasonOf = ({ unscored }: ScoredSamples, i: number): string =>
  unscored[i] ?? 'the reward is not a finite number';

/** The scores as the rows of the protocol. */
export function rowsOf(scored: ScoredSamples): readonly RewardRow[] {
  const { samples, total, parts, distanceKm, coordinates, groupSeen } = scored;
  return samples.map(({ id, group, member }, i) => {
    const own = Object.fromEntries(parts.map(([name, scores]) => [name, scores[i]!]));
    const at = coordinates[i];
    return {
      id,
      ...(group != null && { group }),
      ...(member != null && { member }),
      reward: total[i]!,
      ...(total[i] === null && { unscored: reasonOf(scored, i) }),
      ...('distance' in own && { distance: own['distance'] }),
      ...('format' in own && { format: own['format'] }),
      distance_km: distanceKm[i]!,
      parsed: at ? { lat: at.lat, lon: at.lon } : null,
      parts: own,
      group_seen: groupSeen[i]!,
    };
  });
}

const isFinal = (value: number | null): boolean => value === null || Number.isFinite(value);

/** Numbers that JSON can hold, or `null`. */
const finite = (scores: Scores): Scores =>
  scores.every(isFinal) ? scores : scores.map((value) => (isFinal(value) ? value : null));

function namesOf(place: RewardSample['place']): PlaceNames | null {
  if (!place?.country) return null;
  const { country, region, city } = place;
  return { country, ...(region && { region }), ...(city && { city }) };
}

/** Members of each sample's group; 1 for one without. */
function countGroups(
  samples: readonly RewardSample[],
  groupSize: number | null | undefined,
): readonly number[] {
  const seen = new Map<string | number, number>();
  for (const { group } of samples) if (group != null) seen.set(group, (seen.get(group) ?? 0) + 1);
  if (groupSize != null)
    for (const [group, members] of seen)
      if (members > groupSize)
        throw new ApiError(
          422,
          'group-too-large',
          `group ${group} has ${members} members where ${groupSize} are a whole group`,
          'give each prompt of the batch its own group, also where a prompt comes twice',
        );
  return samples.map(({ group }) => (group == null ? 1 : seen.get(group)!));
}
