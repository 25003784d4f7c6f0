import { describe, expect, it } from 'vitest';
import type { Place } from '../geo/index.ts';
import { type Answer, consistency, foldName, isSameName } from './index.ts';

const answer: Answer = {
  reading: 'strict',
  repairs: [],
  pairCount: 1,
  coordinate: { lat: 53.55, lon: 10 },
  country: 'GERMANY',
  region: 'Hamburg',
  city: 'Altona',
};
const hamburg: Place = {
  lat: 53.55,
  lon: 10,
  continent: 'Europe',
  country: 'Germany',
  countryCode: 'DE',
  region: 'Hamburg',
  city: 'Hamburg',
};

describe('consistency', () => {
  it('judges each named level, and all together', () => {
    expect(consistency(answer, hamburg)).toEqual({
      country: true,
      region: true,
      city: false,
      overall: false,
    });
    expect(consistency({ ...answer, city: 'Hamburg' }, hamburg).overall).toBe(true);
  });

  it('leaves out what the answer does not name or the place does not know', () => {
    const { region: _, city: __, ...country } = hamburg;
    expect(consistency(answer, country)).toEqual({ country: true, overall: true });
    const { country: ___, ...unnamed } = answer;
    expect(consistency(unnamed, country)).toEqual({});
  });

  it('disagrees in the open sea and judges nothing without a coordinate', () => {
    expect(consistency(answer, null)).toEqual({
      country: false,
      region: false,
      city: false,
      overall: false,
    });
    const { coordinate: _, ...blind } = answer;
    expect(consistency(blind, hamburg)).toEqual({});
  });
});

describe('names', () => {
  it('are folded: case, diacritics, undecomposed letters, punctuation', () => {
    expect(foldName('  Île-de-France ')).toBe('ile de france');
    expect(foldName('Łódź')).toBe('lodz');
    expect(foldName('Straße')).toBe('strasse');
    expect(foldName("Xi'an")).toBe(foldName('Xi’an'));
    expect(foldName('The Gambia')).toBe('gambia');
    expect(foldName('東京')).toBe('東京');
  });

  it('are equal as folded, countries also under another usual name', () => {
    expect(isSameName('São Paulo', 'sao paulo')).toBe(true);
    expect(isSameName('York', 'New York')).toBe(false);
    expect(isSameName('USA', 'United States')).toBe(false);
    expect(isSameName('USA', 'United States', true)).toBe(true);
    expect(isSameName('', '-')).toBe(false);
  });
});
