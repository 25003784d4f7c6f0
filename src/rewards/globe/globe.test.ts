import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judge, Question, TokenLogprob } from '../models/index.ts';
import { globeGeoAccuracy } from './geo-accuracy.ts';
import { GLOBE_WEIGHTS, globeReward } from './globe.ts';
import { yesProbability } from './localizability.ts';
import { visualGrounding } from './visual-grounding.ts';

const finland = { country: 'Finland', city: 'Helsinki' };
const target = { lat: 60.17, lon: 24.94 };
const top = (probabilities: Readonly<Record<string, number>>): TokenLogprob[] =>
  Object.entries(probabilities).map(([token, p]) => ({ token, logprob: Math.log(p) }));

describe('globeGeoAccuracy', () => {
  it('is 1 for both, 0.2 for the country alone, 0 for another country', () => {
    expect(globeGeoAccuracy(finland, finland)).toBe(1);
    expect(globeGeoAccuracy({ ...finland, city: 'Turku' }, finland)).toBeCloseTo(0.2, 12);
    expect(globeGeoAccuracy({ country: 'Finland' }, finland)).toBeCloseTo(0.2, 12);
    expect(globeGeoAccuracy({ country: 'Sweden', city: 'Helsinki' }, finland)).toBe(0);
    expect(globeGeoAccuracy({}, finland)).toBe(0);
    expect(globeGeoAccuracy({ country: 'Finland' }, finland, { alpha: 0.5 })).toBe(0.5);
  });

  it('asks for no city where the truth has none', () => {
    expect(globeGeoAccuracy(finland, { country: 'Finland' })).toBe(1);
  });

  // 8 of 11 letters are 0.727, 8 of 13 are 0.615, 6 of 8 are 0.75
  it.each([
    ['São Paulo', 'Sao Paulo', 1, 0.2],
    ['Washington', 'Washington DC', 0.2, 1],
    ['New York', 'New York City', 0.2, 0.2],
    ['HELSINKI ', 'Helsinki', 1, 1],
    ['Paris', 'Parish Hill', 0.2, 0.2],
  ])('compares %s with %s: %f by the paper, %f as released', (named, truth, paper, released) => {
    const score = (variant: 'paper' | 'released') =>
      globeGeoAccuracy({ country: 'X', city: named }, { country: 'X', city: truth }, { variant });
    expect(score('paper')).toBeCloseTo(paper, 12);
    expect(score('released')).toBeCloseTo(released, 12);
  });

  it('knows aliases of countries by the paper, not as released', () => {
    const [usa, names] = [{ country: 'USA' }, { country: 'United States' }];
    expect(globeGeoAccuracy(usa, names)).toBe(1);
    expect(globeGeoAccuracy(usa, names, { variant: 'released' })).toBe(0);
  });
});

describe('yesProbability', () => {
  it('is the share of yes among yes and no', () => {
    const tokens = top({ Yes: 0.6, yes: 0.1, No: 0.2, Maybe: 0.1 });
    expect(yesProbability(tokens).value).toBeCloseTo(0.7 / 0.9, 12);
    expect(yesProbability(tokens, 'released').value).toBeCloseTo(0.7 / 0.9, 12);
    expect(yesProbability(top({ NO: 1 })).value).toBe(0);
  });

  it('knows six spellings as released, any by the paper', () => {
    const tokens = top({ ' Yes': 0.5, NO: 0.25 });
    expect(yesProbability(tokens).value).toBeCloseTo(2 / 3, 12);
    expect(yesProbability(tokens, 'released').value).toBe(0);
    expect(yesProbability(top({ yEs: 1 }), 'released').failure).toContain('neither');
  });

  it('has the released constant', () => {
    const tokens = [{ token: 'yes', logprob: Math.log(1e-19) }];
    expect(yesProbability(tokens).value).toBe(1);
    expect(yesProbability(tokens, 'released').value).toBeCloseTo(0.5, 12);
  });

  it('fails, and does not score 0, when the judge says something else', () => {
    for (const variant of ['paper', 'released'] as const)
      expect(yesProbability(top({ Maybe: 0.9 }), variant).failure).toBe(
        'the judge said neither yes nor no, but "Maybe"',
      );
    expect(yesProbability([]).failure).toContain('nothing');
  });
});

describe('visualGrounding', () => {
  const seen = ['red brick building', 'bus', 'Tree', 'church'];

  it('is precision by the paper: what is made up costs', () => {
    // named: churches, tram, trees; of these the picture has church and tree
    const reasoning = 'The churches, a tram line and bare trees.';
    expect(visualGrounding(reasoning, seen).value).toBeCloseTo(2 / 3, 12);
    expect(visualGrounding('The red-brick buildings stand close.', seen).value).toBe(1);
    expect(visualGrounding('A minaret.', seen).value).toBe(0);
    expect(visualGrounding('It feels northern.', seen).value).toBe(0);
  });

  it('takes the longest entity where several start', () => {
    expect(visualGrounding('A street lamp.', ['street lamp']).value).toBe(1);
    expect(visualGrounding('A street lamp.', ['street']).value).toBe(0);
  });

  it('is recall as released: what is left out costs', () => {
    const released = (reasoning: string, tags: readonly string[]) =>
      visualGrounding(reasoning, tags, { variant: 'released' });
    expect(released('A TREE, a tram, a church.', seen).value).toBe(0.5);
    expect(released('Streets', ['tree']).value).toBe(1); // text within text, as released
    expect(released('x', []).failure).toContain('empty');
  });

  it('uses the entities that the caller finds', () => {
    const entitiesOf = () => ['Buses', 'zeppelin'];
    expect(visualGrounding('whatever', seen, { entitiesOf }).value).toBe(0.5);
  });

  it('fails where nobody says what is to be seen', () => {
    expect(visualGrounding('A tree.', null).failure).toContain('no list');
    expect(visualGrounding('A tree.', []).value).toBe(0);
  });
});

