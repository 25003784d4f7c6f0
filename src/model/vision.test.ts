import { describe, expect, it } from 'vitest';
import { formulaParameters, noise, tinyJson } from '../../test/support/tiny-model.ts';
import { Session } from '../tensor/index.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { type ImageGrid, imageTokenCount, patchOrder } from './image-grid.ts';
import { parameterInputs } from './layers.ts';
import { visionFeeds, visionShapeOf } from './vision-feeds.ts';
import { visionGraph } from './vision-graph.ts';

const configOf = (vision: object): ModelConfig =>
  parseModelConfig({ ...tinyJson, vision_config: { ...tinyJson.vision_config, ...vision } });

/** Features in the order of the images' tokens. */
async function featuresOf(
  config: ModelConfig,
  grids: readonly ImageGrid[],
  pixels: Float32Array,
  shape = visionShapeOf(config.vision_config, grids),
): Promise<Float32Array> {
  const session = await Session.create(
    visionGraph(config, shape, (graph) => parameterInputs(graph, config).layers),
    { threads: 1 },
  );
  for (const [name, value] of formulaParameters(config))
    if (session.has(name)) session.bind(name, value);
  const { feeds, featureOf } = visionFeeds(config.vision_config, { grids, pixels }, shape);
  const { features } = await session.run(feeds);
  await session.release();
  const width = config.hidden_size;
  return Float32Array.from(
    [...featureOf].flatMap((row) => [...features!.data.slice(row * width, (row + 1) * width)]),
    Number,
  );
}

const features = (
  config: ModelConfig,
  grid: ImageGrid,
  pixels: Float32Array,
  images = 1,
): Promise<Float32Array> => featuresOf(config, new Array<ImageGrid>(images).fill(grid), pixels);

const random = (key: number, patches: number): Float32Array =>
  Float32Array.from(noise(key, patches * 588));
const distance = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

describe('windowed attention', () => {
  const grid = { height: 4, width: 6 };

  it('equals attention inside each window alone', async () => {
    // windows of 2 x 2 patches: every merge group by itself; rotary positions are relative, so a
    // window cut out is the window in place
    const config = configOf({ window_size: 28, fullatt_block_indexes: [] });
    const pixels = random(1, 24);
    const whole = await features(config, grid, pixels);
    for (let group = 0; group < 6; group++) {
      const own = pixels.slice(group * 4 * 588, (group + 1) * 4 * 588);
      const alone = await features(config, { height: 2, width: 2 }, own);
      expect(distance(alone, whole.subarray(group * 32, (group + 1) * 32))).toBeLessThan(1e-4);
    }
  });

  it('cuts what is left over at the right and bottom as a smaller window', async () => {
    // windows of 4 x 4 patches on 4 x 6: the right one is 4 x 2
    const config = configOf({ window_size: 56, fullatt_block_indexes: [] });
    const pixels = random(2, 24);
    const whole = await features(config, grid, pixels);
    const order = patchOrder(grid, 2);
    const right = order.flatMap(({ column }, patch) => (column >= 4 ? [patch] : []));
    const own = Float32Array.from(
      right.flatMap((patch) => [...pixels.subarray(patch * 588, (patch + 1) * 588)]),
    );
    const alone = await features(config, { height: 4, width: 2 }, own);
    const groups = right.filter((_, i) => i % 4 === 0).map((patch) => patch / 4);
    expect(groups).toEqual([2, 5]);
    groups.forEach((group, i) => {
      expect(
        distance(alone.subarray(i * 32, (i + 1) * 32), whole.slice(group * 32, (group + 1) * 32)),
      ).toBeLessThan(1e-4);
    });
  });

  it('a layer that attends to all sees beyond the window', async () => {
    const pixels = random(3, 24);
    const changed = pixels.slice();
    changed.fill(0, 20 * 588); // the last merge group
    const first = async (vision: object, values: Float32Array): Promise<Float32Array> =>
      (await features(configOf(vision), grid, values)).slice(0, 32);
    const windows = { window_size: 28, fullatt_block_indexes: [] as number[] };
    expect(distance(await first(windows, pixels), await first(windows, changed))).toBe(0);
    const all = { window_size: 28, fullatt_block_indexes: [1] };
    expect(distance(await first(all, pixels), await first(all, changed))).toBeGreaterThan(1e-3);
  });
});

describe('visionTransformer', () => {
  it('treats the images of a batch apart', async () => {
    const config = configOf({});
    const grid = { height: 4, width: 4 };
    const [a, b] = [random(4, 16), random(5, 16)];
    const both = await features(config, grid, Float32Array.from([...a, ...b]), 2);
    expect(imageTokenCount(config.vision_config, grid)).toBe(4);
    expect(both.length).toBe(8 * 32);
    expect(distance(await features(config, grid, a), both.subarray(0, 128))).toBeLessThan(1e-5);
    expect(distance(await features(config, grid, b), both.subarray(128))).toBeLessThan(1e-5);
  });
});
