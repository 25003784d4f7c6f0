import { describe, expect, it } from 'vitest';
import {
  tinyModelConfig as config,
  EOS,
  formulaParameters,
  imagePrompt,
  noise,
  PAD,
  scoreAnswers,
} from '../../test/support/tiny-model.ts';
import type { ImageGrid } from './image-grid.ts';
import { type Example, pack } from './packing.ts';

const grids = new Array<ImageGrid>(3).fill({ height: 4, width: 2 });
const parameters = formulaParameters(config);
const pixels = Float32Array.from(noise(6, 3 * 8 * 588));
const examples: Example[] = [
  {
    prompt: imagePrompt(2, 20),
    images: [0],
    completions: [
      [30, 31, 32, EOS],
      [33, EOS],
      [34, 35, 36, 37, EOS],
    ],
  },
  { prompt: imagePrompt(2, 21, 22), images: [2], completions: [[EOS], [40, 41, EOS]] },
  { prompt: imagePrompt(2, 23), images: [1], completions: [[50, 51, 52, 53, 54, EOS]] },
];

const score = (list: readonly Example[], length: number): Promise<Float32Array> =>
  scoreAnswers(config, parameters, pack(list, { length, config, grids }), { grids, pixels });

describe('pack', () => {
  it('lays a prompt once, then its answers, each without its last token', () => {
    const batch = pack([examples[1]!], { length: 10, config, grids });
    expect(batch.sequences).toBe(1);
    expect([...batch.tokens].map(Number)).toEqual([1, 3, 3, 2, 21, 22, 40, 41, PAD, PAD]);
    expect([...batch.answerRows].map(Number)).toEqual([5, 5, 6, 7]);
    expect([...batch.answerTargets].map(Number)).toEqual([EOS, 40, 41, EOS]);
    expect([...batch.answerCompletions]).toEqual([0, 1, 1, 1]);
    expect([...batch.imageRows].map(Number)).toEqual([1, 2]);
    expect([...batch.imageTokens]).toEqual([4, 5]); // the third image's
    // an image of 2 x 1 tokens takes positions 1 and 2
    expect([...batch.positions.subarray(0, 8)]).toEqual([0, 1, 1, 3, 4, 5, 6, 7]);
    expect([...batch.positions.subarray(10, 18)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('an answer sees its prompt and itself, not its neighbours', () => {
    const example = {
      prompt: [7, 8],
      images: [],
      completions: [
        [9, 10, EOS],
        [11, EOS],
      ],
    };
    const { mask, positions } = pack([example], { length: 6, config, grids });
    const seen = [0, 1, 2, 3, 4, 5].map((row) =>
      [...mask.subarray(6 * row, 6 * row + 6)].map((x) => (x === 0 ? 1 : 0)).join(''),
    );
    expect(seen).toEqual(['100000', '110000', '111000', '111100', '110010', '000001']);
    expect([...positions.subarray(0, 5)]).toEqual([0, 1, 2, 3, 2]);
  });

  it.each([
    ['one row', 40, 1],
    ['rows that split a group', 10, 4],
    ['rows between', 14, 3],
  ])('gives each answer the log-probabilities it has alone, in %s', async (_, length, rows) => {
    const batch = pack(examples, { length, config, grids });
    expect(batch.sequences).toBe(rows);
    const together = await score(examples, length);
    let completion = 0;
    for (const example of examples) {
      for (const tokens of example.completions) {
        const alone = await score([{ ...example, completions: [tokens] }], 12);
        const own = together.filter((_x, i) => batch.answerCompletions[i] === completion);
        const targets = batch.answerTargets.filter(
          (_x, i) => batch.answerCompletions[i] === completion,
        );
        expect([...targets].map(Number)).toEqual(tokens);
        expect(own.length).toBe(alone.length);
        own.forEach((value, i) => {
          expect(Math.abs(value - alone[i]!)).toBeLessThan(1e-4);
        });
        completion++;
      }
    }
    expect(completion).toBe(6);
  });

  it.each([
    [64, 1],
    [12, 2],
  ])('questions after a shared prompt change nothing, in rows of %i', async (length, rows) => {
    const example: Example = {
      prompt: imagePrompt(2, 20),
      images: [1],
      questions: [[21, 22], [], [23]],
      completions: [
        [30, 31, EOS],
        [32, EOS],
        [33, 34, EOS],
      ],
    };
    const batch = pack([example], { length, config, grids });
    expect(batch.sequences).toBe(rows);
    expect(new Set(batch.answerTargets)).not.toContain(21n); // read, not predicted
    const together = await score([example], length);
    for (const [i, tokens] of example.completions.entries()) {
      const prompt = [...example.prompt, ...example.questions![i]!];
      const alone = await score([{ prompt, images: [1], completions: [tokens] }], 16);
      const own = together.filter((_x, k) => batch.answerCompletions[k] === i);
      expect(own.length).toBe(tokens.length);
      own.forEach((value, k) => {
        expect(Math.abs(value - alone[k]!)).toBeLessThan(1e-4);
      });
    }
  });

  it('refuses an answer that no row can hold', () => {
    expect(() => pack([examples[2]!], { length: 9, config, grids })).toThrow('6 tokens');
    expect(() => pack([examples[2]!], { length: 10, config, grids })).not.toThrow();
  });
});
