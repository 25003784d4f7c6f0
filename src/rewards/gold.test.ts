/**
 * The best possible answer, built from the truth, scores full marks in every recipe: over the places
 * of Im2GPS3k and YFCC25600. A sample of them; `GEOR_GOLD=all` takes every row.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { answerQuery, buildChain, parseAnswer, withoutConclusions } from '../chain/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import {
  forwardGeocode,
  type Geocoder,
  isSamePlaceName,
  type Place,
  reverseGeocode,
} from '../geo/index.ts';
import { consistencyPrompt } from './geoagent/consistency.ts';
import { SCENE_ELEMENTS } from './globe/scene-elements.ts';
import { type Judge, type RecipeOptions, rewardByName } from './index.ts';

const { GEOR_SHARED, GEOR_GOLD } = process.env;
const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const files = ['im2gps3k_places365.csv', 'yfcc25600_places365.csv'].map(
  (name) => `${shared}/data/truth/${name}`,
);
const isThere = files.every((file) => existsSync(file));
if (!isThere) process.stderr.write('gold answers: no benchmark truth (GEOR_SHARED), skipped\n');

const GOLD = { condition: 'cor' } as const;
const SAMPLE_EVERY = 150;
/** A picture that shows whatever a gold answer can name; `country` stands in each of them. */
const seen = ['country', ...SCENE_ELEMENTS];
const gazetteer = isThere ? defaultGazetteer() : undefined;

/** The places of the benchmarks; those in the open sea have no names and so no gold answer. */
function goldPlaces(): { places: Place[]; rows: number } {
  const records = files.flatMap(
    (file) =>
      parse(readFileSync(file), { columns: true }) as {
        readonly LAT: string;
        readonly LON: string;
      }[],
  );
  const rows = records.filter((_, i) => GEOR_GOLD === 'all' || i % SAMPLE_EVERY === 0);
  const places = rows.flatMap(
    ({ LAT, LON }) => reverseGeocode(gazetteer!, Number(LAT), Number(LON)) ?? [],
  );
  return { places, rows: rows.length };
}

/** Says yes to localizability, and derives what the gold answers conclude. */
function idealJudge(golds: readonly string[]): Judge {
  const derivations = new Map<string, string>();
  for (const gold of golds) {
    const answer = parseAnswer(gold, 'geoagent');
    const names = answer.stages?.map(({ conclusion }) => conclusion).join('; ');
    const prompt = consistencyPrompt(withoutConclusions(answer) ?? '');
    if (names !== undefined) derivations.set(prompt, names);
  }
  return {
    name: 'ideal',
    ask: async ({ prompt }) => ({
      value: {
        text: derivations.get(prompt) ?? 'Yes',
        firstToken: [{ token: 'Yes', logprob: 0 }],
      },
    }),
  };
}

describe.skipIf(!isThere)('the gold answer', () => {
  const { places, rows } = isThere ? goldPlaces() : { places: [], rows: 0 };
  /** Each place is looked up once, however many pictures were taken there. */
  const known = new Map<string, ReturnType<Geocoder>>();
  const geocoder: Geocoder = (query) => {
    const key = JSON.stringify(query);
    if (!known.has(key)) known.set(key, forwardGeocode(gazetteer!, query));
    return known.get(key) ?? null;
  };
  const score = async (recipe: 'geo-r' | 'globe' | 'geoagent', options: RecipeOptions) => {
    const completions = places.map((place) => buildChain(place, recipe, GOLD));
    const result = await rewardByName(recipe, {
      ...(recipe === 'geoagent' && { geocoder }),
      placeAt: ({ lat, lon }) => reverseGeocode(gazetteer!, lat, lon),
      isSameName: (a, b, level) => isSamePlaceName(gazetteer!, level, a, b),
      judge: idealJudge(completions),
      ...options,
    })({ completions, targets: places, places, entities: places.map(() => seen) });
    expect(result.unscored.every((reason) => reason === null)).toBe(true);
    /** The rows whose part (or total) is below full marks. */
    const below = (part: string, full: number): string[] =>
      (part === 'total' ? result.total : result.parts[part]!).flatMap((value, i) =>
        value !== null && value >= full ? [] : [`${value}: ${completions[i]}`],
      );
    return { below, ...result };
  };

  it('is there for nearly every row', () => {
    process.stderr.write(`gold answers: ${places.length} places of ${rows} rows\n`);
    expect(places.length / rows).toBeGreaterThan(0.97);
  });

  it.each(['paper', 'released'] as const)('of Geo-R is full, %s', async (variant) => {
    const { below } = await score('geo-r', { variant, extras: { levels: 0 } });
    // four decimals are up to 8 m off, which the released rounding hides
    expect(below('total', variant === 'paper' ? 1 - 1e-5 : 2)).toEqual([]);
    expect(below('levels', 1)).toEqual([]);
  });

  it.each(['paper', 'released'] as const)('of GLOBE is full, %s', async (variant) => {
    const { below, parts } = await score('globe', {
      variant,
      weights: {
        accuracy: 1,
        localizability: 1,
        grounding: variant === 'paper' ? 1 : 0,
        format: 1,
      },
    });
    for (const part of Object.keys(parts)) expect(below(part, 1)).toEqual([]);
    expect(Object.keys(parts)).toHaveLength(variant === 'paper' ? 4 : 3);
  });

  it.each(['paper', 'released'] as const)('of GeoAgent is full, %s', async (variant) => {
    const { below, parts, distanceKm } = await score('geoagent', {
      variant,
      weights: 'released',
      lengths: { min: 0, max: 0 },
    });
    for (const part of ['nameMatch', 'consistency', 'answerFormat', 'stageFormat'])
      expect(below(part, 1 - 1e-12)).toEqual([]);
    // a name lies at one point and a picture somewhere around it: the spatial part of the best
    // possible answer is that of the way to the named city
    const isNamedCity = places.flatMap((place, i) => {
      if (place.cityLat === undefined || place.cityLon === undefined) return [];
      const found = geocoder(
        answerQuery(parseAnswer(buildChain(place, 'geoagent', GOLD), 'geoagent')),
      );
      return [
        found?.lat === place.cityLat && found.lon === place.cityLon && distanceKm[i] !== null,
      ];
    });
    const share = isNamedCity.filter(Boolean).length / isNamedCity.length;
    const spatial = parts['spatial']!.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    process.stderr.write(
      `gold answers: ${(100 * share).toFixed(2)} % of ${isNamedCity.length} cities are found where ` +
        `they are; mean spatial ${(spatial / places.length).toFixed(4)}\n`,
    );
    expect(share).toBeGreaterThan(0.97);
  });
});
