import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../test/support/check-operation.ts';
import { IMAGE, imagePrompt, tinyJson, tinyModelConfig } from '../../test/support/tiny-model.ts';
import { parseModelConfig } from './config.ts';
import { patchOrder } from './image-grid.ts';
import { promptPositions } from './positions.ts';
import { applyRotary, languageAngles, visionAngles } from './rotary.ts';

describe('promptPositions', () => {
  it('text counts up; an image shares one time and counts rows and columns', () => {
    // transformers, get_rope_index: 2 words, an image of 2 x 3 tokens, 2 words
    const { axes, next } = promptPositions(
      [9, 1, ...new Array<number>(6).fill(IMAGE), 2, 8],
      tinyModelConfig,
      [{ height: 4, width: 6 }],
    );
    expect([...axes[0]]).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 5, 6]);
    expect([...axes[1]]).toEqual([0, 1, 2, 2, 2, 3, 3, 3, 5, 6]);
    expect([...axes[2]]).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5, 6]);
    expect(next).toBe(7);
  });

  it('counts on after each of two images, by the longer side', () => {
    const prompt = [...imagePrompt(2, 9), ...imagePrompt(2)];
    const { axes, next } = promptPositions(prompt, tinyModelConfig, [
      { height: 4, width: 2 },
      { height: 4, width: 2 },
    ]);
    expect([...axes[0]]).toEqual([0, 1, 1, 3, 4, 5, 6, 6, 8]);
    expect([...axes[1]]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...axes[2]]).toEqual([0, 1, 1, 3, 4, 5, 6, 6, 8]);
    expect(next).toBe(9);
  });

  it('of text alone are 0, 1, 2', () => {
    const { axes, next } = promptPositions([7, 8, 9], tinyModelConfig, []);
    for (const axis of axes) expect([...axis]).toEqual([0, 1, 2]);
    expect(next).toBe(3);
  });
});

describe('languageAngles', () => {
  it('gives the first frequencies to time, then row, then column', () => {
    // head of 8: frequencies 10000^(-2i/8) = 1, 0.1, 0.01, 0.001; sections 2, 1, 1
    const { cos, sin } = languageAngles(tinyModelConfig, Int32Array.of(5, 0, 7, 0, 11, 0));
    [5, 0.5, 0.07, 0.011].forEach((angle, i) => {
      expect(cos[i]).toBeCloseTo(Math.cos(angle), 6);
      expect(sin[i]).toBeCloseTo(Math.sin(angle), 6);
      expect([cos[4 + i], sin[4 + i]]).toEqual([1, 0]);
    });
  });
});

describe('visionAngles', () => {
  it('gives half of the frequencies to the row, half to the column', () => {
    const { vision_config: vision } = parseModelConfig({
      ...tinyJson,
      vision_config: { ...tinyJson.vision_config, num_heads: 4 },
    });
    // head of 8: frequencies 10000^(-2i/4) = 1, 0.01 for each axis; patch 5 is (row 0, column 3)
    const { cos, sin } = visionAngles(vision, patchOrder({ height: 4, width: 6 }, 2));
    expect(cos.length).toBe(24 * 4);
    const at = (patch: number): number[] =>
      [0, 1, 2, 3].map((i) => Math.atan2(sin[4 * patch + i]!, cos[4 * patch + i]!));
    [0, 0, 3, 0.03].forEach((angle, i) => {
      expect(at(5)[i]).toBeCloseTo(angle, 5);
    });
    // patch 14 is (row 3, column 0)
    [3, 0.03, 0, 0].forEach((angle, i) => {
      expect(at(14)[i]).toBeCloseTo(angle, 5);
    });
  });

  it('patches stand merge group by merge group', () => {
    expect(
      patchOrder({ height: 4, width: 4 }, 2).map(({ row, column }) => 10 * row + column),
    ).toEqual([0, 1, 10, 11, 2, 3, 12, 13, 20, 21, 30, 31, 22, 23, 32, 33]);
  });
});

describe('applyRotary', () => {
  it('turns the pairs (i, i + d/2) of every head', async () => {
    const half = [0.3, -1.1];
    const angle = (row: number, i: number): number => half[i % 2]! * (row + 1);
    await checkOperation({
      inputs: {
        x: { shape: [3, 8] },
      },
      build: ({ x }) => {
        const { graph } = x!;
        const table = (f: (a: number) => number) =>
          graph.constant(
            Float32Array.from({ length: 24 }, (_, at) => f(angle(Math.floor(at / 8), at % 2))),
            [3, 8],
          );
        return applyRotary(x!, { cos: table(Math.cos), sin: table(Math.sin) }, 4);
      },
      expected: ({ x }) =>
        Array.from({ length: 24 }, (_, at) => {
          const [row, column] = [Math.floor(at / 8), at % 8];
          const [head, i] = [Math.floor(column / 4), column % 2];
          const first = x![row * 8 + head * 4 + i]!;
          const second = x![row * 8 + head * 4 + i + 2]!;
          const [c, s] = [Math.cos(angle(row, i)), Math.sin(angle(row, i))];
          return column % 4 < 2 ? first * c - second * s : second * c + first * s;
        }),
      differentiable: ['x'],
    });
  });
});
