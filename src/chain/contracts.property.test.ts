import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultGazetteer } from '../data/index.ts';
import { type Place, reverseGeocode } from '../geo/index.ts';
import {
  ANSWER_CONTRACTS,
  type AnswerContract,
  answerQuery,
  buildChain,
  cleanName,
  hasOfficialFormat,
  parseAnswer,
  withoutConclusions,
} from './index.ts';

const gazetteer = defaultGazetteer();
const CONDITIONS = ['direct', 'cot', 'cor'] as const;

/** Any point on the globe, evenly by area; most resolve to nothing and are drawn again. */
const resolved: fc.Arbitrary<Place> = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  )
  .map(([z, lon]) => reverseGeocode(gazetteer, (Math.asin(z) * 180) / Math.PI, lon))
  .filter((place) => place !== null);

/** Names as gazetteers have them and worse: any script, quotes, semicolons, line breaks, brackets. */
const oddName = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Saint',
        'Bad',
        'x',
        '東京',
        'Москва',
        'القاهرة',
        'नई दिल्ली',
        'Łódź',
        'N/A',
        '🗼',
      ),
      fc.constantFrom(
        ' ',
        '\n',
        '\r\n',
        '"',
        '“',
        '”',
        "'",
        ';',
        ',',
        '.',
        '-',
        '(',
        ')',
        '*',
        '_',
      ),
      fc.constantFrom('<', '}', '</answer>', ': ', 'city: ', '\\', '//', '\u2028', '\u00a0'),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const odd: fc.Arbitrary<Place> = fc
  .tuple(resolved, oddName, fc.option(oddName), fc.option(oddName))
  .map(([{ region: _, city: __, ...place }, country, region, city]) => ({
    ...place,
    country: `A${country}`,
    ...(region !== null && { region }),
    ...(city !== null && { city }),
  }));

/** What can be read back of a name. */
function readable(name: string | undefined, contract: AnswerContract): string | undefined {
  const clean = cleanName(name ?? '');
  return contract === 'geoagent' ? cleanName(clean?.replaceAll(';', ',') ?? '') : clean;
}

function expectToReadBack(place: Place, contract: AnswerContract, decimals: number): void {
  for (const condition of CONDITIONS) {
    const answer = parseAnswer(buildChain(place, contract, { condition, decimals }), contract);
    expect(answer).toMatchObject({ reading: 'strict', repairs: [] });
    if (contract === 'geo-r' || contract === 'json') {
      for (const axis of ['lat', 'lon'] as const)
        expect(Math.abs(answer.coordinate![axis] - place[axis])).toBeLessThanOrEqual(
          0.51 * 10 ** -decimals,
        );
      if (condition === 'direct' || (contract === 'geo-r' && condition === 'cot')) continue;
    }
    expect(answer.country).toBe(readable(place.country, contract));
    expect(answer.city).toBe(readable(place.city, contract));
    const hasRegion = contract === 'geoagent' || (contract !== 'globe' && condition === 'cor');
    if (hasRegion) expect(answer.region).toBe(readable(place.region, contract));
    if (contract === 'geoagent' && condition === 'cor') {
      expect(answer.stages).toHaveLength(3);
      expect(withoutConclusions(answer)).not.toContain('Not judged');
    }
    if (contract !== 'geo-r' && condition === 'cor') {
      const isWhole =
        contract === 'json' ||
        (answer.city !== undefined && (contract === 'globe' || answer.region !== undefined));
      expect(hasOfficialFormat(answer, contract)).toBe(isWhole);
    }
  }
}

