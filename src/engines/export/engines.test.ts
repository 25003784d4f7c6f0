import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { overrideWords } from '../verl/overrides.ts';
import { engineVersion, engineWriter } from './export-run.ts';
import { MODEL_PRESETS } from './model-presets.ts';
import { engineKeys, sortSettings } from './settings.ts';
import { launchScript, shellWord } from './shell.ts';
import { type PlanChanges, testPlan } from './test-plan.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-engines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (changes: PlanChanges) => {
  const plan = testPlan(changes);
  return { plan, files: engineWriter(plan.engine).write(plan) };
};

/** Names that an engine is told, whatever their values. */
function namesOf(changes: PlanChanges): string[] {
  const { plan, files } = written(changes);
  if (plan.engine === 'trl') {
    const config = files.files.find(({ path }) => path.endsWith('config.yaml'))!;
    return Object.keys(parse(config.content) as object);
  }
  const { command } = files.launch;
  return plan.engine === 'verl'
    ? command.filter((word) => word.includes('=')).map((word) => word.split('=')[0]!)
    : command.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
}

const engines = ['verl', 'trl', 'swift'] as const;
const stages = ['sft', 'grpo'] as const;

describe('every engine', () => {
  it('is told names only that it knows', () => {
    for (const engine of engines)
      for (const stage of stages) {
        const { engineVersion: version } = testPlan({ engine });
        const keys = engineKeys(engine, version, stage);
        for (const adaptation of ['lora', 'full'] as const)
          for (const preset of Object.keys(MODEL_PRESETS) as (keyof typeof MODEL_PRESETS)[])
            for (const name of namesOf({ engine, stage, adaptation, preset }))
              expect(keys, `${engine} ${stage}: ${name}`).toContain(name);
      }
  });

  it.each(engines.flatMap((engine) => stages.map((stage) => [engine, stage] as const)))(
    'is told what it was told before: %s %s',
    async (engine, stage) => {
      const adaptation = stage === 'grpo' ? 'lora' : 'full';
      const { plan, files } = written({ engine, stage, adaptation });
      const texts = files.files.map(({ path, content }) => `== ${path}\n${content}`);
      const script = launchScript(plan, files).content;
      await expect(`${texts.join('')}== launch.sh\n${script}`).toMatchFileSnapshot(
        `../../../test/golden/engines/${engine}-${stage}-7b-${adaptation}.txt`,
      );
    },
  );

  it('is refused in a version without a template', () => {
    expect(engineVersion('verl', undefined)).toBe('0.9.0');
    expect(() => engineVersion('verl', '0.8.0')).toThrow(/no template for verl 0.8.0/);
    expect(() => engineVersion('trl', '2.0.0')).toThrow(/no template for trl 2.0.0/);
  });
});

describe('verl', () => {
  it('is told of the reward where version 0.9.0 looks, never by the names it ignores', () => {
    const names = namesOf({ engine: 'verl' });
    expect(names).toContain('reward.reward_manager.module.path');
    expect(names.filter((name) => /^(custom_reward_function|reward_model)\b/.test(name))).toEqual(
      [],
    );
  });

  it('loads the weights that adapters stand on, and keeps adapters off the vision tower', () => {
    const words = (adaptation: 'lora' | 'full') =>
      written({ engine: 'verl', adaptation }).files.launch.command;
    expect(words('lora')).toContain('actor_rollout_ref.rollout.load_format=safetensors');
    expect(words('lora')).toContain('actor_rollout_ref.model.exclude_modules=.*visual.*');
    expect(words('full').join(' ')).not.toMatch(/lora|load_format/);
  });

  it('has reward workers enough for the calls of a step', () => {
    const workers = (promptsPerStep: number) =>
      written({
        engine: 'verl',
        numbers: { promptsPerStep, groupSize: 16 },
      }).files.launch.command.find((word) => word.startsWith('reward.num_workers='));
    expect([workers(128), workers(1024)]).toEqual([
      'reward.num_workers=8',
      'reward.num_workers=33',
    ]);
  });

  it('refuses what its GPUs cannot share, parts of an epoch and a schedule it lacks', () => {
    const of = (numbers: Readonly<Record<string, unknown>>) => () =>
      written({ engine: 'verl', numbers });
    expect(of({ promptsPerStep: 9, groupSize: 3 })).toThrow(/cannot be shared by 8 GPUs/);
    expect(of({ epochs: 1.5 })).toThrow(/whole epochs/);
    expect(of({ schedule: 'linear' })).toThrow(/no linear schedule/);
  });
});

