import { describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import { defaultRuntime, type Runtime } from '../runtime.ts';
import { operationCases } from './cases.ts';
import { checkRuntime, deviation, requireRight } from './check-provider.ts';
import { useProvider } from './use-provider.ts';

/** A runtime that changes one result of every graph in which an ONNX operation occurs. */
async function faulty(
  onnxOperation: string,
  outputs: (name: string) => boolean,
  fault: (value: number) => number,
): Promise<Runtime> {
  const sound = await defaultRuntime();
  return {
    ...sound,
    InferenceSession: {
      create: async (model, options) => {
        const session = await sound.InferenceSession.create(model, options);
        if (!Buffer.from(model).includes(onnxOperation)) return session;
        return {
          release: () => session.release(),
          run: async (...given) => {
            const results = await session.run(...given);
            for (const [name, { data }] of Object.entries(results)) {
              const values = data as Float32Array;
              if (outputs(name)) values[values.length - 1] = fault(values.at(-1)!);
            }
            return results;
          },
        };
      },
    },
  };
}

const wrongOperations = async (runtime: Runtime): Promise<string[]> => {
  const checks = await checkRuntime(runtime);
  expect(checks).toHaveLength(operationCases.length);
  return [...new Set(checks.flatMap(({ operation, isRight }) => (isRight ? [] : [operation])))];
};

describe('the check of an execution provider', () => {
  it('passes the CPU against itself, to the last bit', async () => {
    const checks = await checkRuntime(await defaultRuntime());
    for (const check of checks)
      expect(check).toMatchObject({ isRight: true, result: 0, gradient: 0 });
    expect(() => requireRight('cpu', checks)).not.toThrow();
  });

  it('finds the one operation that is computed wrongly, and refuses the provider by its name', async () => {
    const runtime = await faulty(
      'Sigmoid',
      (name) => name === 'result',
      (x) => x + 0.01,
    );
    const checks = await checkRuntime(runtime);
    const wrong = checks.filter(({ isRight }) => !isRight);
    expect([...new Set(wrong.map(({ operation }) => operation))]).toEqual(['sigmoid', 'silu']);
    for (const { result, gradient } of wrong) {
      expect(result).toBeGreaterThan(1e-3); // 0.01 of the largest number, which is up to 5
      expect(gradient).toBe(0);
    }
    const refusal = (): void => requireRight('webgpu', checks);
    expect(refusal).toThrow(GeorError);
    expect(refusal).toThrow(/^webgpu does not compute .*: sigmoid \(off by 0\.0\d+\), silu \(off/);
  });

  it('finds an operation of which only the gradient is wrong', async () => {
    const gradients = (name: string): boolean => name.startsWith('gradient:');
    expect(await wrongOperations(await faulty('Erf', gradients, (x) => -x))).toEqual([
      'erf',
      'gelu',
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('takes %d for wrong', async (value) => {
    expect(
      await wrongOperations(
        await faulty(
          'Softmax',
          () => true,
          () => value,
        ),
      ),
    ).toEqual(['softmax']);
  });

  it('says why an operation could not be computed, and goes on', async () => {
    const sound = await defaultRuntime();
    const runtime: Runtime = {
      ...sound,
      InferenceSession: {
        create: async (model, options) => {
          if (Buffer.from(model).includes('ScatterND')) throw new Error('no kernel for ScatterND');
          return sound.InferenceSession.create(model, options);
        },
      },
    };
    const checks = await checkRuntime(runtime);
    const failed = checks.filter(({ problem }) => problem !== undefined);
    expect(failed.map(({ operation }) => operation)).toEqual(['replaceRows', 'replaceRows']);
    for (const { problem, isRight } of failed) {
      expect(problem).toContain('no kernel for ScatterND');
      expect(isRight).toBe(false);
    }
    expect(() => requireRight('cuda', checks)).toThrow('replaceRows (');
  });

  it('refuses a provider that the runtime does not have', async () => {
    await expect(useProvider('no-such-provider')).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringMatching(/^no-such-provider does not run here: \S/),
      hint: expect.stringContaining('geor doctor'),
    });
    expect((await defaultRuntime()).providers ?? ['cpu']).toEqual(['cpu']);
  });
});

describe('deviation', () => {
  const of = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] });

  it('is relative to the largest wanted magnitude, at least 1', () => {
    expect(deviation(of(0.25, 0), of(0.5, 0))).toBe(0.25);
    expect(deviation(of(6, -8), of(5, -8))).toBe(0.125);
    expect(deviation(of(), of())).toBe(0);
  });

  it('is infinite for another shape and NaN for NaN', () => {
    expect(deviation(of(1), of(1, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(deviation(of(Number.NaN, 1), of(1, 1))).toBeNaN();
    expect(deviation(of(1, 1), of(1, Number.NaN))).toBeNaN();
  });
});
