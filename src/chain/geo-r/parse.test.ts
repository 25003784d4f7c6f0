import { describe, expect, it } from 'vitest';
import type { Answer } from '../index.ts';
import { parseAnswer } from '../index.ts';

const parse = (text: string): Answer => parseAnswer(text, 'geo-r');

describe('parseAnswer, to the letter', () => {
  it('reads a whole Chain of Region', () => {
    expect(
      parse(
        'Country: Japan\nState: Hokkaido\nCity: Biei Town\nCoordinates: (43.452002, 142.615358)',
      ),
    ).toEqual({
      reading: 'strict',
      repairs: [],
      pairCount: 1,
      coordinate: { lat: 43.452002, lon: 142.615358 },
      country: 'Japan',
      region: 'Hokkaido',
      city: 'Biei Town',
    });
  });

  it.each([
    ['(43.4520, 142.6154)', 43.452, 142.6154],
    ['It is Paris.\n(48.8566,2.3522)', 48.8566, 2.3522],
    ['( -33.9 , +18.4 )', -33.9, 18.4],
    ['(48, 2)', 48, 2],
    ['(90.0, -180.0)', 90, -180],
    ['(95.0, 10.0) is off the globe, so (5.0, 10.0)', 5, 10],
    ['The mast (1932) with 2 floors, 3 windows. (1.5, 2.5)', 1.5, 2.5],
  ])('%s is strict', (text, lat, lon) => {
    expect(parse(text)).toMatchObject({
      reading: 'strict',
      pairCount: 1,
      coordinate: { lat, lon },
    });
  });

  it.each([
    ['I cannot tell where this is.', 0],
    ['', 0],
    ['(48.8566)', 0],
    ['(91.0, 181.0)', 0],
    ['built in 1932, 12 floors', 0],
    ['version 1.2.3, 4.5.6', 0],
    ['(48.8, \n2.3', 0],
  ])('%j has %i pairs', (text, pairCount) => {
    expect(parse(text).pairCount).toBe(pairCount);
  });

  it('counts pairs, the same one twice too', () => {
    expect(parse('(1.0, 2.0) or (3.0, 4.0)').pairCount).toBe(2);
    expect(parse('(1.0, 2.0), again (1.0, 2.0)')).toMatchObject({
      pairCount: 2,
      repairs: ['repeated-pair'],
      coordinate: { lat: 1, lon: 2 },
    });
  });
});

