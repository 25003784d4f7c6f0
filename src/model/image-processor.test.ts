import { describe, expect, it } from 'vitest';
import { tinyJson } from '../../test/support/tiny-model.ts';
import { parseModelConfig } from './config.ts';
import { ImageProcessor, imageGrid } from './image-processor.ts';

const vision = parseModelConfig({
  ...tinyJson,
  vision_config: { ...tinyJson.vision_config, patch_size: 2 },
}).vision_config;

describe('ImageProcessor', () => {
  it('puts pixels where Qwen2-VL wants them: merge group, patch, channel, row, column', () => {
    // 8 wide, 4 high: a grid of 2 x 4 patches, two merge groups side by side
    const processor = new ImageProcessor(vision, { width: 8, height: 4 });
    expect(processor.grid).toEqual({ height: 2, width: 4 });
    expect(processor.size).toBe(8 * 12);
    const byte = (y: number, x: number, channel: number): number => y * 8 + x + 64 * channel;
    const rgb = Uint8Array.from({ length: 96 }, (_, i) =>
      byte(Math.floor(i / 24), Math.floor(i / 3) % 8, i % 3),
    );
    const out = new Float32Array(2 * processor.size).fill(9);
    processor.write(rgb, out, 1);
    expect(new Set(out.subarray(0, processor.size))).toEqual(new Set([9]));
    const mean = [0.48145466, 0.4578275, 0.40821073];
    const deviation = [0.26862954, 0.26130258, 0.27577711];
    const bytes = Array.from(out.subarray(processor.size), (value, i) => {
      const channel = Math.floor(i / 4) % 3;
      return Math.round((value * deviation[channel]! + mean[channel]!) * 255 * 1000) / 1000;
    });
    // biome-ignore format: one group per line
    const corners = [
      [0, 0], [0, 2], [2, 0], [2, 2], // the left merge group
      [0, 4], [0, 6], [2, 4], [2, 6], // the right one
    ] as const;
    const wanted = corners.flatMap(([top, left]) =>
      [0, 1, 2].flatMap((channel) => [
        byte(top, left, channel),
        byte(top, left + 1, channel),
        byte(top + 1, left, channel),
        byte(top + 1, left + 1, channel),
      ]),
    );
    bytes.forEach((value, i) => {
      expect(value, `number ${i}`).toBeCloseTo(wanted[i]!, 1);
    });
  });

  it('takes sides that are multiples of patch x merge only', () => {
    expect(imageGrid(vision, { width: 12, height: 8 })).toEqual({ height: 4, width: 6 });
    expect(() => imageGrid(vision, { width: 10, height: 8 })).toThrow('multiples of 4');
  });
});
