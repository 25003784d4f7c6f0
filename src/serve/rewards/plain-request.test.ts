import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRewardsRequest } from './plain-request.ts';
import {
  COMPLETION_LIMIT,
  ENTITIES_LIMIT,
  NAME_LIMIT,
  rewardsRequestSchema,
  SAMPLES_LIMIT,
} from './protocol.ts';

const { constantFrom } = fc;
const nullish = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 8 });
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const label = fc.oneof(name, fc.maxSafeInteger());
const count = fc.maxSafeNat();
const sample = fc.record(
  {
    id: label,
    group: nullish(label),
    member: nullish(count),
    completion: fc.string(),
    completion_tokens: nullish(count),
    truncated: nullish(fc.boolean()),
    target: fc.record({ lat: fc.double({ noNaN: true, noDefaultInfinity: true }), lon: count }),
    place: nullish(
      fc.record(
        { country: nullish(name), region: nullish(name), city: name },
        { requiredKeys: [] },
      ),
    ),
    entities: nullish(fc.array(name, { maxLength: 3 })),
  },
  { requiredKeys: ['id', 'completion', 'target'] },
);
const request = fc.record(
  {
    v: fc.constant(1),
    run: nullish(name),
    attempt: nullish(fc.integer({ min: 1 })),
    engine: nullish(name),
    step: nullish(count),
    split: nullish(name),
    group_size: nullish(fc.integer({ min: 1 })),
    samples: fc.array(sample, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['v', 'samples'] },
);

/** Values that are wrong in one place and right in another. */
const ODD = [
  ...[null, true, '', 'x', '1', 'n'.repeat(NAME_LIMIT), 'n'.repeat(NAME_LIMIT + 1)],
  ...[0, -0, 1, -1, 0.5, 2 ** 53 - 1, 2 ** 53, 1e300, Number.POSITIVE_INFINITY, Number.NaN],
  ...[[], ['a'], [''], [1], [[]], {}, { lat: 1, lon: 2 }, { lat: 1, lon: 2, alt: 3 }, { lat: 1 }],
  ...[
    { country: 'F' },
    { city: '' },
    { Country: 'F' },
    { lat: '1', lon: 2 },
    { lat: null, lon: 2 },
  ],
];
const FIELDS = [
  ...[
    'v',
    'run',
    'attempt',
    'engine',
    'step',
    'split',
    'group_size',
    'samples',
    'Run',
    '__proto__',
  ],
  ...['id', 'group', 'member', 'completion', 'completion_tokens', 'truncated', 'target', 'place'],
  ...['entities', 'lat', 'lon', 'country', 'region', 'city', 'constructor'],
];

/** Every object and list of a document. */
function containers(json: unknown): (Record<string, unknown> | unknown[])[] {
  if (typeof json !== 'object' || json === null) return [];
  return [json as Record<string, unknown>, ...Object.values(json).flatMap(containers)];
}

const change = fc.record({
  where: fc.nat(),
  field: constantFrom(...FIELDS),
  isGone: fc.boolean(),
  value: constantFrom(...ODD),
});

const isAccepted = (json: unknown): boolean => rewardsRequestSchema.safeParse(json).success;
/** As it comes from the wire: own fields only, whatever they are called. */
const wire = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

describe('isRewardsRequest', () => {
  it('accepts what the schema accepts, which the schema hands on as it is', () => {
    fc.assert(
      fc.property(request, (valid) => {
        const json = wire(valid);
        expect(isRewardsRequest(json)).toBe(true);
        expect(rewardsRequestSchema.parse(json)).toEqual(json);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('refuses what the schema refuses, wherever something is odd, missing or too much', () => {
    let refused = 0;
    fc.assert(
      fc.property(request, fc.array(change, { minLength: 1, maxLength: 2 }), (valid, changes) => {
        const json = structuredClone(wire(valid));
        for (const { where, field, isGone, value } of changes) {
          const all = containers(json);
          const one = all[where % all.length]!;
          if (Array.isArray(one)) one.push(structuredClone(value));
          else if (isGone) delete one[field];
          else
            Object.defineProperty(one, field, {
              value: structuredClone(value),
              enumerable: true,
              writable: true,
              configurable: true,
            });
        }
        const isFine = isAccepted(json);
        if (!isFine) refused++;
        expect(isRewardsRequest(json)).toBe(isFine);
      }),
      { numRuns: 5000, seed: 1 },
    );
    expect(refused).toBeGreaterThan(2500);
  });

  it('agrees about each limit, on it and one beyond', () => {
    const whole = { v: 1, samples: [{ id: 1, completion: '', target: { lat: 0, lon: 0 } }] };
    const of = (fields: object) => ({ v: 1, samples: [{ ...whole.samples[0], ...fields }] });
    const many = (length: number) => ({ v: 1, samples: Array(length).fill(whole.samples[0]) });
    for (const [most, beyond] of [
      [
        of({ completion: 'c'.repeat(COMPLETION_LIMIT) }),
        of({ completion: 'c'.repeat(COMPLETION_LIMIT + 1) }),
      ],
      [
        of({ entities: Array(ENTITIES_LIMIT).fill('e') }),
        of({ entities: Array(ENTITIES_LIMIT + 1).fill('e') }),
      ],
      [of({ id: 'n'.repeat(NAME_LIMIT) }), of({ id: 'n'.repeat(NAME_LIMIT + 1) })],
      [many(SAMPLES_LIMIT), many(SAMPLES_LIMIT + 1)],
      [many(1), many(0)],
      [whole, [whole]],
      [whole, null],
    ]) {
      expect([isRewardsRequest(most), isAccepted(most)]).toEqual([true, true]);
      expect([isRewardsRequest(beyond), isAccepted(beyond)]).toEqual([false, false]);
    }
    // the schema counts characters, of which some are two units long
    const long = of({ id: '😀'.repeat(NAME_LIMIT) });
    expect([isRewardsRequest(long), isAccepted(long)]).toEqual([false, true]);
  });
});
