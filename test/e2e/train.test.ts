import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePhotoFolder } from '../support/photo-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-e2e-train-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);
if (!hasSharp) process.stderr.write('skipped: photographs are not trained on without sharp\n');

const at = (...parts: string[]): string => join(folder, ...parts);
const lines = (...parts: string[]): Record<string, unknown>[] =>
  readFileSync(at(...parts), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `geor` as built. */
function geor(
  args: readonly string[],
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args]);
  onStart?.((signal) => child.kill(signal));
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code: code ?? signal, out, err }));
  });
}

/** Resolves when a file holds at least so many lines. */
const hasLines = (path: string, count: number): Promise<void> =>
  new Promise((resolve) => {
    const look = setInterval(() => {
      if (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length <= count) return;
      clearInterval(look);
      resolve();
    }, 5);
  });

const sft = (output: string, steps = 3): string[] => [
  ...['train', 'sft', '--config', 'test/fixtures/train-sft.yaml', '--data', at('photos')],
  ...['--eval-data', at('held'), '--steps', String(steps), '-o', at(output)],
  ...['--threads', '1'],
];
const grpo = (output: string): string[] => [
  ...['train', 'grpo', '--config', 'test/fixtures/train-grpo.yaml', '--data', at('photos')],
  ...['--model', at('sft', 'model'), '--lora', '4', '-o', at(output)],
  ...['--threads', '1'],
];

describe.skipIf(!hasSharp)('from a folder of photographs to a trained adapter', () => {
  beforeAll(() => {
    writePhotoFolder(at('photos'), { count: 9, seed: 5, broken: true });
    writePhotoFolder(at('held'), { count: 3, seed: 6 });
  });

  it('SFT leaves broken pictures out with their reasons, and its model locates', async () => {
    const { code, err } = await geor(sft('sft'));
    expect(err).toContain('9 to learn from, 3 held out');
    expect(code).toBe(1);
    const failures = lines('sft', 'failures.jsonl');
    expect(failures.map(({ code: what }) => what).sort()).toEqual(['missing', 'photo', 'photo']);
    const rows = lines('sft', 'metrics.jsonl');
    expect(rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(Number(rows[2]!['loss'])).toBeLessThan(Number(rows[0]!['loss']));
    expect(rows[2]).toHaveProperty('eval_loss');
    expect(JSON.parse(readFileSync(at('sft', 'run.json'), 'utf8'))).toMatchObject({
      ...{ command: 'train', stage: 'sft', finished: true, steps: 3 },
      rows: { data: { used: 9, leftOut: 3 }, evalData: { used: 3, leftOut: 0 } },
    });
    const page = readFileSync(at('sft', 'report.html'), 'utf8');
    expect(page).toContain('Held-out rows');
    const located = await geor([
      ...['locate', '--backend', at('sft', 'model'), '-k', '1', '--format', 'jsonl'],
      at('held', '000.jpg'),
    ]);
    expect(located.out.trim().split('\n')).toHaveLength(1);
    const evaluated = await geor([
      ...['evaluate', '--truth', at('sft', 'predictions', 'truth.jsonl'), '--json'],
      ...['--predictions', at('sft', 'predictions', 'after.jsonl')],
    ]);
    expect(JSON.parse(evaluated.out)).toMatchObject({ n: 3 });
  });

  it('refuses a folder that holds a run, and to resume with other settings', async () => {
    const again = await geor(sft('sft'));
    expect(again.code).toBe(2);
    expect(again.err).toContain('is not empty');
    const other = await geor([...sft('sft', 4), '--resume']);
    expect(other.code).toBe(2);
    expect(other.err).toContain('another steps');
    const wider = await geor(['train', 'sft', '--resume', '-o', at('sft'), '--threads', '2']);
    expect(wider.err).toContain('another number of threads');
  });

  it('leaves no folder behind when there is nothing to train on', async () => {
    const none = ['--data', at('none'), '--model', 'tiny', '-o', at('unbegun')];
    const { code } = await geor([
      'train',
      'sft',
      '--config',
      'test/fixtures/train-sft.yaml',
      ...none,
    ]);
    expect(code).toBe(4);
    expect(existsSync(at('unbegun'))).toBe(false);
  });

  it.each([
    ['SIGKILL', 'SIGKILL'],
    ['SIGINT', 130],
  ] as const)(
    'GRPO with an adapter, cut short by %s, resumes to the same bytes',
    async (signal, ending) => {
      if (!existsSync(at('grpo'))) expect((await geor(grpo('grpo'))).code).toBe(1);
      const name = `grpo-${signal}`;
      const cut = await geor(grpo(name), (kill) => {
        void hasLines(at(name, 'metrics.jsonl'), 1).then(() => kill(signal));
      });
      expect(cut.code).toBe(ending);
      expect((await geor(['train', 'grpo', '--resume', '-o', at(name)])).code).toBe(1);
      for (const file of [
        'metrics.jsonl',
        'completions.jsonl',
        'adapter/adapter_model.safetensors',
      ])
        expect(readFileSync(at(name, file)).equals(readFileSync(at('grpo', file))), file).toBe(
          true,
        );
    },
  );

  it('the adapter answers beside its base, is merged, and the merged model locates', async () => {
    const config = JSON.parse(readFileSync(at('grpo', 'adapter', 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ peft_type: 'LORA', r: 4, lora_alpha: 8 });
    const generated = await geor([
      ...['generate', '--model', at('sft', 'model'), '--adapter', at('grpo', 'adapter')],
      at('held', '001.jpg'),
    ]);
    expect(JSON.parse(generated.out)).toHaveProperty('completion');
    const merged = await geor(['merge', at('grpo')]);
    expect(merged).toMatchObject({ code: 0 });
    const located = await geor([
      ...['locate', '--backend', at('grpo', 'merged'), '-k', '1', '--format', 'jsonl'],
      at('held', '001.jpg'),
    ]);
    expect(located.out.trim().split('\n')).toHaveLength(1);
    const report = await geor(['report', at('sft'), at('grpo'), '-o', at('both.html')]);
    expect(report.code).toBe(0);
    expect(readFileSync(at('both.html'), 'utf8')).toContain('2 runs');
  });
});