describe('TRL', () => {
  it('reads `no` as a word, as YAML 1.1 does when it is quoted', () => {
    const { files } = written({ engine: 'trl' }).files;
    expect(files[0]!.content).toContain('eval_strategy: "no"\n');
  });

  it('is started by torchrun on processors, without vLLM and 16 bits', () => {
    const cluster = { nodes: 1, gpusPerNode: 0, processesPerNode: 2, root: '/r' };
    const { files, launch } = written({ engine: 'trl', cluster }).files;
    expect(launch.command.slice(0, 4)).toEqual([
      'torchrun',
      '--standalone',
      '--nproc-per-node',
      '2',
    ]);
    expect(parse(files[0]!.content)).toMatchObject({ use_cpu: true, bf16: false, use_vllm: false });
    expect(files).toHaveLength(1);
  });
});

describe('--set', () => {
  const keys = new Set(['max_steps', 'trainer.logger', 'optim.lr']);
  it('is a number of the recipe, or a name of the engine, read as YAML', () => {
    const texts = ['groupSize=4', 'lora.rank=8', 'max_steps=3', 'trainer.logger=[a, b]', '+new=x'];
    expect(sortSettings(texts, 'grpo', keys)).toEqual({
      numbers: { groupSize: 4, 'lora.rank': 8 },
      engine: { max_steps: 3, 'trainer.logger': ['a', 'b'], '+new': 'x' },
    });
  });

  it('is refused for a name that nobody knows, with what was meant', () => {
    expect(() => sortSettings(['lr=1'], 'grpo', keys)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('optim.lr') }),
    );
    expect(() => sortSettings(['batchSize=1'], 'grpo', keys)).toThrow(
      'nothing is set by batchSize',
    );
    expect(() => sortSettings(['=1'], 'grpo', keys)).toThrow('cannot read');
  });

  it('has the last word', () => {
    const engineSettings = { 'trainer.nnodes': 3, '+data.extra': "it's" };
    const { command } = written({ engine: 'verl', engineSettings }).files.launch;
    expect(command.filter((word) => word.startsWith('trainer.nnodes'))).toEqual([
      'trainer.nnodes=3',
    ]);
    expect(command).toContain("+data.extra='it\\'s'");
  });
});

describe('words', () => {
  it('of Hydra quote what would be read as something else', () => {
    expect(
      overrideWords({
        a: null,
        b: true,
        c: 1e-6,
        d: ['x', 'y'],
        e: 'null',
        f: '3',
        g: 'a b',
        h: '/r/x.y',
      }),
    ).toEqual([
      ...['a=null', 'b=true', 'c=0.000001', 'd=[x,y]', "e='null'", "f='3'", "g='a b'", 'h=/r/x.y'],
    ]);
  });

  it('of the shell stand for themselves', () => {
    const texts = ['plain', "it's", '$HOME', 'a b', '*', '', '`x`', '"'];
    const out = execFileSync('sh', ['-c', `printf '%s\\n' ${texts.map(shellWord).join(' ')}`]);
    expect(out.toString().split('\n').slice(0, -1)).toEqual(texts);
  });
});

describe('launch.sh', () => {
  it.each(['trl', 'swift'] as const)('starts what the manifest says: %s', (engine) => {
    const root = join(folder, `${engine} run`);
    const cluster = { nodes: 1, gpusPerNode: 8, processesPerNode: 8, root };
    const { plan, files } = written({ engine, cluster });
    const bin = join(folder, 'bin');
    mkdirSync(join(root, 'engine'), { recursive: true });
    mkdirSync(bin, { recursive: true });
    const program = join(bin, files.launch.command[0]!);
    writeFileSync(program, '#!/bin/sh\npwd\nprintf "%s\\n" "$GEOR_ATTEMPT" "$@"\n');
    const script = join(root, 'launch.sh');
    writeFileSync(script, launchScript(plan, files).content);
    for (const path of [program, script]) chmodSync(path, 0o755);
    const out = execFileSync(script, ['--more'], {
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        GEOR_REWARD_URL: 'http://x',
        GEOR_ATTEMPT: '2',
      },
    });
    const [where, attempt, ...words] = out.toString().split('\n').slice(0, -1);
    expect([where, attempt]).toEqual([join(root, 'engine'), '2']);
    expect(words).toEqual([...files.launch.command.slice(1), '--more']);
    expect(() => execFileSync(script, { env: { PATH: bin }, stdio: 'pipe' })).toThrow();
  });
});
