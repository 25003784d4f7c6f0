import { describe, expect, it } from 'vitest';
import { answerQuery, hasOfficialFormat, parseAnswer, withoutConclusions } from '../index.ts';

const parse = (text: string) => parseAnswer(text, 'geoagent');
const stage = (name: string) => ({
  Clues: [`sign of ${name}`, 'snow'],
  Reasoning: `This is how it looks in ${name}.`,
  Conclusion: name,
  Uncertainty: 'low',
});
const chain = {
  CountryIdentification: stage('Japan'),
  RegionalGuess: stage('Hokkaido'),
  PreciseLocalization: stage('Biei'),
};
const names = { country: 'Japan', region: 'Hokkaido', city: 'Biei' };
const final = 'Japan; Hokkaido; Biei';
const json = JSON.stringify(chain);
const bare = JSON.stringify({ ...chain, FinalAnswer: final });

describe('a GeoAgent answer to the letter', () => {
  it.each([
    `<think>${json}</think><answer>${final}</answer>`,
    `<think>\n${JSON.stringify(chain, null, 2)}\n</think>\n<answer> ${final} </answer>\n`,
    bare,
    `\n${JSON.stringify({ FinalAnswer: final, ...chain }, null, 4)}\n`,
  ])('%j', (text) => {
    const answer = parse(text);
    expect(answer).toMatchObject({ reading: 'strict', repairs: [], pairCount: 0, ...names });
    expect(answer).not.toHaveProperty('coordinate');
    expect(answer.stages).toEqual(
      (['country', 'region', 'place'] as const).map((level, i) => ({
        level,
        clues: [`sign of ${final.split('; ')[i]}`, 'snow'],
        reasoning: `This is how it looks in ${final.split('; ')[i]}.`,
        conclusion: final.split('; ')[i],
        uncertainty: 'low',
      })),
    );
    expect(hasOfficialFormat(answer, 'geoagent')).toBe(true);
  });

  it.each([
    [`<answer>${final}</answer>`, names],
    [`<think>Snow.</think><answer>${final}</answer>`, { ...names, reasoning: 'Snow.' }],
    [`{"FinalAnswer": "${final}"}`, names],
    [`<think>${json}</think><answer>Japan; N/A; N/A</answer>`, { country: 'Japan' }],
    ['<answer>Japan; N/A; Biei</answer>', { country: 'Japan', city: 'Biei' }],
  ])('%j is strict but not the whole form', (text, expected) => {
    const answer = parse(text);
    expect(answer).toMatchObject({ reading: 'strict', ...expected });
    expect(hasOfficialFormat(answer, 'geoagent')).toBe(false);
  });
});

