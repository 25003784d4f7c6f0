import { describe, expect, it } from 'vitest';
import { hasOfficialFormat, parseAnswer } from '../index.ts';

const parse = (text: string) => parseAnswer(text, 'globe');
const helsinki = { country: 'Finland', city: 'Helsinki' };

describe('a GLOBE answer to the letter', () => {
  it.each([
    '<think>Trams.</think><answer>country: Finland\ncity: Helsinki</answer>',
    '<think>\nTrams.\n</think>\n\n<answer> country: Finland, city: Helsinki </answer>\n',
    '<think>Trams.</think> <answer>\ncountry:Finland\n  city:  Helsinki\n</answer>',
  ])('%j', (text) => {
    const answer = parse(text);
    expect(answer).toEqual({
      reading: 'strict',
      repairs: [],
      pairCount: 0,
      reasoning: 'Trams.',
      ...helsinki,
    });
    expect(hasOfficialFormat(answer, 'globe')).toBe(true);
  });

  it.each([
    '<answer>country: Finland\ncity: Helsinki</answer>',
    '<think> </think><answer>country: Finland\ncity: Helsinki</answer>',
    '<think>Trams.</think><answer>country: Finland</answer>',
    '<think>Trams.</think><answer>country: Finland\ncity: unknown</answer>',
  ])('%j is strict but not the whole form', (text) => {
    const answer = parse(text);
    expect(answer).toMatchObject({ reading: 'strict', country: 'Finland' });
    expect(hasOfficialFormat(answer, 'globe')).toBe(false);
  });

  it('never has a coordinate, but counts pairs', () => {
    const text = '<think>(1.5, 2.5)</think><answer>country: Finland\ncity: Helsinki</answer>';
    expect(parse(text)).not.toHaveProperty('coordinate');
    expect(parse(text).pairCount).toBe(1);
  });

  it('keeps commas and colons of names on two lines', () => {
    const text = '<answer>country: Korea, South\ncity: Washington, city: D.C.</answer>';
    expect(parse(text)).toMatchObject({
      reading: 'strict',
      country: 'Korea, South',
      city: 'Washington, city: D.C.',
    });
  });
});

describe('a GLOBE answer with repairs', () => {
  it.each([
    ['<think>T</think><answer>Country: Finland\nCity: Helsinki</answer>', helsinki, ['labels']],
    ['<answer>city: Helsinki\ncountry: Finland</answer>', helsinki, ['labels']],
    [
      '<answer>country: Finland\nregion: Uusimaa\ncity: Helsinki</answer>',
      { ...helsinki, region: 'Uusimaa' },
      ['labels'],
    ],
    ['<answer>{"country": "Finland", "city": "Helsinki"}</answer>', helsinki, ['labels']],
    ['<answer>city: Helsinki</answer>', { city: 'Helsinki' }, ['labels']],
    ['<answer>Helsinki, Finland</answer>', helsinki, ['unlabelled']],
    [
      '<answer>Helsinki, Uusimaa, Finland</answer>',
      { ...helsinki, region: 'Uusimaa' },
      ['unlabelled'],
    ],
    ['Trams.\n<answer>country: Finland\ncity: Helsinki</answer>', helsinki, ['surrounding-text']],
    ['<answer>country: Finland\ncity: Helsinki</answer> Sure!', helsinki, ['surrounding-text']],
    ['<think>T</think><answer>country: Finland\ncity: Helsinki', helsinki, ['tags']],
    ['<think>T<answer>country: Finland\ncity: Helsinki</answer>', helsinki, ['tags']],
    ['T</think><answer>country: Finland\ncity: Helsinki</answer>', helsinki, ['tags']],
    ['<Think>T</Think><Answer>country: Finland\ncity: Helsinki</Answer>', helsinki, ['tags']],
    ['<think>T</think>country: Finland\ncity: Helsinki</answer>', helsinki, ['tags']],
    ['<think>T</think>\ncountry: Finland\ncity: Helsinki', helsinki, ['tags', 'labels']],
    ['country: Finland, city: Helsinki', helsinki, ['tags', 'labels']],
    [
      '<answer>country: Sweden\ncity: Lund</answer>No.<answer>country: Finland\ncity: Helsinki</answer>',
      helsinki,
      ['tags'],
    ],
  ])('%j', (text, names, repairs) => {
    expect(parse(text)).toMatchObject({ reading: 'repaired', repairs, ...names });
  });

  it('takes what stands before the answer for the reasoning', () => {
    const answer = '<answer>country: Finland\ncity: Helsinki</answer>';
    expect(parse(`Trams. ${answer}`).reasoning).toBe('Trams.');
    expect(parse(`Trams.</think>${answer}`).reasoning).toBe('Trams.');
    expect(parse(`<think>Trams.${answer}`).reasoning).toBe('Trams.');
    expect(parse(answer)).not.toHaveProperty('reasoning');
  });
});

describe('no GLOBE answer', () => {
  it.each([
    ['', false],
    ['Trams point to Helsinki, Finland.', false],
    ['<answer>Finland</answer>', false],
    ['<answer>I see trams, trees, sky</answer>', false],
    ['<think>country: Finland\ncity: Helsinki, or perhaps', false],
    ["I'm sorry, but I can't identify this place.", true],
    ['<answer>Sorry, no</answer>', true],
    ['<answer>country: unknown\ncity: unknown</answer>', true],
    ['<answer>Unknown</answer>', true],
    ['<think>It cannot be Norway.</think><answer></answer>', false],
  ])('%j, a refusal: %j', (text, isRefusal) => {
    const answer = parse(text);
    expect(answer).toMatchObject({ reading: 'unreadable', repairs: [] });
    expect(answer.refusal ?? false).toBe(isRefusal);
    expect(hasOfficialFormat(answer, 'globe')).toBe(false);
  });
});
