import { describe, expect, it } from 'vitest';
import { parameterCount } from './parameters.ts';
import { publishedConfig, smallConfig } from './presets.ts';

const tokens = { endOfText: 0, endOfTurn: 1, visionStart: 2, visionEnd: 3, imagePad: 4 };

describe('presets', () => {
  it.each([
    ['tiny', 1.2e6, 2e6],
    ['5m', 4.5e6, 5.5e6],
    ['25m', 23e6, 27e6],
  ] as const)('%s has about as many parameters as it says', (preset, low, high) => {
    const count = parameterCount(smallConfig(preset, 2048, tokens));
    expect(count).toBeGreaterThan(low);
    expect(count).toBeLessThan(high);
  });

  // the numbers of the published checkpoints' model.safetensors.index.json, total_size / 2
  it.each([
    ['3b', 3_754_622_976],
    ['7b', 8_292_166_656],
    ['32b', 33_452_718_336],
  ] as const)('%s has the parameters of the published model', (preset, count) => {
    expect(parameterCount(publishedConfig(preset))).toBe(count);
  });
});
