import { describe, expect, it } from 'vitest';
import { hasOfficialFormat, parseAnswer } from '../index.ts';

const parse = (text: string) => parseAnswer(text, 'json');
const paris = { lat: 48.8566, lon: 2.3522 };
const object = '{"lat": 48.8566, "lon": 2.3522, "city": "Paris", "country": "France"}';

describe('a JSON answer to the letter', () => {
  it.each([
    ['{"lat": 48.8566, "lon": 2.3522}', {}],
    [object, { city: 'Paris', country: 'France' }],
    [`The tower.\n\n${object}`, { city: 'Paris', reasoning: 'The tower.' }],
    [`\`\`\`json\n${object}\n\`\`\``, { country: 'France' }],
    [`First guess {"city": "Lyon"}, no: ${object}`, { city: 'Paris' }],
    [object.replace('"city"', '"state": "Île-de-France", "place"'), { region: 'Île-de-France' }],
  ])('%j', (text, rest) => {
    const answer = parse(text);
    expect(answer).toMatchObject({ reading: 'strict', repairs: [], coordinate: paris, ...rest });
    expect(hasOfficialFormat(answer, 'json')).toBe(true);
  });
});

describe('a JSON answer with repairs', () => {
  it.each([
    ['{"lat": 48.8566, "lon": 2.3522,}', ['json-comma']],
    ['{"lat": 48.8566, "lon": 2.3522', ['json-unclosed']],
    ['{"lat": "48.8566", "lon": "2.3522"}', ['number-format']],
    ['{"latitude": 48.8566, "longitude": 2.3522}', ['key-name']],
    ['{"Lat": 48.8566, "lng": 2.3522}', ['key-name']],
    ['{"lat": 48,8566, "lon": 2,3522}', ['json-quotes', 'decimal-comma']],
    ['{"lat": "48,8566", "lon": "2,3522"}', ['decimal-comma']],
    ['{"lat": "48.8566° N", "lon": "2.3522° E"}', ['number-format', 'hemisphere', 'degree-sign']],
    [
      '{"lat": 48.8566° N, "lon": 2.3522}',
      ['json-quotes', 'number-format', 'hemisphere', 'degree-sign'],
    ],
    ['{"location": {"lat": 48.8566, "lon": 2.3522}}', ['nesting']],
    ['[{"lat": 1.5, "lon": 2.5}, {"lat": 48.8566, "lon": 2.3522}]', ['several-candidates']],
    [`${object}\nAgain: ${object}`, ['repeated-pair']],
    ['lat: 48.8566, lon: 2.3522', ['no-object', 'labelled']],
    ['(48.8566, 2.3522)', ['no-object']],
    ['{"coordinates": "48.8566, 2.3522"}', ['no-object', 'missing-parentheses']],
  ])('%j', (text, repairs) => {
    expect(parse(text)).toMatchObject({ reading: 'repaired', repairs, coordinate: paris });
    expect(hasOfficialFormat(parse(text), 'json')).toBe(false);
  });

  it('turns round what has one order only', () => {
    expect(parse('{"lat": 142.6154, "lon": 43.452}')).toMatchObject({
      repairs: ['swapped-order'],
      coordinate: { lat: 43.452, lon: 142.6154 },
    });
  });

  it('applies hemispheres, minutes and seconds of quoted values', () => {
    const answer = parse(`{"lat": "33°51'36\\"S", "lon": "151°12'36\\"E"}`);
    expect(answer.coordinate?.lat).toBeCloseTo(-33.86, 9);
    expect(answer.coordinate?.lon).toBeCloseTo(151.21, 9);
    expect(answer.repairs).toContain('minutes-seconds');
  });

  it('takes names from the object, else from around it, else from labels', () => {
    expect(parse('{"at": {"lat": 1, "lon": 2}, "country": "France"}').country).toBe('France');
    expect(parse('Country: France\n{"lat": 1, "lon": 2}').country).toBe('France');
    expect(parse('Country: Spain\n{"lat": 1, "lon": 2, "country": "France"}').country).toBe(
      'France',
    );
    expect(parse('{"lat": 1, "lon": 2, "country": "unknown"}')).not.toHaveProperty('country');
  });
});

describe('no JSON answer', () => {
  it.each([
    ['', false],
    ['{}', false],
    ['{"lat": 48.8566}', false],
    ['{"lat": 95, "lon": 200}', false],
    ['{"lat": [1], "lon": {}}', false],
    ['{"lat": "somewhere", "lon": "else"}', false],
    ['I cannot determine the location.', true],
    ['{"lat": null, "lon": null}', true],
    ['Perhaps (48.8566, 2.3522).\n{"lat": null, "lon": null, "city": "unknown"}', true],
    ['{"lat": "unknown", "lon": "unknown"}', true],
  ])('%j, a refusal: %j', (text, isRefusal) => {
    expect(parse(text)).toMatchObject({ reading: 'unreadable', repairs: [] });
    expect(parse(text).refusal ?? false).toBe(isRefusal);
  });
});
