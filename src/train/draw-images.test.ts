import { describe, expect, it } from 'vitest';
import {
  grid,
  grpoSettings,
  scored,
  sftSettings,
  toyModel,
  toyTask,
} from '../../test/support/toy-task.ts';
import { ImageProcessor, promptTokens } from '../model/index.ts';
import { drawImages, imageBatch } from './draw-images.ts';
import { trainGrpo } from './grpo.ts';
import type { MetricsRow } from './metrics.ts';
import { trainSft } from './sft.ts';
import type { Task } from './task.ts';

const { config, tokenizer } = toyModel();

/** The toy, every image with a grid of its own: samples from `wideFrom` on are twice as wide. */
function sizedTask(wideFrom: number): Task {
  const task = toyTask();
  const processors = [28, 56].map(
    (width) => new ImageProcessor(config.vision_config, { width, height: 28 }),
  );
  const of = (sample: number): ImageProcessor => processors[sample < wideFrom ? 0 : 1]!;
  const prompts = processors.map((own) => promptTokens(tokenizer, '', { config, grid: own.grid }));
  const promptOf = (sample: number) => prompts[sample < wideFrom ? 0 : 1]!;
  return {
    ...task,
    imageSize: 0,
    gridOf: (sample) => of(sample).grid,
    writeImage: async (sample, out, slot, source) => {
      if (sample < wideFrom) return task.writeImage(sample, out, slot, source);
      const narrow = new Float32Array(task.imageSize);
      await task.writeImage(sample, narrow, 0, source);
      out.set(narrow);
      out.set(narrow, narrow.length);
    },
    turns: (sample) => task.turns(sample).map((turn) => ({ ...turn, prompt: promptOf(sample) })),
    prompt: promptOf,
  };
}

describe('drawImages', () => {
  it('gives images of one size in one stretch of memory, and others apart', async () => {
    const { images } = await drawImages(toyTask(), [3, 4, 9], { config, grid });
    expect(imageBatch(images).pixels.buffer).toBe(images[0]!.pixels.buffer);
    expect(imageBatch(images.slice(1)).pixels).toEqual(
      Float32Array.from([...images[1]!.pixels, ...images[2]!.pixels]),
    );
    const swapped = imageBatch([images[2]!, images[0]!]);
    expect(swapped.pixels).toEqual(Float32Array.from([...images[2]!.pixels, ...images[0]!.pixels]));
    const { images: sized } = await drawImages(sizedTask(4), [3, 4], { config });
    expect(imageBatch(sized).grids).toEqual([grid, { ...grid, width: 2 * grid.width }]);
    expect(sized[1]!.pixels.length).toBe(2 * sized[0]!.pixels.length);
    expect(imageBatch([])).toEqual({ grids: [], pixels: new Float32Array() });
  });

  it('says what is wrong when nothing tells the size of the images', async () => {
    await expect(drawImages(toyTask(), [1], { config })).rejects.toMatchObject({ code: 'config' });
  });
});

describe('images of different sizes in training', () => {
  const collect = async (task: Task, subject: object): Promise<MetricsRow[]> => {
    const rows: MetricsRow[] = [];
    const context = { seed: 4, threads: 1, onStep: (row: MetricsRow) => void rows.push(row) };
    const model = toyModel();
    const reward = ({ completions }: { completions: readonly string[] }) =>
      scored(
        'length',
        completions.map((text) => text.length / 10),
      );
    await trainSft({ ...model, ...subject, heldOut: task }, task, sftSettings({ steps: 3 }), {
      ...context,
      stage: 'sft',
    });
    await trainGrpo(
      { model, ...subject, reward, reference: toyModel(2).parameters },
      task,
      grpoSettings({ steps: 2, beta: 0.1 }),
      { ...context, stage: 'grpo' },
    );
    return rows;
  };

  it('that are all equal is training on images of one size', async () => {
    const [one, sized] = await Promise.all([
      collect(toyTask(), { grid }),
      collect(sizedTask(99), {}),
    ]);
    one.forEach((row, i) => {
      for (const [name, value] of Object.entries(row))
        if (typeof value === 'number')
          expect(Number(sized[i]![name]), `${row.stage} ${row.step} ${name}`).toBeCloseTo(value, 3);
    });
  });

  it('works in both stages', async () => {
    const rows = await collect(sizedTask(16), {});
    expect(rows).toHaveLength(5);
    expect(rows[2]!['loss']).toBeLessThan(Number(rows[0]!['loss']));
    for (const row of rows) expect(Number(row['grad_norm'])).toBeGreaterThan(0);
  });
});
