import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RewardRow } from './protocol.ts';
import { responseJson } from './row-json.ts';

const score = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -0, 1e21, 5e-324),
  fc.constant(null),
);
const label = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger());
const row = fc.record(
  {
    id: label,
    group: label,
    member: fc.nat(),
    reward: score,
    unscored: fc.string({ unit: 'binary' }),
    distance: score,
    format: score,
    distance_km: score,
    parsed: fc.option(
      fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lon: fc.integer() }),
    ),
    parts: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      score,
    ),
    group_seen: fc.integer({ min: 1 }),
  },
  { requiredKeys: ['id', 'reward', 'distance_km', 'parsed', 'parts', 'group_seen'] },
);

describe('responseJson', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.array(row), fc.string({ unit: 'binary' }), (rewards, config) => {
        const response = { v: 1 as const, config, rewards: rewards as RewardRow[] };
        expect(responseJson(response)).toBe(JSON.stringify(response));
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
