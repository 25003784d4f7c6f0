import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Geocoder, PlaceNames } from '../../geo/index.ts';
import type { Embedder, Judge } from '../models/index.ts';
import { consistencyPrompt, readDerivation } from './consistency.ts';
import { GEO_AGENT_WEIGHTS, geoAgentReward } from './geoagent.ts';
import { fixedLengthPenalty, groupLengthPenalty, RELEASED_LENGTHS } from './length-penalty.ts';
import { clippedCosine, geoAgentSemanticReward } from './semantic.ts';
import { geoAgentSpatialReward, geocodeAnswer } from './spatial.ts';

const target = { lat: 48.8566, lon: 2.3522 };
const paris: PlaceNames = { country: 'France', region: 'Ile-de-France', city: 'Paris' };
const match = { level: 'city', name: '', countryCode: 'FR', country: 'France' } as const;

/** Knows `France` (at the target) and `Paris` in it, and what it was asked. */
function gazetteer() {
  const queries: (string | PlaceNames)[] = [];
  const geocoder: Geocoder = (query) => {
    queries.push(query);
    if (typeof query === 'string' || query.country !== 'France') return null;
    if (query.city !== undefined && query.city !== 'Paris') return null;
    return { ...match, ...target };
  };
  return { geocoder, queries };
}
const { geocoder } = gazetteer();

const stage = (conclusion: string, reasoning = 'x'.repeat(300)) => ({
  Clues: ['a clue'],
  Reasoning: reasoning,
  Conclusion: conclusion,
  Uncertainty: 'some',
});
const answer = (names: readonly [string, string, string], reasoning?: string) =>
  `<think>${JSON.stringify({
    CountryIdentification: stage(names[0], reasoning),
    RegionalGuess: stage(names[1], reasoning),
    PreciseLocalization: stage(names[2], reasoning),
  })}</think>\n<answer>${names.join('; ')}</answer>`;
const gold = answer(['France', 'Ile-de-France', 'Paris']);

/** A judge that replies with one text. */
const judgeThat = (text: string): Judge & { prompts: string[] } => {
  const prompts: string[] = [];
  return {
    name: 'stub',
    prompts,
    ask: async ({ prompt }) => {
      prompts.push(prompt);
      return { value: { text, firstToken: [] } };
    },
  };
};

describe('geoAgentSpatialReward', () => {
  it.each([
    [0, 1, 1],
    [200, Math.exp(-1), Math.exp(-1)],
    [100, Math.exp(-0.5), Math.exp(-0.5)],
    [1999, Math.exp(-9.995), Math.exp(-9.995)],
    [2000, Math.exp(-10), 0],
    [20015, Math.exp(-100.075), 0],
    [Number.POSITIVE_INFINITY, 0, 0],
  ])('at %f km is %f by the paper and %f as released', (distance, paper, released) => {
    expect(geoAgentSpatialReward(distance)).toBeCloseTo(paper, 12);
    expect(geoAgentSpatialReward(distance, 'released')).toBeCloseTo(released, 12);
  });

  it('never rises with distance', () => {
    const kilometres = fc.double({ min: 0, max: 20016, noNaN: true });
    const variant = fc.constantFrom<'paper' | 'released'>('paper', 'released');
    fc.assert(
      fc.property(kilometres, kilometres, variant, (a, b, v) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        expect(geoAgentSpatialReward(near, v)).toBeGreaterThanOrEqual(
          geoAgentSpatialReward(far, v),
        );
      }),
    );
    expect(() => geoAgentSpatialReward(Number.NaN)).toThrow('distance');
  });
});

describe('geocodeAnswer', () => {
  it('drops the last part until something is found', () => {
    const { geocoder: look, queries } = gazetteer();
    expect(geocodeAnswer({ ...paris, city: 'Rue X' }, look)).toMatchObject(target);
    expect(queries).toEqual([
      { ...paris, city: 'Rue X' },
      { country: 'France', region: 'Ile-de-France' },
    ]);
    expect(geocodeAnswer({ country: 'Nowhere', city: 'Paris' }, look)).toBeNull();
    expect(geocodeAnswer({}, look)).toBeNull();
  });
});

