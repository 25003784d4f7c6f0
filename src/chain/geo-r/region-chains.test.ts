import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteAutomaton, random } from '../../core/index.ts';
import { parseGazetteer, reverseGeocode } from '../../geo/index.ts';
import { degreesOf } from '../grammar/degrees.ts';
import { automatonOf, END } from '../grammar/step.ts';
import { buildChain, formatCoordinate, regionChains } from '../index.ts';

const asset = new URL('../../../assets/gazetteer.bin.br', import.meta.url);
const gazetteer = parseGazetteer(brotliDecompressSync(readFileSync(asset)));
const utf8 = new TextEncoder();

function accepts(automaton: ByteAutomaton, text: string): boolean {
  let state = automaton.start;
  for (const byte of utf8.encode(text)) {
    state = automaton.next(state, byte);
    if (state < 0) return false;
  }
  return automaton.isFinal(state);
}

describe('degreesOf', () => {
  it.each([0, 1, 3])(
    'is what formatCoordinate writes with %i decimals, and nothing beyond',
    (decimals) => {
      const latitudes = automatonOf(
        degreesOf('lat', 90, decimals, () => ({ ...END, next: () => END })),
      );
      const read = (degrees: string): boolean => accepts(latitudes, `${degrees}!`);
      fc.assert(
        fc.property(fc.double({ min: -90, max: 90, noNaN: true }), (lat) => {
          const written = formatCoordinate({ lat, lon: 0 }, decimals).slice(1).split(',')[0]!;
          expect(read(written), written).toBe(true);
        }),
      );
      const tail = decimals > 0 ? `.${'0'.repeat(decimals)}` : '';
      for (const whole of ['91', '100', '901', '007', '05', '--5', '+5', '', '-'])
        expect(read(whole + tail), whole + tail).toBe(false);
      for (const whole of ['90', '-90', '0', '-7', '89']) expect(read(whole + tail)).toBe(true);
      if (decimals > 0) {
        expect(read(`90.${'0'.repeat(decimals - 1)}1`)).toBe(false);
        expect(read(`5.${'1'.repeat(decimals + 1)}`)).toBe(false);
        expect(read('5')).toBe(false);
      }
    },
  );
});

describe('regionChains', () => {
  const automaton = regionChains(gazetteer, { decimals: 1 });
  const chain = (...lines: string[]): boolean =>
    accepts(automaton, [...lines, 'Coordinates: (35.0, 135.8)'].join('\n'));

  it('accepts the chain of every place on land', () => {
    const source = random('region-chains.test');
    let places = 0;
    for (let i = 0; i < 4000; i++) {
      const lat = (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI;
      const place = reverseGeocode(gazetteer, lat, source.uniform() * 360 - 180);
      if (!place) continue;
      places++;
      const text = buildChain(place, 'geo-r', { condition: 'cor', decimals: 1 });
      expect(accepts(automaton, text), text).toBe(true);
    }
    expect(places).toBeGreaterThan(1000);
  });

  it('accepts the chain of a town in every region', () => {
    const { cities, regions } = gazetteer;
    const seen = new Set<number>();
    for (let i = 0; i < cities.count; i++) {
      if (seen.has(cities.region[i]!)) continue;
      seen.add(cities.region[i]!);
      const place = reverseGeocode(gazetteer, cities.lat[i]!, cities.lon[i]!);
      if (!place) continue;
      const text = buildChain(place, 'geo-r', { condition: 'cor', decimals: 1 });
      expect(accepts(automaton, text), text).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(0.9 * regions.length);
  });

  it('knows what belongs where', () => {
    expect(chain('Country: Japan', 'State: Kyoto', 'City: Kyoto')).toBe(true);
    expect(chain('Country: Japan', 'State: Kyoto')).toBe(true);
    expect(chain('Country: Japan', 'City: Kyoto')).toBe(true);
    expect(chain('Country: Japan')).toBe(true);
    expect(chain('Country: Brazil', 'State: Kyoto')).toBe(false);
    expect(chain('Country: Japan', 'State: Hokkaido', 'City: Kyoto')).toBe(false);
    expect(chain('Country: Japan', 'City: Kyoto', 'State: Kyoto')).toBe(false);
    expect(chain('Country: Atlantis')).toBe(false);
    expect(chain('State: Kyoto')).toBe(false);
  });

  it('tells a name from a longer one that begins like it', () => {
    expect(chain('Country: Niger')).toBe(true);
    expect(chain('Country: Nigeria')).toBe(true);
    expect(chain('Country: Nigeri')).toBe(false);
  });

  it('ends behind the closing parenthesis only', () => {
    const whole = 'Country: Japan\nCoordinates: (35.0, 135.8)';
    expect(accepts(automaton, whole)).toBe(true);
    expect(accepts(automaton, whole.slice(0, -1))).toBe(false);
    expect(accepts(automaton, `${whole}\n`)).toBe(false);
    expect(accepts(automaton, whole.replace('135.8', '180.1'))).toBe(false);
    expect(accepts(automaton, whole.replace('35.0', '90.0'))).toBe(true);
  });
});