describe.each(ANSWER_CONTRACTS)('building and parsing %s', (contract) => {
  it('reads back to the letter what is built for places of the gazetteer', () => {
    fc.assert(
      fc.property(resolved, fc.integer({ min: 0, max: 8 }), (place, decimals) =>
        expectToReadBack(place, contract, decimals),
      ),
      { numRuns: 150 },
    );
  });

  it('reads back names with quotes, semicolons, line breaks and other scripts', () => {
    // Geo-R's lines and pairs are found anywhere, so a name must not hold the like of them; nor may
    // GLOBE's country hold the label of a city.
    const forbidden = { 'geo-r': /[:=(]/, globe: /, ?city:/, geoagent: /^$/, json: /^$/ }[contract];
    const fits = ({ country, region, city }: Place): boolean =>
      ![country, region, city].some((name) => forbidden.test(cleanName(name ?? '') ?? 'N/A'));
    fc.assert(
      fc.property(odd.filter(fits), (place) => expectToReadBack(place, contract, 4)),
      { numRuns: 150 },
    );
  });
});

// Pieces of all contracts, so that random rows of them come near to answers.
const pieces = fc.constantFrom(
  ...['(', ')', ',', ' ', '-', '.', '°', "'", '"', '\n', '{', '}', '[', ']', ':', ';', '\\', '//'],
  ...['/*', '<', '>', '=', '“', '”', '−', '\ud800', 'é', '東京', '\u2028', '\ufeff', '\t', '```'],
  ...['lat', 'lon', '"lat":', '"lon":', 'N', 'E', 'W', '1', '9', '42.5', '142.5', '200', '48,8566'],
  ...['Country', 'City', 'country: ', 'city: ', 'Coordinates', 'unknown', 'null', 'true', 'sorry'],
  ...['<think>', '</think>', '<answer>', '</answer>', 'Japan; Hokkaido; Biei', '__proto__'],
  ...['{"lat": 1.5, "lon": 2.5', '"FinalAnswer":', '"CountryIdentification":', '"Clues":["a"]'],
);
const damaged = fc
  .tuple(
    resolved,
    fc.constantFrom(...ANSWER_CONTRACTS),
    fc.constantFrom(...CONDITIONS),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), pieces), { minLength: 1, maxLength: 4 }),
  )
  .map(([place, contract, condition, damages]) => {
    let text = buildChain(place, contract, { condition });
    for (const [where, removed, piece] of damages) {
      const at = where % (text.length + 1);
      text = text.slice(0, at) + piece + text.slice(at + removed);
    }
    return text;
  });
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
  damaged,
);

describe('any text', () => {
  it('is read by every contract without throwing, and what is read is sound', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...ANSWER_CONTRACTS), (text, contract) => {
        const answer = parseAnswer(text, contract);
        const isNamed = Object.keys(answerQuery(answer)).length > 0;
        const hasCoordinate = answer.coordinate !== undefined;
        const isByNumbers = contract === 'geo-r' || contract === 'json';
        expect(answer.reading !== 'unreadable').toBe(isByNumbers ? hasCoordinate : isNamed);
        expect(answer.repairs.length > 0).toBe(answer.reading === 'repaired');
        expect(new Set(answer.repairs).size).toBe(answer.repairs.length);
        if (contract === 'geo-r') expect(answer.reading === 'strict').toBe(answer.pairCount === 1);
        if (!isByNumbers) expect(hasCoordinate).toBe(false);
        if (answer.refusal) expect(answer.reading).toBe('unreadable');
        if (hasOfficialFormat(answer, contract)) expect(answer.reading).toBe('strict');
        if (answer.coordinate) {
          expect(Math.abs(answer.coordinate.lat)).toBeLessThanOrEqual(90);
          expect(Math.abs(answer.coordinate.lon)).toBeLessThanOrEqual(180);
        }
        for (const name of Object.values(answerQuery(answer))) expect(cleanName(name)).toBe(name);
      }),
      { numRuns: 4000 },
    );
  });
});

// What a pattern or reader could be made to read again and again.
const repeated = [
  ...[
    '(',
    ' ',
    '1',
    '(1',
    '(1.0,',
    '1.1',
    '1 ',
    '1,',
    '(   1   ,   ',
    '1°1\'1"',
    'lat:',
    'lat: 1 ',
  ],
  ...[
    'city: ',
    'city: x, ',
    '"city"',
    '(1.0, 2.0)',
    '1.0, 2.0 ',
    'N ',
    '\n- ',
    '-',
    'coordinates ',
  ],
  ...['{', '{"a":', '{"lat":', '"lat":', '{"lat": 1, "lon": 2}', '{"lat":1,"lon":2,"x":', '[', '}'],
  ...['{"a":"b" ', '{"a":"', '\\', '/*', '{/*', '{"a":"x\n "b"', '{a:b, c ', "{'a':'", '48,8566; '],
  ...[
    '<think>',
    '</think>',
    '<answer>',
    '<answer>country: ',
    '<answer>x;',
    '<',
    ';',
    '"',
    '",',
    '*',
  ],
];

describe.each(ANSWER_CONTRACTS)('the time to read %s', (contract) => {
  it.each(repeated)('grows with the length only: %j', (piece) => {
    // Processor time, the best of two: neighbours on the machine do not count.
    const time = (length: number): number => {
      const text = `{"a":"<answer>${piece.repeat(length / piece.length)}`;
      const runs = [1, 2].map(() => {
        const start = process.cpuUsage();
        parseAnswer(text, contract);
        return process.cpuUsage(start).user / 1000;
      });
      return Math.min(...runs);
    };
    // Eight times the text: linear is 8 times, quadratic 64 times; 50 ms forgive the clock.
    expect(time(48_000)).toBeLessThan(32 * time(6_000) + 50);
  });
});