describe('geoAgentSemanticReward', () => {
  it.each([
    [[1, 1, 1], 1, 1],
    [[0.8, 0.5, 0.5], 0.53, 0.53],
    [[0.7, 1, 1], 0.97, 0.97],
    [[0.69, 1, 1], 0, 0.069],
    [[0.8, 0.4, 1], 0.08, 0.32],
    [[0, 1, 1], 0, 0],
    [[1, 1, 0], 0.7, 0.7],
  ] as const)('of %j is %f by the paper and %f as released', (similarities, paper, released) => {
    expect(geoAgentSemanticReward(similarities)).toBeCloseTo(paper, 12);
    expect(geoAgentSemanticReward(similarities, 'released')).toBeCloseTo(released, 12);
  });

  it('does not ask for levels that the true place does not know', () => {
    expect(geoAgentSemanticReward([1, null, null])).toBe(1);
    expect(geoAgentSemanticReward([1, null, 0.5])).toBeCloseTo((0.1 + 0.15) / 0.4, 12);
    expect(geoAgentSemanticReward([0.2, null, 1])).toBe(0);
    expect(geoAgentSemanticReward([null, null, null])).toBe(0);
  });

  it('never falls when a level gets better', () => {
    const s = fc.double({ min: 0, max: 1, noNaN: true });
    const variant = fc.constantFrom<'paper' | 'released'>('paper', 'released');
    fc.assert(
      fc.property(fc.tuple(s, s, s), fc.nat(2), s, variant, (levels, i, better, v) => {
        const raised: [number, number, number] = [...levels];
        raised[i] = Math.max(raised[i]!, better);
        const [before, after] = [levels, raised].map((list) => geoAgentSemanticReward(list, v));
        expect(after).toBeGreaterThanOrEqual(before! - 1e-12);
        expect(after).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('clippedCosine', () => {
  it('is the cosine, 0 where that is negative', () => {
    const [a, b] = [Float32Array.of(3, 4), Float32Array.of(4, 3)];
    expect(clippedCosine(a, b).value).toBeCloseTo(0.96, 12);
    expect(clippedCosine(a, Float32Array.of(-3, -4)).value).toBe(0);
    expect(clippedCosine(a, a).value).toBe(1);
  });

  it('fails for vectors without an angle', () => {
    const [a, zero] = [Float32Array.of(1, 0), new Float32Array(2)];
    expect(clippedCosine(a, zero).failure).toContain('without direction');
    expect(clippedCosine(a, Float32Array.of(Number.NaN, 1)).failure).toContain('without direction');
    expect(clippedCosine(a, new Float32Array(3)).failure).toContain('length');
  });
});

describe('the length penalty', () => {
  it.each([
    [0, 0],
    [89, 0],
    [90, 1 / (1 + Math.exp(4))],
    [145, 0.5],
    [200, 1 / (1 + Math.exp(-4))],
    [201, 1],
  ])('of %d characters is %f as released', (length, penalty) => {
    expect(fixedLengthPenalty(length, RELEASED_LENGTHS)).toBeCloseTo(penalty, 12);
  });

  it('runs from the shortest to the longest of the group', () => {
    const range = { min: 10, max: 30 };
    const expected = [1 / (1 + Math.exp(4)), 0.5, 1 / (1 + Math.exp(-4))];
    for (const [i, length] of [10, 20, 30].entries())
      expect(groupLengthPenalty(length, range)).toBeCloseTo(expected[i]!, 12);
    expect(groupLengthPenalty(7, { min: 7, max: 7 })).toBeCloseTo(1 / (1 + Math.exp(-4)), 12);
  });

  it('is 1 for any text where the range is a point', () => {
    expect([4, 5, 6].map((length) => fixedLengthPenalty(length, { min: 5, max: 5 }))).toEqual([
      ...[0, 1, 1],
    ]);
  });
});

describe('readDerivation', () => {
  it.each([
    ['France; Ile-de-France; Paris', ['France', 'Ile-de-France', 'Paris']],
    ['I think so.\n**France**; "Ile-de-France"; Paris.\n', ['France', 'Ile-de-France', 'Paris']],
    ['<think>Spain; a; b</think>\nCountry: France; Region: A; Place: B', ['France', 'A', 'B']],
    ['Spain; a; b\nFrance; ; ', ['France', '', '']],
    ['France', undefined],
    ['France; Paris', undefined],
    ['<think>Spain; a; b', undefined],
  ])('of %j', (reply, names) => {
    expect(readDerivation(reply)).toEqual(names);
  });
});

describe('geoAgentReward', () => {
  const fixed = { min: 90, max: 200 };
  const judge = judgeThat('France; Ile-de-France; Paris');
  const score = async (
    completion: string,
    options: Partial<Parameters<typeof geoAgentReward>[0]> = {},
    groups?: readonly string[],
  ) => {
    const result = await geoAgentReward({ geocoder, judge, lengths: fixed, ...options })({
      completions: [completion],
      targets: [target],
      places: [paris],
      ...(groups && { groups }),
    });
    const parts = Object.entries(result.parts).map(([name, list]) => [name, list[0]] as const);
    return { ...result, total: result.total[0], parts: Object.fromEntries(parts) };
  };

  it('gives the gold answer 3 by the paper and 5 as released', async () => {
    const paper = await score(gold);
    expect(paper.total).toBeCloseTo(3, 12);
    expect(paper.parts).toEqual({ spatial: 1, nameMatch: 1, consistency: 1 });
    expect(paper.distanceKm).toEqual([0]);
    const released = await score(gold, { variant: 'released' });
    expect(released.total).toBeCloseTo(5, 12);
    expect(released.parts).toMatchObject({ answerFormat: 1, stageFormat: 1 });
  });

  it('calls the semantic part by what it is', async () => {
    const embedder: Embedder = {
      name: 'stub',
      embed: async (texts) => texts.map(() => ({ value: Float32Array.of(1, 1) })),
    };
    expect((await score(gold, { embedder })).parts).toMatchObject({ semantic: 1 });
    expect((await score(gold, { embedder })).parts).not.toHaveProperty('nameMatch');
  });

  it('embeds each text once and clips, thresholds and weighs what comes back', async () => {
    const seen: string[] = [];
    // angles: France 0, Gaul 36.87 degrees (cosine 0.8), elsewhere 90
    const vectors: Record<string, readonly number[]> = { France: [1, 0], Gaul: [0.8, 0.6] };
    const embedder: Embedder = {
      name: 'stub',
      embed: async (texts) => {
        seen.push(...texts);
        return texts.map((text) =>
          text === 'bad'
            ? { failure: 'no vector' }
            : { value: Float32Array.from(vectors[text] ?? [0, 1]) },
        );
      },
    };
    const reward = geoAgentReward({ geocoder, embedder, weights: { consistency: 0 } });
    const { parts, total, unscored } = await reward({
      completions: [
        answer(['Gaul', 'Ile-de-France', 'Lutetia']),
        answer(['Gaul', 'Ile-de-France', 'bad']),
        '<answer>Gaul</answer>',
      ],
      targets: [target, target, target],
      places: [paris, paris, paris],
    });
    expect(seen.toSorted()).toEqual(['France', 'Gaul', 'Ile-de-France', 'Lutetia', 'Paris', 'bad']);
    expect(parts['semantic']![0]).toBeCloseTo(0.08 + 0.6 + 0.3, 6);
    expect(parts['semantic']![2]).toBeCloseTo(0.08, 6);
    expect([total[1], unscored[1]]).toEqual([null, 'no vector']);
  });

  it('shows the judge the reasoning without what it concludes', async () => {
    judge.prompts.length = 0;
    await score(answer(['Atlantis', 'Region of Gold', 'Poseidonis'], `${'x'.repeat(99)} end`));
    expect(judge.prompts).toHaveLength(1);
    expect(judge.prompts[0]).toContain(`${'x'.repeat(99)} end`);
    expect(judge.prompts[0]).toContain('a clue');
    expect(judge.prompts[0]).not.toMatch(/Atlantis|Region of Gold|Poseidonis|some/);
    expect(judge.prompts[0]).toBe(consistencyPrompt(judge.prompts[0]!.split(/<<<\n|\n>>>/)[1]!));
  });

  it('counts a level whose conclusion the judge derives, spaces aside, true or not', async () => {
    const consistency = async (names: readonly [string, string, string]) =>
      (await score(answer(names))).parts['consistency'];
    expect(await consistency(['Fran ce', 'Ile-de-France', 'Paris'])).toBeCloseTo(1, 12);
    expect(await consistency(['France', 'Brittany', 'Paris'])).toBeCloseTo(0.4, 12);
    expect(await consistency(['france', 'Ile-de-France', 'Nice'])).toBeCloseTo(0.6, 12);
    const wrong = judgeThat('Spain; Galicia; Vigo');
    const { parts } = await score(answer(['Spain', 'Galicia', 'Vigo']), { judge: wrong });
    expect(parts).toEqual({ spatial: 0, nameMatch: 0, consistency: 1 });
  });

  it('takes the length of each stage against the group or fixed lengths', async () => {
    const shorter = answer(['France', 'Ile-de-France', 'Paris'], 'x'.repeat(145));
    expect((await score(shorter)).parts['consistency']).toBeCloseTo(0.5, 12);
    const run = geoAgentReward({ geocoder, judge });
    const batch = {
      completions: [shorter, gold, shorter],
      targets: [target, target, target],
      places: [paris, paris, paris],
    };
    const [least, most] = [1 / (1 + Math.exp(4)), 1 / (1 + Math.exp(-4))];
    const grouped = await run({ ...batch, groups: ['a', 'a', 'b'] });
    for (const [i, expected] of [least, most, most].entries())
      expect(grouped.parts['consistency']![i]).toBeCloseTo(expected, 12);
    expect((await run(batch)).unscored[0]).toContain('no group to compare lengths within');
  });

  it('scores text that is no answer 0, without asking anybody', async () => {
    judge.prompts.length = 0;
    expect((await score('I cannot tell.', { variant: 'released' })).total).toBe(0);
    expect(judge.prompts).toEqual([]);
  });

  it('leaves unscored what the judge does not answer, and says what it said', async () => {
    const { total, unscored } = await score(gold, { judge: judgeThat('no idea') });
    expect(total).toBeNull();
    expect(unscored).toEqual(['the judge named no country; region; place, but: no idea']);
    const down: Judge = { name: 'd', ask: async () => ({ failure: 'down' }) };
    expect((await score(gold, { judge: down })).unscored).toEqual(['down']);
  });

  it('grants the formats separately', async () => {
    const formats = async (text: string) => {
      const { parts } = await score(text, { variant: 'released' });
      return [parts['answerFormat'], parts['stageFormat']];
    };
    expect(await formats(gold.replace('"some"', '"some",'))).toEqual([0, 1]);
    expect(await formats(gold.replace('["a clue"]', '[]'))).toEqual([1, 0]);
    expect(await formats('<answer>France; Ile-de-France; Paris</answer>')).toEqual([1, 0]);
  });

  it('refuses what makes no sense', () => {
    expect(() => geoAgentReward({ geocoder })).toThrow('consistency needs a judge');
    expect(() => geoAgentReward({ geocoder, weights: 'without-consistency' })).not.toThrow();
    expect(() => geoAgentReward({ geocoder, judge, weights: { spatial: -1 } })).toThrow('spatial');
    expect(() => geoAgentReward({ geocoder, judge, lengths: { min: 9, max: 1 } })).toThrow('range');
    expect(GEO_AGENT_WEIGHTS.paper).toMatchObject({ spatial: 1.5, semantic: 1, consistency: 0.5 });
  });

  it('never rises as the found place moves away, and does not depend on order', async () => {
    const kilometresSouth = fc.double({ min: 0, max: 9000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(kilometresSouth, { maxLength: 6 }), async (distances) => {
        const run = async (list: readonly number[]) =>
          (
            await geoAgentReward({ geocoder, judge, weights: 'without-consistency' })({
              completions: list.map(() => gold),
              targets: list.map((d) => ({ lat: target.lat - d / 111.2, lon: target.lon })),
              places: list.map(() => paris),
            })
          ).total;
        const totals = await run(distances);
        expect((await run(distances.toReversed())).toReversed()).toEqual(totals);
        const sorted = await run(distances.toSorted((a, b) => a - b));
        for (const [i, total] of sorted.entries())
          expect(total).toBeLessThanOrEqual(sorted[i - 1] ?? 3);
      }),
    );
  });
});
