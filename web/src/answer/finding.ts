/**
 * A result made ready to be shown, kept and exported: in words, and as fine as it may be told.
 * @module
 */
import { haversineKm } from '../../../src/geo/index.ts';
import { LEVELS, type Level, type LocateResult } from '../../../src/locate/index.ts';
import type { Point, TileCut } from '../shared/events.ts';
import { kmText } from '../shared/text.ts';

/** A level as it is shown. */
export interface ShownLevel {
  readonly level: Level;
  readonly name: string;
  readonly votes: number;
  readonly of: number;
  /** Names that share the answers, with their votes, where less than a third agree on any. */
  readonly candidates?: readonly string[];
  /** What the point says against it. */
  readonly doubt?: string;
}

/** Equal sampled answers as they are shown. */
export interface ShownSample {
  readonly words: string;
  /** How many there are. */
  readonly count: number;
  readonly point?: Point;
  /** Kilometres from the point of the answer. */
  readonly awayKm?: number;
}

/** An answer as it is shown. */
export interface Finding {
  /** The finest name that at least half of the answers share: `Bergen, Norway`. */
  readonly headline: string;
  /** The whole answer as one sentence, for a screen reader. */
  readonly sentence: string;
  readonly levels: readonly ShownLevel[];
  readonly point?: Point;
  /** Decimals of a degree that the precision leaves. */
  readonly decimals: number;
  readonly radius?: string;
  readonly radiusKm?: { readonly half: number; readonly most: number };
  readonly clues: readonly string[];
  readonly samples: readonly ShownSample[];
  /** Where a tile was cut, and how far the answer is from it. */
  readonly truth?: { readonly point: Point; readonly distanceKm: number };
  readonly mapLink?: string;
  readonly notes: readonly string[];
  readonly answeredBy: string;
  /** Answers asked for. */
  readonly asked: number;
}

/** Words for a result. */
export function findingOf(
  result: LocateResult,
  {
    cut,
    answeredBy,
    notes,
  }: {
    cut: TileCut | undefined;
    answeredBy: string;
    notes: readonly string[];
  },
): Finding {
  const { point, radii, precision } = result;
  const decimals = precision === 'point' ? 2 : 1;
  const levels = result.levels.map((level) => shownLevel(level, result));
  const names = levels.filter(({ candidates }) => !candidates).map(({ name }) => name);
  // A city that one answer of eight names is no headline.
  const agreed = levels.filter(({ votes, of }) => 2 * votes >= of).map(({ name }) => name);
  const headline =
    agreed.length > 1
      ? `${agreed.at(-1)}, ${agreed[0]}`
      : (agreed[0] ?? (names[0] ? `Perhaps ${names[0]}` : 'No place'));
  return {
    headline,
    sentence: [...names].reverse().join(', ') || headline,
    levels,
    ...(point && { point }),
    decimals,
    ...(radii && {
      radiusKm: { half: radii.halfKm, most: radii.mostKm },
      radius: radiusWords(radii),
    }),
    clues: result.clues,
    samples: shownSamples(result),
    ...(cut &&
      point && {
        truth: { point: { lat: cut.lat, lon: cut.lon }, distanceKm: haversineKm(point, cut) },
      }),
    ...(result.mapLink && { mapLink: result.mapLink }),
    notes: [...notes, ...result.notes, ...failureNote(result)],
    answeredBy,
    asked: result.answered + result.failures.length,
  };
}

/** Equal answers once, the most frequent first. */
function shownSamples({ samples, point }: LocateResult): ShownSample[] {
  const groups = new Map<string, ShownSample>();
  for (const { names, coordinate } of samples) {
    const words = LEVELS.flatMap((level) => names[level] ?? []).join(' › ') || 'no readable place';
    const key = `${words} ${coordinate?.lat} ${coordinate?.lon}`;
    groups.set(key, {
      words,
      count: (groups.get(key)?.count ?? 0) + 1,
      ...(coordinate && { point: coordinate }),
      ...(coordinate && point && { awayKm: haversineKm(coordinate, point) }),
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function shownLevel(
  { level, name, votes, of, others }: LocateResult['levels'][number],
  { disagreements }: LocateResult,
): ShownLevel {
  // Fewer than a third is what chance gives: names to look at, not an answer.
  if (3 * votes < of) {
    const candidates = [{ name, votes }, ...others].slice(0, 4);
    const words = candidates.map((one) => `${one.name} (${one.votes})`);
    return { level, name: 'no agreement', votes, of, candidates: words };
  }
  const against = disagreements.find((one) => one.level === level);
  if (!against) return { level, name, votes, of };
  const lies = against.lies ?? 'the open sea';
  const doubt =
    against.distanceKm === undefined
      ? `The point lies in ${lies}.`
      : `The point lies ${kmText(against.distanceKm)} away${against.lies ? `, at ${lies}` : ''}.`;
  return { level, name, votes, of, doubt };
}

const radiusWords = ({ halfKm, mostKm, hold }: NonNullable<LocateResult['radii']>): string =>
  hold === 'calibrated'
    ? `On held-out pictures, half of the truths lay within ${kmText(halfKm)}, 90 % within ${kmText(mostKm)}.`
    : `Half of the answers lie within ${kmText(halfKm)}, 90 % within ${kmText(mostKm)}.`;

const failureNote = ({ failures }: LocateResult): string[] =>
  failures.length === 0 ? [] : [`${failures.length} answers did not come: ${failures[0]!.reason}`];