describe('parseAnswer, with repairs', () => {
  const paris = { lat: 48.8566, lon: 2.3522 };
  it.each([
    ['48.8566, 2.3522', paris, ['missing-parentheses']],
    ['Coordinates: 48.8566, 2.3522', paris, ['missing-parentheses']],
    ['[48.8566, 2.3522]', paris, ['missing-parentheses']],
    ['48.8566 2.3522', paris, ['missing-parentheses', 'separator']],
    ['(48.8566; 2.3522)', paris, ['separator']],
    ['(48.8566,\n2.3522)', paris, ['separator']],
    ['(48.8566, 2.3522\u00a0)', paris, ['separator']],
    ['Coordinates: 48, 2', { lat: 48, lon: 2 }, ['missing-parentheses']],
    ['lat: 48.8566, lon: 2.3522', paris, ['labelled']],
    ['Longitude = 2.3522; Latitude = 48.8566', paris, ['labelled']],
    ['{"latitude": 48.8566, "longitude": 2.3522}', paris, ['labelled']],
    ['{\n  "lat": "48.8566",\n  "lng": "2.3522",\n}', paris, ['labelled']],
    ['**Latitude:** 48.8566\n**Longitude:** 2.3522', paris, ['labelled']],
    ['lat: 48.8566 (± 0.01), lon: 2.3522', paris, ['labelled']],
    ['lat 142.6154, lon 43.452', { lat: 43.452, lon: 142.6154 }, ['labelled', 'swapped-order']],
    ['48.8566° N, 2.3522° E', paris, ['hemisphere', 'degree-sign', 'missing-parentheses']],
    ['(33.9 S, 18.4 E)', { lat: -33.9, lon: 18.4 }, ['hemisphere']],
    ['(-33.9 S, 18.4 E)', { lat: -33.9, lon: 18.4 }, ['hemisphere']],
    ['N48.8566, E2.3522', paris, ['hemisphere', 'missing-parentheses']],
    [
      'N 48.8566 W 2.3522',
      { lat: 48.8566, lon: -2.3522 },
      ['hemisphere', 'missing-parentheses', 'separator'],
    ],
    ['2.3522 E, 48.8566 N', paris, ['hemisphere', 'missing-parentheses', 'swapped-order']],
    [
      '33.9 degrees south, 18.4 degrees east',
      { lat: -33.9, lon: 18.4 },
      ['hemisphere', 'degree-sign', 'missing-parentheses'],
    ],
    [
      'latitude 40.5° S, longitude 3.25° W',
      { lat: -40.5, lon: -3.25 },
      ['labelled', 'hemisphere', 'degree-sign'],
    ],
    ['(48.8566°, 2.3522°)', paris, ['degree-sign']],
    ['(−33.9, 18.4)', { lat: -33.9, lon: 18.4 }, ['number-format']],
    ['(.5, 2.5)', { lat: 0.5, lon: 2.5 }, ['number-format']],
    ['(142.6154, 43.4520)', { lat: 43.452, lon: 142.6154 }, ['swapped-order']],
    ['48,8566; 2,3522', paris, ['missing-parentheses', 'separator', 'decimal-comma']],
    ['lat: 48,8566, lon: 2,3522', paris, ['labelled', 'decimal-comma']],
    ['(48,8566° N, 2,3522° E)', paris, ['hemisphere', 'degree-sign', 'decimal-comma']],
    [
      'Coordinates: 48,85, 2,35',
      { lat: 48.85, lon: 2.35 },
      ['missing-parentheses', 'decimal-comma'],
    ],
  ])('%j', (text, coordinate, repairs) => {
    expect(parse(text)).toMatchObject({ reading: 'repaired', repairs, coordinate });
  });

  it('reads degrees, minutes and seconds', () => {
    const answer = parse(`48°51'24"N 2°21'8"E`);
    expect(answer.coordinate?.lat).toBeCloseTo(48.856667, 6);
    expect(answer.coordinate?.lon).toBeCloseTo(2.352222, 6);
    expect(answer.repairs).toContain('minutes-seconds');
  });

  it.each([
    'built 12, 14 floors',
    "the door is 5' 10\" tall, 3' wide",
    'lat: 48.85',
    '(200.5, 300.5)',
    '(95.5, 120.5)',
    '33.9 S, 18.4 N',
    '120.5 N, 45.5 E',
    '(10.5 E, 20.5 E)',
    'lat: 48.85, lat: 2.35',
    '48,856; 2,352 visitors',
    '12,34 people, 45,67 cars',
    '48,85,2,35',
  ])('finds nothing in %j', (text) => {
    expect(parse(text)).toMatchObject({ reading: 'unreadable', repairs: [], pairCount: 0 });
    expect(parse(text)).not.toHaveProperty('coordinate');
  });

  it('tells a refusal from a text without an answer', () => {
    expect(parse('I cannot tell where this is.')).toMatchObject({ refusal: true });
    expect(parse('A street with trees.')).not.toHaveProperty('refusal');
    expect(parse('I cannot tell. (1.5, 2.5)')).not.toHaveProperty('refusal');
  });

  it('chooses the last of several equals and says so', () => {
    expect(parse('First (1.5, 2.5), but rather (3.5, 4.5).')).toMatchObject({
      coordinate: { lat: 3.5, lon: 4.5 },
      repairs: ['several-candidates'],
    });
  });

  it('does not take two pairs of whole degrees for decimal commas', () => {
    expect(parse('(48,85) or (2,35)')).toMatchObject({
      coordinate: { lat: 2, lon: 35 },
      repairs: ['several-candidates'],
    });
    expect(parse('12,34; 56,78 as ever, but now 1.5, 2.5')).toMatchObject({
      coordinate: { lat: 1.5, lon: 2.5 },
      repairs: ['missing-parentheses', 'several-candidates'],
    });
  });

  it('prefers what is introduced, then what is marked, to bare numbers', () => {
    expect(parse('Coordinates: 1.5, 2.5\nelsewhere 3.5, 4.5').coordinate).toEqual({
      lat: 1.5,
      lon: 2.5,
    });
    expect(parse('lat: 1.5, lon: 2.5; 3.5, 4.5').coordinate).toEqual({ lat: 1.5, lon: 2.5 });
    expect(parse('Final answer: (1.5, 2.5). Not (3.5, 4.5).').coordinate).toEqual({
      lat: 1.5,
      lon: 2.5,
    });
  });
});

describe('parseAnswer, the levels', () => {
  const levels = (text: string) => {
    const { country, region, city } = parse(text);
    return [country, region, city];
  };

  it.each([
    ['Country: Japan\nState: Hokkaido\nCity: Biei', ['Japan', 'Hokkaido', 'Biei']],
    [
      'State / Administrative Region: Hokkaido\nCity or Place: Biei',
      [undefined, 'Hokkaido', 'Biei'],
    ],
    ['- **Country:** Japan\n2. __City__: Biei', ['Japan', undefined, 'Biei']],
    ['{"city": "Biei", "country": "Japan",}', ['Japan', undefined, 'Biei']],
    [
      '{\n "city": Indian Wells,\n "country": United States\n}',
      ['United States', undefined, 'Indian Wells'],
    ],
    [
      '{\n "city": Auckland",\n "country": "New Zealand"\n}',
      ['New Zealand', undefined, 'Auckland'],
    ],
    ['country: Japan, city: Biei', ['Japan', undefined, 'Biei']],
    ['<answer>country: Japan\ncity: Biei</answer>', ['Japan', undefined, 'Biei']],
    [
      'Country: Japan\nState: The "Old" State\nCity: "N", Ō\nCoordinates: (1.0, 2.0)',
      ['Japan', 'The "Old" State', '"N", Ō'],
    ],
    ['Country: Japan, City: Biei\nCoordinates: (1.0, 2.0)', ['Japan', undefined, 'Biei']],
    ['City: Washington, D.C.', [undefined, undefined, 'Washington, D.C.']],
    ['Country: N/A\nCity: unknown', [undefined, undefined, undefined]],
    ['Country: Japan\nCountry: Chile', ['Chile', undefined, undefined]],
    ['Country: Japan\nCountry:', ['Japan', undefined, undefined]],
    ['This big city: what is it?', [undefined, undefined, undefined]],
    ['Capacity: 5', [undefined, undefined, undefined]],
  ])('%j', (text, expected) => {
    expect(levels(text)).toEqual(expected);
  });
});