describe('globeReward', () => {
  const text =
    '<think>A church and a tram.</think>\n<answer>country: Finland\ncity: Turku</answer>';
  const asked: Question[] = [];
  const judge: Judge = {
    name: 'stub',
    ask: async (question) => {
      asked.push(question);
      return { value: { text: 'Yes', firstToken: top({ Yes: 0.75, No: 0.25 }) } };
    },
  };
  const batch = {
    completions: [text],
    targets: [target],
    places: [finland],
    entities: [['church', 'bus']],
  };

  it.each([
    ['readme', 1 * 0.2 + 0.2 * 0.75 + 0.5 * 0.5],
    ['full', 1 * 0.2 + 0.5 * 0.75 + 0.2 * 0.5 + 1],
    ['two-reward', 1 * 0.2 + 0.5 * 0.5 + 1],
  ])('weighs its parts as %s does', async (weights, total) => {
    const result = await globeReward({ weights, judge })(batch);
    expect(result.total[0]).toBeCloseTo(total, 12);
    expect(result.parts['accuracy']![0]).toBeCloseTo(0.2, 12);
    expect(result.unscored).toEqual([null]);
  });

  it('reports only parts that weigh something, and needs a judge only for localizability', async () => {
    const { parts } = await globeReward({ weights: 'two-reward' })(batch);
    expect(Object.keys(parts)).toEqual(['accuracy', 'grounding', 'format']);
    expect(() => globeReward()).toThrow('localizability needs a judge');
    expect(() => globeReward({ weights: { beauty: 1 } })).toThrow("no part called 'beauty'");
    expect(() => globeReward({ weights: 'paper' })).toThrow("no weights called 'paper'");
    expect(() => globeReward({ weights: { format: Number.NaN }, judge })).toThrow('format is NaN');
    expect(GLOBE_WEIGHTS.readme.format).toBe(0);
  });

  it('defaults to the readme by the paper and to the full script as released', async () => {
    const names = async (variant: 'paper' | 'released') =>
      Object.keys((await globeReward({ variant, judge })(batch)).parts);
    expect(await names('paper')).toEqual(['accuracy', 'localizability', 'grounding']);
    expect(await names('released')).toContain('format');
  });

  it('shows the judge the reasoning and the picture, never the answer', async () => {
    asked.length = 0;
    await globeReward({ judge })({ ...batch, images: ['data:image/jpeg;base64,AA'] });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      image: 'data:image/jpeg;base64,AA',
      maxTokens: 1,
      topLogprobs: 5,
    });
    expect(asked[0]?.prompt).toContain('A church and a tram.');
    expect(asked[0]?.prompt).not.toContain('Turku');
    await globeReward({ judge })({ ...batch, images: [null] });
    expect(asked[1]).not.toHaveProperty('image');
    expect(asked[1]?.prompt).not.toBe(asked[0]?.prompt);
  });

  it('scores text that is no answer 0, without asking anybody', async () => {
    asked.length = 0;
    const { total } = await globeReward({ weights: 'full', judge })({
      ...batch,
      completions: ['I cannot tell.'],
    });
    expect(total).toEqual([0]);
    expect(asked).toEqual([]);
  });

  it('leaves a completion unscored when a part that weighs something failed', async () => {
    const failing: Judge = { name: 'f', ask: async () => ({ failure: 'the judge is down' }) };
    const two = {
      completions: [text, text],
      targets: [target, { lat: 91, lon: 0 }],
      entities: [['church'], null],
    };
    const { total, unscored, parts } = await globeReward({ judge: failing })(two);
    expect(total).toEqual([null, null]);
    expect(unscored[0]).toBe('the true place has no names; the judge is down');
    expect(unscored[1]).toBe(
      'the target (91, 0) is not a coordinate; the judge is down; the picture has no list of entities',
    );
    expect(parts).toEqual({
      accuracy: [null, null],
      localizability: [null, null],
      grounding: [0.5, null],
    });
  });

  it('names the target by what the caller resolves, and says where there is nothing', async () => {
    const reward = globeReward({
      weights: 'two-reward',
      placeAt: ({ lat }) => (lat > 0 ? finland : null),
      geocoder: () => ({ ...target, level: 'country', name: '', country: '', countryCode: 'FI' }),
    });
    const { total, unscored, distanceKm } = await reward({
      completions: [text, text],
      targets: [target, { lat: -60, lon: 0 }],
      entities: [[], []],
    });
    expect(total[0]).toBeCloseTo(1.2, 12);
    expect(distanceKm[0]).toBe(0);
    expect(unscored[1]).toBe('there is no country at the target (-60, 0)');
  });

  it('does not depend on the order of the batch', async () => {
    const completion = fc.oneof(fc.constantFrom(text, 'x', '<answer>country: Finland</answer>'));
    const row = fc.record({ completion, seen: fc.subarray(['church', 'tram', 'bus']) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        const run = async (list: typeof rows) =>
          (
            await globeReward({ weights: 'full', judge })({
              completions: list.map((r) => r.completion),
              targets: list.map(() => target),
              places: list.map(() => finland),
              entities: list.map((r) => r.seen),
            })
          ).total;
        expect((await run(rows.toReversed())).toReversed()).toEqual(await run(rows));
      }),
    );
  });
});
