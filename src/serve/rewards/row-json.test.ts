import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewardsResponseSchema } from './protocol.ts';
import { responseJson } from './row-json.ts';
import { rowsOf, type ScoredSamples } from './score.ts';

const score = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -0, 1e21, 5e-324),
  fc.constant(null),
);
const text = fc.string({ unit: 'binary', minLength: 1 });
const label = fc.oneof(text, fc.maxSafeInteger(), fc.constantFrom('g', 7, '"', '\\', '\u2028'));
const at = fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lon: fc.integer() });
const partName = fc.oneof(
  fc.constantFrom('distance', 'format', '2', '10'),
  fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
);

/** Columns of so many samples; also parts that are equal to the reward, as they mostly are. */
const scored = fc.integer({ min: 1, max: 4 }).chain((count) => {
  const column = <T>(value: fc.Arbitrary<T>) =>
    fc.array(value, { minLength: count, maxLength: count });
  const sample = fc.record(
    { id: label, group: fc.option(label), member: fc.option(fc.nat()) },
    { requiredKeys: ['id'] },
  );
  return column(score).chain((total) =>
    fc.record({
      samples: column(sample),
      total: fc.constant(total),
      parts: fc.dictionary(partName, fc.oneof(column(score), fc.constant(total))),
      unscored: column(fc.option(fc.string({ unit: 'binary' }))),
      distanceKm: column(score),
      coordinates: column(fc.option(at)),
      unreadable: column(fc.boolean()),
      groupSeen: column(fc.integer({ min: 1 })),
    }),
  );
});

describe('responseJson', () => {
  it('writes what JSON.stringify writes of the rows', () => {
    fc.assert(
      fc.property(scored, fc.string({ unit: 'binary' }), ({ parts, ...columns }, config) => {
        const all = { ...columns, parts: Object.entries(parts) } as unknown as ScoredSamples;
        const response = { v: 1, config, rewards: rowsOf(all) };
        expect(responseJson(config, all)).toBe(JSON.stringify(response));
        expect(rewardsResponseSchema.safeParse(JSON.parse(JSON.stringify(response)))).toMatchObject(
          { success: true },
        );
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});
