import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { AdamW } from '../tensor/index.ts';
import { removeCheckpoint, restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { MetricsLog } from './metrics.ts';

const make = (size = 3) => {
  const parameters = new Map([
    ['a', { shape: [size], data: Float32Array.from({ length: size }, (_, i) => i + 0.1) }],
    ['b', { shape: [1, 2], data: Float32Array.of(-1, 2) }],
  ]);
  const arrays = new Map([...parameters].map(([name, { data }]) => [name, data]));
  return { parameters, optimizer: new AdamW(arrays) };
};
const gradients = (k: number) =>
  new Map([
    ['a', Float32Array.of(1, -k, 0.5)],
    ['b', Float32Array.of(k, 0.25)],
  ]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-checkpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a checkpoint', () => {
  it('continues as if nothing had happened, to the bit', () => {
    const path = join(folder, 'state.safetensors');
    const unbroken = make();
    for (const k of [1, 2, 3]) unbroken.optimizer.step(gradients(k), 0.1);
    saveCheckpoint(path, 2, unbroken.parameters, unbroken.optimizer);
    expect(readdirSync(folder)).toEqual(['state.safetensors']);

    const resumed = make();
    resumed.optimizer.step(gradients(9), 0.1); // something to be overwritten
    expect(restoreCheckpoint(path, resumed.parameters, resumed.optimizer)).toBe(2);
    expect(resumed.optimizer.steps).toBe(3);
    for (const { optimizer } of [unbroken, resumed]) optimizer.step(gradients(4), 0.1);
    expect(resumed.parameters).toEqual(unbroken.parameters);
    expect(resumed.optimizer.firstMoments).toEqual(unbroken.optimizer.firstMoments);
    expect(resumed.optimizer.secondMoments).toEqual(unbroken.optimizer.secondMoments);
    removeCheckpoint(path);
    expect(existsSync(path)).toBe(false);
    removeCheckpoint(path);
  });

  it('that is not there is step 0', () => {
    const { parameters, optimizer } = make();
    expect(restoreCheckpoint(join(folder, 'none'), parameters, optimizer)).toBe(0);
    expect(optimizer.steps).toBe(0);
  });

  it('of another model is refused', () => {
    const path = join(folder, 'other.safetensors');
    const other = make(4);
    saveCheckpoint(path, 1, other.parameters, other.optimizer);
    const { parameters, optimizer } = make(3);
    expect(() => restoreCheckpoint(path, parameters, optimizer)).toThrow(GeorError);
    expect(() => restoreCheckpoint(path, parameters, optimizer)).toThrow(
      'parameter:a does not fit',
    );
    const { parameters: reordered, optimizer: untouched } = make(3);
    const lateMisfit = new Map([...reordered].reverse());
    expect(() => restoreCheckpoint(path, lateMisfit, untouched)).toThrow('a does not fit');
    expect(reordered).toEqual(make(3).parameters);
  });
});

describe('MetricsLog', () => {
  it('takes back rows after a step of one stage only, and a torn line', () => {
    const path = join(folder, 'metrics.jsonl');
    const log = new MetricsLog(path);
    expect(log.rows()).toEqual([]);
    for (const [stage, step] of [
      ['sft', 1],
      ['sft', 2],
      ['grpo', 1],
      ['sft', 3],
    ] as const)
      log.append({ stage, step, loss: step / 8 });
    appendFileSync(path, '{"stage":"sft","st');
    log.rewind('sft', 1);
    expect(readFileSync(path, 'utf8')).toBe(
      '{"stage":"sft","step":1,"loss":0.125}\n{"stage":"grpo","step":1,"loss":0.125}\n',
    );
    expect(log.rows().map(({ stage, step }) => [stage, step])).toEqual([
      ['sft', 1],
      ['grpo', 1],
    ]);
  });

  it('names a damaged line', () => {
    const path = join(folder, 'damaged.jsonl');
    for (const damaged of ['{"stage":"sft"', '{"stage":1,"step":1}']) {
      writeFileSync(path, `{"stage":"sft","step":1}\n${damaged}\n{"stage":"sft","step":3}\n`);
      expect(() => new MetricsLog(path).rows()).toThrow('damaged.jsonl:2 is not a row');
    }
  });
});
