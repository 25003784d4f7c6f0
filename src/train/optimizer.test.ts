import { describe, expect, it } from 'vitest';
import { toyModel } from '../../test/support/toy-task.ts';
import { Optimizer } from './optimizer.ts';

const stateOf = async (muon?: { learningRate: number; momentum: number }): Promise<string[]> => {
  const { parameters } = toyModel();
  const optimizer = await Optimizer.create(parameters, { learningRate: 0.1, muon }, 1);
  await optimizer.release();
  return [...optimizer.state.keys()];
};

describe('the optimizer of a stage', () => {
  it('keeps two moments of every parameter without Muon', async () => {
    const names = [...toyModel().parameters.keys()];
    const state = await stateOf();
    expect(state.toSorted()).toEqual(
      names.flatMap((name) => [`first:${name}`, `second:${name}`]).toSorted(),
    );
  });

  it('keeps one momentum of a hidden matrix with it, and both moments of everything else', async () => {
    const state = await stateOf({ learningRate: 0.2, momentum: 0.9 });
    expect(state).toContain('momentum:model.layers.0.self_attn.q_proj.weight');
    expect(state).toContain('momentum:visual.blocks.0.attn.qkv.weight');
    expect(state).not.toContain('first:model.layers.0.self_attn.q_proj.weight');
    for (const name of [
      'model.embed_tokens.weight',
      'model.norm.weight',
      'model.layers.0.self_attn.q_proj.bias',
    ]) {
      expect(state).toContain(`first:${name}`);
      expect(state).not.toContain(`momentum:${name}`);
    }
  });

  it('moves hidden matrices at their own rate, which follows the rate of the step', async () => {
    const { parameters } = toyModel();
    const name = 'model.layers.0.self_attn.o_proj.weight';
    const before = parameters.get(name)!.data.slice();
    const muon = { learningRate: 0.2, momentum: 0.9 };
    const options = { learningRate: 0.1, weightDecay: 0, muon };
    const optimizer = await Optimizer.create(parameters, options, 1);
    const gradients = new Map(
      Array.from(parameters, ([own, { data }]) => [
        own,
        Float32Array.from(data, (_, i) => Math.sin(i)),
      ]),
    );
    await optimizer.step(gradients, 0.05, 1); // half the stage's rate: Muon's is 0.1
    await optimizer.release();
    const { data, shape } = parameters.get(name)!;
    const moved = Math.sqrt(data.reduce((sum, x, i) => sum + (x - before[i]!) ** 2, 0));
    // sin has two frequencies, so the gradient has rank 2: two singular values, each brought near 1
    const unit = 0.1 * 0.2 * Math.sqrt(Math.max(...shape));
    expect(moved).toBeGreaterThan(0.68 * Math.SQRT2 * unit);
    expect(moved).toBeLessThan(1.13 * Math.SQRT2 * unit);
  });
});
