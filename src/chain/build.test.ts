import { describe, expect, it } from 'vitest';
import type { Place } from '../geo/index.ts';
import { answerPrompt, buildChain, formatCoordinate } from './index.ts';

const biei: Place = {
  lat: 43.452002,
  lon: 142.615358,
  continent: 'Asia',
  country: 'Japan',
  countryCode: 'JP',
  region: 'Hokkaido',
  city: 'Biei Town',
};

describe('buildChain', () => {
  it('writes the four levels of the paper, one a line', () => {
    expect(buildChain(biei, 'geo-r', { condition: 'cor' })).toBe(
      'Country: Japan\nState: Hokkaido\nCity: Biei Town\nCoordinates: (43.4520, 142.6154)',
    );
    expect(buildChain(biei, 'geo-r', { condition: 'cor', decimals: 6 })).toContain(
      'Coordinates: (43.452002, 142.615358)',
    );
  });

  it('has no line for a level that is not known', () => {
    const { region: _, city: __, ...bare } = biei;
    expect(buildChain(bare, 'geo-r', { condition: 'cor' })).toBe(
      'Country: Japan\nCoordinates: (43.4520, 142.6154)',
    );
  });

  it('writes the pair alone under the direct condition', () => {
    expect(buildChain(biei, 'geo-r', { condition: 'direct', decimals: 1 })).toBe('(43.5, 142.6)');
  });

  it('writes one sentence and the pair under the chain-of-thought condition', () => {
    const cot = (place: Place) => buildChain(place, 'geo-r', { condition: 'cot' });
    expect(cot(biei)).toBe(
      'This fits the northern temperate belt in Asia: Hokkaido in Japan, near Biei Town.\n(43.4520, 142.6154)',
    );
    expect(cot({ ...biei, lat: -70 })).toContain('the southern polar belt');
    expect(cot({ ...biei, lat: -23 })).toContain('the tropics');
  });

  it('keeps a name with line breaks on one line', () => {
    const odd = { ...biei, city: ' Biei\n Town ' };
    expect(buildChain(odd, 'geo-r', { condition: 'cor' })).toContain('\nCity: Biei Town\n');
  });
});

describe('formatCoordinate', () => {
  it('never writes a negative zero', () => {
    expect(formatCoordinate({ lat: -0.00001, lon: -0 })).toBe('(0.0000, 0.0000)');
    expect(formatCoordinate({ lat: -0.4, lon: -0.6 }, 0)).toBe('(0, -1)');
  });

  it('writes the antimeridian from both sides and the poles', () => {
    expect(formatCoordinate({ lat: -90, lon: 180 }, 2)).toBe('(-90.00, 180.00)');
    expect(formatCoordinate({ lat: 90, lon: -179.99999 })).toBe('(90.0000, -180.0000)');
  });

  it('refuses what is not on the globe and impossible decimals', () => {
    expect(() => formatCoordinate({ lat: 90.1, lon: 0 })).toThrow('not a coordinate');
    expect(() => formatCoordinate({ lat: Number.NaN, lon: 0 })).toThrow('not a coordinate');
    expect(() => formatCoordinate({ lat: 0, lon: 0 }, 11)).toThrow('decimals');
    expect(() => formatCoordinate({ lat: 0, lon: 0 }, 1.5)).toThrow('decimals');
  });
});

describe('answerPrompt', () => {
  it('asks six different questions, the short ones in three words at most', () => {
    const texts = (['direct', 'cot', 'cor'] as const).flatMap((condition) => [
      answerPrompt('geo-r', condition),
      answerPrompt('geo-r', condition, 'short'),
    ]);
    expect(new Set(texts).size).toBe(6);
    for (const text of texts.filter((_, i) => i % 2 === 1))
      expect(text.split(' ').length).toBeLessThanOrEqual(3);
  });

  it('names every line of the chain in the full Chain-of-Region prompt', () => {
    for (const line of ['Country:', 'State:', 'City:', 'Coordinates: ('])
      expect(answerPrompt('geo-r', 'cor')).toContain(line);
  });
});
