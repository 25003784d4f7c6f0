import { describe, expect, it } from 'vitest';
import { activationBytes, cacheBytesPerToken, estimate, stateBytes } from './estimate.ts';
import {
  adapterParameters,
  MODEL_PRESETS,
  parameterCounts,
  presetOfConfig,
} from './model-presets.ts';
import { type PlanChanges, testPlan } from './test-plan.test-support.ts';

const { 'qwen2.5-vl-3b': small, 'qwen2.5-vl-7b': middle, 'qwen2.5-vl-32b': large } = MODEL_PRESETS;

describe('parameters', () => {
  it.each([
    [small, 3_754_622_976],
    [middle, 8_292_166_656],
    [large, 33_452_718_336],
  ])('are as many as are published', ({ shape }, published) => {
    expect(parameterCounts(shape).total).toBe(published);
  });

  it('of adapters of rank 64 are the 1.91 % that GeoAgent reports', () => {
    const adapters = adapterParameters(middle.shape, 64);
    const share = adapters / (parameterCounts(middle.shape).total + adapters);
    expect(100 * share).toBeCloseTo(1.91, 2);
  });

  it('are told by a config.json', () => {
    const text = { hidden_size: 3584, num_hidden_layers: 28 };
    expect(presetOfConfig(text)).toBe('qwen2.5-vl-7b');
    expect(presetOfConfig({ text_config: text, vision_config: {} })).toBe('qwen2.5-vl-7b');
    expect(presetOfConfig({ hidden_size: 64, num_hidden_layers: 2 })).toBeNull();
    expect(presetOfConfig(null)).toBeNull();
  });
});

describe('memory', () => {
  const sum = (stage: 0 | 2 | 3) => {
    const { weights, gradients, optimiser } = stateBytes(0, 7.5e9, stage, 64);
    return (weights + gradients + optimiser) / 1e9;
  };

  it('is that of figure 1 of the ZeRO paper: 7.5 billion parameters on 64 GPUs', () => {
    expect(sum(0)).toBeCloseTo(120, 6);
    expect(sum(2)).toBeCloseTo(16.6, 1);
    expect(sum(3)).toBeCloseTo(1.9, 1);
  });

  it('counts frozen weights once, and 16 bytes for a trained one however they are kept', () => {
    expect(stateBytes(100, 0, 2, 8)).toEqual({ weights: 200, gradients: 0, optimiser: 0 });
    expect(stateBytes(0, 8, 3, 8, 4)).toEqual({ weights: 4, gradients: 4, optimiser: 8 });
  });

  it('of activations is 2 s b h a layer and one layer at work', () => {
    const shape = { hiddenSize: 10, layers: 3, vocabularySize: 100 };
    expect(activationBytes(shape, 7, 2)).toBe(2 * 7 * 10 * 3 + 34 * 7 * 10 + 6 * 2 * 100);
  });

  it('of the cache is 56 KiB a token for the 7B model', () => {
    expect(cacheBytesPerToken(middle.shape)).toBe(57_344);
  });
});

describe('estimate', () => {
  it('says for the run of the paper how many steps, samples and tokens there are', () => {
    const rows = { train: 200_000, validation: 0 };
    const { steps, samplesPerStep, tokens, memory } = estimate(testPlan({ engine: 'verl', rows }));
    expect([steps, samplesPerStep]).toEqual([1562, 512]);
    expect(tokens).toBe(1562 * 512 * 1280);
    expect(memory!.peak).toBeLessThan(80e9);
  });

  it('counts a reference policy beside a whole model, and none beside adapters', () => {
    const weights = (changes: PlanChanges) =>
      estimate(testPlan({ engine: 'verl', ...changes })).memory!.weights;
    const one = (4 * parameterCounts(middle.shape).total) / 8;
    expect(weights({ adaptation: 'full' })).toBe(2 * one);
    expect(weights({ adaptation: 'full', numbers: { beta: 0 } })).toBe(one);
    expect(weights({ adaptation: 'full', stage: 'sft' })).toBe(one);
    expect(weights({ adaptation: 'lora' })).toBeCloseTo(one * 1.0195, -7);
  });

  it('knows no memory of a model whose shape is not known', () => {
    const plan = testPlan();
    expect(estimate({ ...plan, model: { path: 'x', preset: null } }).memory).toBeUndefined();
  });

  it('fits every preset into 80 GB on eight GPUs, 32B with all parameters on 32', () => {
    for (const preset of Object.keys(MODEL_PRESETS) as (keyof typeof MODEL_PRESETS)[])
      for (const adaptation of ['lora', 'full'] as const)
        for (const engine of ['verl', 'trl', 'swift'] as const) {
          const nodes = preset === 'qwen2.5-vl-32b' && adaptation === 'full' ? 4 : 1;
          const cluster = { nodes, gpusPerNode: 8, processesPerNode: 8, root: '/r' };
          const plan = testPlan({ preset, adaptation, engine, cluster });
          expect(estimate(plan).memory!.peak, `${preset} ${adaptation} ${engine}`).toBeLessThan(
            70e9,
          );
        }
  });
});
