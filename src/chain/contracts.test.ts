import { describe, expect, it } from 'vitest';
import type { Place } from '../geo/index.ts';
import {
  ANSWER_CONTRACTS,
  answerPrompt,
  buildChain,
  cleanName,
  formatCoordinate,
  parseAnswer,
} from './index.ts';

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

describe('buildChain of the other contracts', () => {
  const build = (contract: 'globe' | 'geoagent' | 'json', place: Place = biei) =>
    (['direct', 'cot', 'cor'] as const).map((condition) =>
      buildChain(place, contract, { condition }),
    );
  const sentence =
    'This fits the northern temperate belt in Asia: Hokkaido in Japan, near Biei Town.';
  const { region: _, ...noRegion } = biei;
  const { city: __, ...noCity } = biei;

  it('writes GLOBE answers', () => {
    const answer = '<answer>country: Japan\ncity: Biei Town</answer>';
    expect(build('globe')).toEqual([
      answer,
      `<think>${sentence}</think>\n${answer}`,
      '<think>Part of the world: the northern temperate belt in Asia.\nCountry: Japan.\n' +
        `Region: Hokkaido.\nCity: Biei Town.</think>\n${answer}`,
    ]);
    expect(build('globe', noCity)[0]).toBe('<answer>country: Japan</answer>');
  });

  it('writes GeoAgent answers that say only what the coordinate implies', () => {
    const answer = '<answer>Japan; Hokkaido; Biei Town</answer>';
    const [direct, cot, cor] = build('geoagent');
    expect([direct, cot]).toEqual([answer, `<think>${sentence}</think>\n${answer}`]);
    const uncertainty = 'Not judged: written from the coordinate, without a picture.';
    expect(parseAnswer(cor!, 'geoagent').stages).toEqual([
      {
        level: 'country',
        clues: ['the northern temperate belt', 'Asia'],
        reasoning: 'Japan is in Asia and reaches into the northern temperate belt.',
        conclusion: 'Japan',
        uncertainty,
      },
      {
        level: 'region',
        clues: ['40 to 50 degrees north', '140 to 150 degrees east'],
        reasoning:
          'In Japan, Hokkaido reaches into the band 40 to 50 degrees north, 140 to 150 degrees east.',
        conclusion: 'Hokkaido',
        uncertainty,
      },
      {
        level: 'place',
        clues: ['Hokkaido in Japan'],
        reasoning: 'Biei Town is in Hokkaido in Japan.',
        conclusion: 'Biei Town',
        uncertainty,
      },
    ]);
    expect(build('geoagent', { ...biei, lat: -90, lon: -180 })[2]).toContain(
      '"80 to 90 degrees south","170 to 180 degrees west"',
    );
  });

  it('marks an unknown level of a GeoAgent answer', () => {
    expect(build('geoagent', noRegion)[0]).toBe('<answer>Japan; N/A; Biei Town</answer>');
    expect(build('geoagent', noRegion)[2]).toContain('"No region of Japan is known here."');
    expect(build('geoagent', noCity)[0]).toBe('<answer>Japan; Hokkaido; N/A</answer>');
    expect(build('geoagent', noCity)[2]).toContain('"No town in Hokkaido in Japan is near."');
    expect(build('geoagent', { ...biei, city: 'Biei; Town' })[0]).toContain('; Biei, Town<');
  });

  it('writes JSON answers', () => {
    const coordinate = '"lat": 43.4520, "lon": 142.6154';
    expect(build('json')).toEqual([
      `{${coordinate}}`,
      `${sentence}\n{${coordinate}, "city": "Biei Town", "country": "Japan"}`,
      `{"country": "Japan", "region": "Hokkaido", "city": "Biei Town", ${coordinate}}`,
    ]);
    expect(build('json', noCity)[2]).not.toContain('city');
  });
});

describe('cleanName', () => {
  it.each([
    ['Biei', 'Biei'],
    [' **Biei\n Town**, ', 'Biei Town'],
    ['"Paris"', 'Paris'],
    ['Auckland",', 'Auckland'],
    ['The "Old" Town', 'The "Old" Town'],
    ['"Old" and "New"', '"Old" and "New"'],
    ['<b>Paris</b>', 'b Paris /b'],
    ['Washington, D.C.', 'Washington, D.C.'],
    ['None', 'None'],
    ['N/A', undefined],
    ['"unknown"', undefined],
    [' - ', undefined],
    ['x'.repeat(201), undefined],
  ])('%j is %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });
});

describe('answerPrompt', () => {
  const texts = (style: 'full' | 'short'): string[] =>
    ANSWER_CONTRACTS.flatMap((contract) =>
      (['direct', 'cot', 'cor'] as const).map((condition) =>
        answerPrompt(contract, condition, style),
      ),
    );

  it('asks another question for every contract, condition and style', () => {
    expect(new Set([...texts('full'), ...texts('short')]).size).toBe(24);
    for (const text of texts('short')) expect(text.split(' ').length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['geo-r', ['Country:', 'State:', 'City:', 'Coordinates: (']],
    ['globe', ['<think>', '</think>', '<answer>country: ', '\ncity: ', '</answer>']],
    [
      'geoagent',
      [
        'CountryIdentification',
        'RegionalGuess',
        'PreciseLocalization',
        ...['"Clues"', '"Reasoning"', '"Conclusion"', '"Uncertainty"'],
        '<answer>Country; Region; Specific Location</answer>',
      ],
    ],
    ['json', ['"lat"', '"lon"', '"city"', '"country"', '"region"']],
  ] as const)('shows the form of %s in its full Chain-of-Region prompt', (contract, parts) => {
    for (const part of parts) expect(answerPrompt(contract, 'cor')).toContain(part);
  });
});
