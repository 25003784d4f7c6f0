import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { random } from '../../../core/index.ts';
import {
  readSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from '../../../tensor/index.ts';
import { openBase } from './base-folder.ts';
import { openLoraAdapter } from './lora-adapter.ts';
import { checkMerged } from './merge-check.ts';
import { mergeLora } from './merge-lora.ts';

const root = mkdtempSync(join(tmpdir(), 'geor-merge-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const fresh = (): string => {
  const folder = join(root, `case-${++count}`);
  mkdirSync(folder);
  return folder;
};

type Tensors = Record<string, readonly [shape: readonly number[], data: Float32Array]>;
type Dtype = SafetensorsTensor['dtype'];
const source = random('merge');
const numbers = (...shape: number[]): readonly [number[], Float32Array] => [
  shape,
  Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => source.normal()),
];
const write = (path: string, tensors: Tensors, dtype: Dtype = 'F32'): void =>
  writeFileSync(
    path,
    writeSafetensors(
      new Map(
        Object.entries(tensors).map(([name, [shape, data]]) => [name, { shape, data, dtype }]),
      ),
    ),
  );
const read = (path: string): Map<string, SafetensorsTensor> => readSafetensors(readFileSync(path));

const [ROWS, COLUMNS, RANK] = [6, 5, 2];
const weights = {
  q: numbers(ROWS, COLUMNS),
  a: numbers(RANK, COLUMNS),
  b: numbers(ROWS, RANK),
  norm: numbers(COLUMNS),
};
/** W + s B A, written out in 64-bit floats. */
const exact = (w: Float32Array, scale: number): number[] =>
  Array.from({ length: ROWS * COLUMNS }, (_, i) => {
    const [row, column] = [Math.floor(i / COLUMNS), i % COLUMNS];
    let sum = w[i]!;
    for (let k = 0; k < RANK; k++)
      sum += scale * weights.b[1][row * RANK + k]! * weights.a[1][k * COLUMNS + column]!;
    return sum;
  });

const LAYER = 'layers.0.self_attn.q_proj';
const setUp = (
  config: object = {},
  { dtype = 'F32', published = true }: { dtype?: Dtype; published?: boolean } = {},
) => {
  const folder = fresh();
  const [base, adapter] = [join(folder, 'base'), join(folder, 'adapter')];
  for (const path of [base, adapter]) mkdirSync(path);
  const prefix = published ? 'model' : 'model.language_model';
  write(
    join(base, 'model.safetensors'),
    { [`${prefix}.${LAYER}.weight`]: weights.q, [`${prefix}.norm.weight`]: weights.norm },
    dtype,
  );
  writeFileSync(join(base, 'config.json'), '{"from":"base"}');
  writeFileSync(join(base, 'optimizer.pt'), 'heavy');
  const keys = `base_model.model.model.language_model.${LAYER}`;
  write(join(adapter, 'adapter_model.safetensors'), {
    [`${keys}.lora_A.weight`]: weights.a,
    [`${keys}.lora_B.weight`]: weights.b,
  });
  writeFileSync(
    join(adapter, 'adapter_config.json'),
    JSON.stringify({ peft_type: 'LORA', r: RANK, lora_alpha: 4, ...config }),
  );
  writeFileSync(join(adapter, 'config.json'), '{"from":"adapter"}');
  writeFileSync(join(adapter, 'tokenizer.json'), '{}');
  writeFileSync(join(adapter, 'trainer_state.json'), '{}');
  return { base, adapter, output: join(folder, 'merged'), name: `${prefix}.${LAYER}.weight` };
};

describe('merging an adapter', () => {
  it.each([
    ['published', true],
    ["transformers' own", false],
  ])('adds s B A to the weights it names, base in the %s layout', async (_, published) => {
    const { name, ...paths } = setUp({}, { published });
    const report = await mergeLora(paths);
    const merged = read(join(paths.output, 'model.safetensors'));
    const wanted = exact(weights.q[1], 2);
    expect([...merged.keys()].sort()).toEqual(
      [...read(join(paths.base, 'model.safetensors')).keys()].sort(),
    );
    merged.get(name)!.data.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]!, 5));
    expect(report).toMatchObject({
      changed: 1,
      copied: 1,
      check: { weights: 1, numbers: ROWS * COLUMNS },
    });
    expect(report.check.worst).toBeLessThanOrEqual(1);
    expect(report.check.kept).toBeCloseTo(1, 5);
  });

  it.each<Dtype>(['BF16', 'F16'])('rounds once, to the nearest %s of the base', async (dtype) => {
    const { name, ...paths } = setUp({}, { dtype });
    await mergeLora(paths);
    const base = read(join(paths.base, 'model.safetensors')).get(name)!;
    const merged = read(join(paths.output, 'model.safetensors')).get(name)!;
    expect(merged.dtype).toBe(dtype);
    const nearest = readSafetensors(
      writeSafetensors(
        new Map([
          ['w', { shape: [ROWS, COLUMNS], dtype, data: Float32Array.from(exact(base.data, 2)) }],
        ]),
      ),
    ).get('w')!;
    expect([...merged.data]).toEqual([...nearest.data]);
  });

  it.each([
    [{ use_rslora: true }, 4 / Math.sqrt(2)],
    [{ alpha_pattern: { q_proj: 1 } }, 0.5],
    [{ alpha_pattern: { k_proj: 1, 'language_model.layers.1.*': 8 } }, 2],
    [{ r: 16, rank_pattern: { 'self_attn.q_proj': 2 } }, 2],
  ])('reads its scale from %j', async (config, scale) => {
    const { name, ...paths } = setUp(config);
    await mergeLora(paths);
    const merged = read(join(paths.output, 'model.safetensors')).get(name)!.data;
    const wanted = exact(weights.q[1], scale);
    merged.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]!, 5));
  });

  it('keeps shards and their index', async () => {
    const { base, adapter, output } = setUp();
    rmSync(join(base, 'model.safetensors'));
    write(join(base, 'model-00001-of-00002.safetensors'), { [`model.${LAYER}.weight`]: weights.q });
    write(join(base, 'model-00002-of-00002.safetensors'), { 'visual.norm.weight': weights.norm });
    const map = {
      [`model.${LAYER}.weight`]: 'model-00001-of-00002.safetensors',
      'visual.norm.weight': 'model-00002-of-00002.safetensors',
    };
    writeFileSync(join(base, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    await mergeLora({ base, adapter, output });
    expect(JSON.parse(readFileSync(join(output, 'model.safetensors.index.json'), 'utf8'))).toEqual({
      metadata: { total_size: 4 * (ROWS * COLUMNS + COLUMNS) },
      weight_map: map,
    });
    expect(
      read(join(output, 'model-00002-of-00002.safetensors')).get('visual.norm.weight')?.data,
    ).toEqual(weights.norm[1]);
  });

  it('takes what servers need beside the weights, from the base first, and nothing else', async () => {
    const { name: _, ...paths } = setUp();
    await mergeLora(paths);
    expect(readdirSync(paths.output).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect(readFileSync(join(paths.output, 'config.json'), 'utf8')).toBe('{"from":"base"}');
  });

  it('replaces weights that the adapter holds whole', async () => {
    const { base, adapter, output } = setUp();
    const norm = numbers(COLUMNS);
    const keys = `base_model.model.model.language_model.${LAYER}`;
    write(join(adapter, 'adapter_model.safetensors'), {
      [`${keys}.lora_A.default.weight`]: weights.a,
      [`${keys}.lora_B.default.weight`]: weights.b,
      'base_model.model.model.language_model.norm.modules_to_save.weight': norm,
    });
    const report = await mergeLora({ base, adapter, output });
    expect(report).toMatchObject({ changed: 2, copied: 0 });
    expect(read(join(output, 'model.safetensors')).get('model.norm.weight')!.data).toEqual(norm[1]);
  });
});

describe('an adapter that cannot be merged', () => {
  const outcome = async (config: object, change?: (paths: ReturnType<typeof setUp>) => void) => {
    const paths = setUp(config);
    change?.(paths);
    const error = await mergeLora(paths).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    expect(existsSync(paths.output)).toBe(false);
    expect(existsSync(`${paths.output}.partial`)).toBe(false);
    return error;
  };

  it.each([
    [{ lora_alpha: 0 }, /lora_alpha is 0, so nothing would change/],
    [{ use_dora: true }, /DoRA cannot be merged/],
    [{ fan_in_fan_out: true }, /transposed/],
    [{ peft_type: 'IA3' }, /not the configuration of a LoRA adapter/],
    [{ r: 4 }, /rank 2, its settings say 4/],
    [{ rank_pattern: { '(?P<x>q': 2 } }, /rank_pattern is no expression/],
  ])('is refused with %j', async (config, message) => {
    expect(await outcome(config)).toMatch(message);
  });

  it('is refused when its base is another model', async () => {
    expect(
      await outcome({}, ({ base }) =>
        write(join(base, 'model.safetensors'), {
          [`model.${LAYER}.weight`]: numbers(ROWS, COLUMNS + 1),
        }),
      ),
    ).toMatch(/is \[6,6\] in the base, \[6,5\] in the adapter/);
    expect(
      await outcome({}, ({ base }) => write(join(base, 'model.safetensors'), { x: weights.q })),
    ).toMatch(/which the base does not have/);
  });

  it('is refused with parts of another kind', async () => {
    const key = `base_model.model.model.${LAYER}`;
    const put = (tensors: Tensors) => (paths: { adapter: string }) =>
      write(join(paths.adapter, 'adapter_model.safetensors'), tensors);
    expect(await outcome({}, put({ [`${key}.lora_A.weight`]: weights.a }))).toMatch(/only one of/);
    expect(
      await outcome({}, put({ [`${key}.lora_magnitude_vector.weight`]: weights.norm })),
    ).toMatch(/no part of a plain LoRA/);
  });

  it('never overwrites', async () => {
    const paths = setUp();
    mkdirSync(paths.output);
    await expect(mergeLora(paths)).rejects.toThrow(/is there already/);
  });
});

describe('the check of a merged model', () => {
  const checked = async (
    spoil: (tensors: Map<string, SafetensorsTensor>, name: string) => void,
  ) => {
    const { name, ...paths } = setUp({}, { dtype: 'BF16' });
    await mergeLora(paths);
    const file = join(paths.output, 'model.safetensors');
    const tensors = read(file);
    spoil(tensors, name);
    writeFileSync(file, writeSafetensors(tensors));
    const [base, adapter] = [openBase(paths.base), openLoraAdapter(paths.adapter)];
    try {
      return checkMerged(base, adapter, openBase(paths.output));
    } finally {
      base.close();
      adapter.file.close();
    }
  };

  it('finds a number of a changed weight that is one step off', async () => {
    await expect(
      checked((tensors, name) => {
        const { data } = tensors.get(name)!;
        data[ROWS * COLUMNS - 1]! *= 1 + 2 ** -6;
      }),
    ).rejects.toThrow(/q_proj.weight is .* at \[5, 4\]/);
  });

  it('finds an untouched weight that was touched', async () => {
    await expect(
      checked((tensors) => {
        tensors.get('model.norm.weight')!.data[3] = 9;
      }),
    ).rejects.toThrow(/norm.weight is not the one of the base/);
  });

  it('says how much of a small change the rounding left', async () => {
    const large = (factor: number) => async () => {
      const { name, ...paths } = setUp({}, { dtype: 'BF16' });
      const q = weights.q[1].map((value) => value * factor);
      write(join(paths.base, 'model.safetensors'), { [name]: [[ROWS, COLUMNS], q] }, 'BF16');
      return (await mergeLora(paths)).check.kept;
    };
    expect(await large(1)()).toBeGreaterThan(0.95);
    expect(await large(1e5)()).toBeLessThan(0.7);
  });
});
