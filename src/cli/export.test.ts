import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../core/node/index.ts';
import { type EngineName, engineWriter, readManifest } from '../engines/index.ts';
import { command } from './export.ts';
import { type ExportFlags, exportCommand } from './export-flags.ts';
import { planOf } from './export-plan.ts';
import { command as synthesize } from './synthesize.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-cli-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line; what it said and the exit code it left. */
async function geor(...args: readonly string[]) {
  let stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
  const quiet = { writeErr: () => {}, writeOut: () => {} };
  await command().exitOverride().configureOutput(quiet).parseAsync(args, { from: 'user' });
  return { stderr, exitCode: process.exitCode ?? 0 };
}

const run = (name: string): string => join(folder, name);
const earth = 'earth:?count=16&split=train';
const grpo = ['--stage', 'grpo', '--set', 'promptsPerStep=8'] as const;

interface Row {
  readonly id: string;
  readonly images: readonly string[];
  readonly solution: string;
}

const rowsOf = (path: string): Row[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** The lines of a page that start with `geor export`, joined where they go on. */
function documented(page: string): string[][] {
  const url = new URL(`../../docs/engines/${page}`, import.meta.url);
  const text = readFileSync(url, 'utf8').replaceAll(/\\\n\s*/g, '');
  return [...text.matchAll(/^ {4}geor export (.+)$/gm)].map(([, words]) => words!.split(/\s+/));
}

describe('the pages of the engines', () => {
  it.each(['verl.md', 'trl.md', 'swift.md'])('show commands that there are: %s', async (page) => {
    const commands = documented(page);
    expect(commands.length).toBeGreaterThan(1);
    for (const words of commands) {
      const seen: [EngineName, ExportFlags][] = [];
      const parser = exportCommand(async (engine, _inputs, flags) => {
        seen.push([engine, flags]);
      });
      await parser.exitOverride().parseAsync(words, { from: 'user' });
      const [engine, flags] = seen[0]!;
      const plan = planOf(engine, flags, { train: 10_000, validation: 0 });
      expect(() => engineWriter(engine).write(plan), words.join(' ')).not.toThrow();
    }
  });
});

describe('geor export', () => {
  it('writes a whole run whose manifest tells the truth', async () => {
    const out = run('whole');
    const held = ['--validation', 'earth:?count=8&split=test', '--validation-limit', '4'];
    const { stderr } = await geor('trl', earth, ...grpo, ...held, '-o', out);
    expect(stderr).toContain('4 steps of 16 completions');
    const manifest = readManifest(out);
    expect(manifest).toMatchObject({
      ...{ run: 'whole', stage: 'grpo', totalSteps: 4 },
      reward: { url: null, config: { recipe: 'geo-r', variant: 'paper' }, groupSize: 4 },
      data: { train: { rows: 16 }, validation: { rows: 4 }, images: { count: 20 } },
    });
    const { train, validation } = manifest.data;
    const listed = [...manifest.files.map(({ path, sha256 }) => ({ path, sha256 }))];
    for (const file of [train, validation!]) listed.push({ path: file.file, sha256: file.sha256 });
    for (const { path, sha256: said } of listed)
      expect(sha256(readFileSync(join(out, path))), path).toBe(said);
    for (const { images } of rowsOf(join(out, train.file))) {
      expect(images[0]).toMatch(new RegExp(`^${out}/data/images/[0-9a-f]{16}\\.jpg$`));
      expect(existsSync(images[0]!)).toBe(true);
    }
    await expect(geor('trl', earth, ...grpo, '-o', out)).rejects.toThrow(/holds a run already/);
  });

  it('names paths as the machines of the run see them', async () => {
    const out = run('shared');
    await geor('verl', earth, ...grpo, '-o', out, '--shared-root', `${folder}=/shared`);
    const { cluster, launch } = readManifest(out);
    expect(cluster.root).toBe('/shared/shared');
    expect(launch.command).toContain('data.train_files=/shared/shared/data/train.parquet');
    const outside = geor('verl', earth, ...grpo, '-o', run('x'), '--shared-root', '/nowhere=/s');
    await expect(outside).rejects.toThrow(/is not below/);
  });

  it('takes the rows of geor synthesize with their pictures', async () => {
    const rows = run('rows.jsonl');
    await synthesize().parseAsync([earth, '-o', rows], { from: 'user' });
    const out = run('again');
    await geor('swift', rows, ...grpo, '-o', out);
    const ids = (path: string) => rowsOf(path).map(({ id }) => id);
    expect(ids(join(out, 'data/train.jsonl'))).toEqual(ids(rows));
    expect(readdirSync(join(out, 'data/images'))).toHaveLength(16);
  });

  it('passes on what is to be seen in a picture', async () => {
    const rows = run('seen.jsonl');
    const [first, ...others] = readFileSync(run('rows.jsonl'), 'utf8').trimEnd().split('\n');
    const seen = { ...(JSON.parse(first!) as object), entities: ['tram'] };
    writeFileSync(rows, [JSON.stringify(seen), ...others, ''].join('\n'));
    const out = run('globe');
    const columns = ['--columns', 'photo=images'];
    await geor('swift', rows, ...grpo, '--recipe', 'globe', ...columns, '-o', out);
    const [written] = rowsOf(join(out, 'data/train.jsonl'));
    expect(JSON.parse(written!.solution)).toMatchObject({ entities: ['tram'] });
  });

  it('does nothing but tell with --dry-run', async () => {
    const out = run('dry');
    const { stderr } = await geor('verl', earth, ...grpo, '-o', out, '--dry-run');
    expect(stderr).toMatch(/verl 0\.9\.0 {2}grpo of geo-r[\s\S]*peak [\d.]+ GB of 80 GB/);
    expect(existsSync(out)).toBe(false);
  });

  it('says what is wrong before it makes a picture', async () => {
    const csv = run('plain.csv');
    writeFileSync(csv, 'id,lat,lon\na,48.85,2.35\n');
    const refused = async (...args: readonly string[]): Promise<string> =>
      geor(...args, '-o', run('never')).then(
        () => 'nothing',
        (error: unknown) => String(error),
      );
    expect(await refused('trl', csv, ...grpo)).toContain('have no pictures');
    expect(await refused('verl', earth, ...grpo, '--device', 'cpu')).toContain('on processors');
    expect(await refused('trl', earth, ...grpo, '--set', 'promptsPerStep=7')).toContain(
      'whole prompts',
    );
    expect(await refused('trl', earth, ...grpo, '--set', 'nonsense=1')).toContain('nothing is set');
    expect(await refused('verl', earth, ...grpo, '--engine-version', '1.0')).toContain(
      'no template',
    );
    expect(await refused('trl', earth, '--stage', 'sft')).toContain('16 rows are not one step');
    expect(existsSync(run('never'))).toBe(false);
  });
});