describe('a GeoAgent answer with repairs', () => {
  const answer = `<answer>${final}</answer>`;
  it.each([
    [bare.replace('RegionalGuess', 'ReagionGuess'), ['key-name']],
    [bare.replace('RegionalGuess', 'RegionGuess'), ['key-name']],
    [bare.replace('CountryIdentification', 'country_identification'), ['key-name']],
    [bare.replace('"FinalAnswer"', '"final_answer"'), ['key-name']],
    [bare.replace('"FinalAnswer"', '"Extra":1,"FinalAnswer"'), ['key-name']],
    [bare.replace('"FinalAnswer"', '"Extra":{"a":1},"FinalAnswer"'), ['key-name']],
    [bare.replace('["sign of Japan","snow"]', '"sign of Japan; snow"'), ['value-type']],
    [bare.replace('"low"', '3'), ['value-type']],
    [bare.replace('"Uncertainty":"low"', '"Extra":1'), ['value-type']],
    [bare.replace('"Japan; Hokkaido; Biei"', '["Japan", "Hokkaido", "Biei"]'), ['value-type']],
    [bare.replace(/\}$/, ',}'), ['json-comma']],
    [bare.slice(0, -1), ['json-unclosed']],
    [bare.slice(0, -2), ['json-unclosed']],
    [bare.replaceAll('"', "'"), ['json-quotes']],
    [bare.replace('This is how', 'This is "how"'), ['json-quotes']],
    [`\`\`\`json\n${bare}\n\`\`\``, ['code-fence']],
    [`Here it is: ${bare}`, ['surrounding-text']],
    [`{"ChainOfThought":${json},"FinalAnswer":"${final}"}`, ['nesting']],
    [json, ['missing-final-answer']],
    [`${json}\nFinal answer: ${final}`, ['surrounding-text', 'tags']],
    [`${json}${answer}`, ['surrounding-text']],
    [`<think>${json}${answer}`, ['tags']],
    [`<think>\`\`\`\n${json}\n\`\`\`</think>${answer}`, ['code-fence']],
    [`<answer>${bare}</answer>`, ['tags']],
    [`<think>Snow.</think><answer>Japan, Hokkaido, Biei</answer>`, ['separator']],
    [`<answer>Country: Japan\nRegion: Hokkaido\nCity: Biei</answer>`, ['labels']],
    [`It snows.\n${final}`, ['tags']],
  ])('%j', (text, repairs) => {
    expect(parse(text)).toMatchObject({ reading: 'repaired', repairs, ...names });
  });

  it('prefers the tagged answer to the one in the object, and says so', () => {
    const text = `<think>${bare}</think><answer>Japan; Honshu; Nara</answer>`;
    expect(parse(text)).toMatchObject({
      repairs: ['several-candidates'],
      region: 'Honshu',
      city: 'Nara',
    });
    expect(parse(`<think>${bare}</think><answer>japan; Hokkaido; Biei</answer>`).reading).toBe(
      'strict',
    );
  });

  it('reads the stages that are there', () => {
    const { RegionalGuess: _, ...two } = chain;
    const read = parse(JSON.stringify({ ...two, FinalAnswer: final }));
    expect(read.repairs).toEqual(['missing-stage']);
    expect(read.stages?.map(({ level }) => level)).toEqual(['country', 'place']);
  });

  it('reads fewer levels', () => {
    expect(parse('<answer>Japan; Hokkaido</answer>')).toMatchObject({
      repairs: ['missing-level'],
      region: 'Hokkaido',
    });
    expect(parse('<answer>Japan</answer>')).toMatchObject({ repairs: ['missing-level'] });
  });

  it('joins a location that has semicolons', () => {
    expect(parse('<answer>Japan; Hokkaido; Biei; Blue Pond</answer>')).toMatchObject({
      repairs: ['separator'],
      city: 'Biei, Blue Pond',
    });
  });
});

describe('no GeoAgent answer', () => {
  it.each([
    ['', false],
    ['It is sunny; there are trees.', false],
    ['{"lat": 1, "lon": 2}', false],
    [
      '<answer>A long sentence about what the picture shows and nothing else at all</answer>',
      false,
    ],
    ['<answer>Unknown; Unknown; Unknown</answer>', true],
    ['<think>x</think><answer>I cannot tell.</answer>', true],
    ['Sorry; I cannot; say', true],
  ])('%j, a refusal: %j', (text, isRefusal) => {
    expect(parse(text)).toMatchObject({ reading: 'unreadable', repairs: [] });
    expect(parse(text).refusal ?? false).toBe(isRefusal);
  });
});

describe('withoutConclusions', () => {
  it('gives clues and reasoning, and no conclusion, uncertainty or final answer', () => {
    const secret = bare
      .replaceAll(/"Conclusion":"\w+"/g, '"Conclusion":"SECRET"')
      .replaceAll('"low"', '"SECRET"')
      .replace(final, 'SECRET; SECRET; SECRET');
    const text = withoutConclusions(parse(secret));
    expect(text).toBe(
      'Country\nClues: sign of Japan; snow\nReasoning: This is how it looks in Japan.\n\n' +
        'Region\nClues: sign of Hokkaido; snow\nReasoning: This is how it looks in Hokkaido.\n\n' +
        'Place\nClues: sign of Biei; snow\nReasoning: This is how it looks in Biei.',
    );
  });

  it('has nothing to say of an answer without stages', () => {
    expect(withoutConclusions(parse(`<answer>${final}</answer>`))).toBeUndefined();
  });
});

describe('answerQuery', () => {
  it('asks for the names that were read', () => {
    expect(answerQuery(parse(bare))).toEqual(names);
    expect(answerQuery(parse('<answer>Japan</answer>'))).toEqual({ country: 'Japan' });
    expect(answerQuery(parse(''))).toEqual({});
  });
});
