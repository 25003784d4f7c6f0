import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GeorError } from '../core/index.ts';
import { sha256 } from '../core/node/index.ts';
import { command, formatFindings } from './doctor.ts';
import * as checks from './doctor-checks.ts';
import * as engine from './doctor-engine.ts';
import { version } from './version.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command; what it printed and the exit code it left. */
async function doctor(...args: readonly string[]) {
  let stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  await command().exitOverride().parseAsync(args, { from: 'user' });
  return { stdout, exitCode: process.exitCode ?? 0 };
}

/** An engine that needs neither a driver nor time. */
function quietEngine(): void {
  vi.spyOn(engine, 'examineProviders').mockResolvedValue([]);
  vi.spyOn(engine, 'measureSpeed').mockResolvedValue([{ threads: 1, size: 256, gflops: 98.7 }]);
}

const works = (name: string, isNeeded: boolean): checks.Check => ({
  name,
  isNeeded,
  hint: 'never shown',
  look: () => 'fine',
});
const fails = (name: string, isNeeded: boolean): checks.Check => ({
  name,
  isNeeded,
  hint: 'try this',
  look: () => {
    throw new Error('it is not there');
  },
});

describe('examine', () => {
  it('makes findings of what is there and of what throws', async () => {
    const thrower: checks.Check = {
      ...fails('own hint', true),
      look: async () => {
        throw new GeorError('asset', 'asset x is missing', { hint: 'reinstall it' });
      },
    };
    const found = await checks.examine([works('a', true), fails('b', false), thrower]);
    expect(found.map(({ ms, ...finding }) => finding)).toEqual([
      { name: 'a', status: 'ok', isNeeded: true, detail: 'fine' },
      {
        name: 'b',
        status: 'missing',
        isNeeded: false,
        detail: 'it is not there',
        hint: 'try this',
      },
      {
        name: 'own hint',
        status: 'missing',
        isNeeded: true,
        detail: 'asset x is missing',
        hint: 'reinstall it',
      },
    ]);
  });
});

describe('geor doctor', () => {
  it('finds everything on a machine that runs the tests', async () => {
    quietEngine();
    const { stdout, exitCode } = await doctor('--json');
    const report = JSON.parse(stdout) as { checks: checks.Finding[] };
    expect(report).toMatchObject({
      ...{ geor: version, canRun: true, providers: [] },
      products: [{ threads: 1, size: 256, gflops: 98.7 }],
    });
    expect(exitCode).toBe(0);
    const found = new Map(report.checks.map((finding) => [finding.name, finding]));
    for (const { name, status, isNeeded } of report.checks)
      if (isNeeded) expect([name, status]).toEqual([name, 'ok']);
    const detail = (name: string) => found.get(name)!.detail;
    const gazetteer = readFileSync(new URL('../../assets/gazetteer.bin.br', import.meta.url));
    expect(detail('assets')).toContain(`gazetteer.bin.br ${sha256(gazetteer).slice(0, 12)}`);
    expect(detail('gazetteer')).toMatch(/^250 countries, 3,\d{3} regions, 19\d,\d{3} places$/);
    expect(detail('ONNX Runtime')).toMatch(/^1\.\d+\.\d+$/);
    expect(detail('Earth')).toBe('4096 x 2048 pixels');
    expect(detail('country quotas')).toBe('statistics of 250 countries');
    const photos = found.get('photos')!;
    if (photos.status === 'ok') expect(photos.detail).toMatch(/^sharp \d+\.\d+\.\d+$/);
    else expect(photos.hint).toContain('npm install sharp');
  });

  it('exits with 3 when something needed is missing, and says so', async () => {
    const list = vi.spyOn(checks, 'allChecks');
    list.mockReturnValue([works('a', true), fails('engine', true)]);
    const { stdout, exitCode } = await doctor();
    expect(stdout).toBe(
      `geor ${version}\n\n` +
        '  ok       a       fine\n' +
        '  missing  engine  it is not there\n' +
        '                   try this\n\n' +
        'The main job, geor quickstart, cannot run here yet: see what is missing above.\n',
    );
    expect(exitCode).toBe(3);
  });

  it('exits with 0 when only something optional is missing', async () => {
    vi.spyOn(checks, 'allChecks').mockReturnValue([works('a', true), fails('b', false)]);
    const { stdout, exitCode } = await doctor();
    expect(stdout).toContain('The main job can run: geor quickstart');
    expect(exitCode).toBe(0);
  });

  it('misses disk space in a folder that is not there', async () => {
    const disk = checks
      .allChecks(`${tmpdir()}/no/such/folder`)
      .filter(({ name }) => name === 'disk');
    const [finding] = await checks.examine(disk);
    expect(finding).toMatchObject({ status: 'missing', hint: expect.stringContaining('free') });
  });
});

describe('geor doctor --provider', () => {
  it('compares the CPU with itself, operation by operation', async () => {
    const { stdout, exitCode } = await doctor('--provider', 'cpu');
    expect(stdout).toMatch(/^cpu: (\d+) of \1 checks as on the CPU, at most 0 off\n/);
    expect(stdout).toMatch(/\n {2}rmsNorm +0 +0\n/);
    expect(exitCode).toBe(0);
  });

  it('exits with 3 for a provider that is not there, and says why', async () => {
    const { stdout, exitCode } = await doctor('--provider', 'no-such-provider', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ provider: 'no-such-provider', isThere: false, checks: [] },
      problem: expect.stringContaining('no-such-provider'),
    });
    expect(exitCode).toBe(3);
  });
});

describe('the engine, as a person reads it', () => {
  const check = (operation: string, result: number, gradient: number, problem?: string) => ({
    ...{ operation, variant: 'v', result, gradient, isRight: result < 1e-4 && gradient < 1e-4 },
    ...(problem && { problem }),
  });
  const right = {
    ...{ provider: 'webgpu', isThere: true },
    checks: [check('add', 0, 2e-7), check('erf', 5e-7, 0)],
  };
  const wrong = {
    ...{ provider: 'cuda', isThere: true },
    checks: [check('erf', 0.02, 0), check('exp', Number.NaN, Number.NaN, 'no kernel')],
  };
  const away = {
    ...{ provider: 'directml', isThere: false, checks: [] },
    problem: 'there is no such thing on this machine and there will never be one on it',
  };

  it('says of each provider whether it can be used, and shows speeds by size and threads', () => {
    const products = [1, 2].flatMap((threads) =>
      [256, 1024].map((size) => ({ threads, size, gflops: threads * 10.4 + size })),
    );
    expect(engine.formatEngine({ providers: [right, wrong, away], products }, 60)).toEqual([
      '  Execution providers',
      '    cpu       the reference of the others',
      '    webgpu    2 of 2 checks as on the CPU, at most 5e-7 off',
      '    cuda      refused: it does not compute erf, exp as the',
      '              CPU does',
      '    directml  not here: there is no such thing on this',
      '              machine and there will never be one on it',
      '',
      '  Matrix products, GFLOP/s     256    1024',
      '    1 thread                   266    1034',
      '    2 threads                  277    1045',
    ]);
  });

  it('shows the worst of each operation and marks what is wrong', () => {
    expect(engine.formatChecks(wrong).split('\n')).toEqual([
      'cuda: refused: it does not compute erf, exp as the CPU does',
      '',
      '  operation    result  gradient',
      '  erf            2e-2         0  wrong',
      '  exp             NaN       NaN  no kernel',
      '',
      'Deviation from the CPU, relative to the largest number, at least 1.',
      '',
    ]);
  });

  it('measures each size on one thread and on all', async () => {
    const asked: unknown[] = [];
    const speeds = await engine.measureSpeed(async (options) => asked.push(options));
    expect(speeds.map(({ threads, size }) => ({ size, threads }))).toEqual(asked);
    expect(new Set(speeds.map(({ size }) => size))).toEqual(new Set([256, 512, 1024]));
    expect(speeds.some(({ threads }) => threads === 1)).toBe(true);
  });
});

describe('formatFindings', () => {
  it('wraps what is long under its beginning', () => {
    const finding = {
      ...{ name: 'disk', status: 'missing' as const, isNeeded: true, ms: 0 },
      ...{ detail: 'words '.repeat(12).trim(), hint: 'do this and that and more of it' },
    };
    const lines = formatFindings([finding], true, 'none', 60).split('\n').slice(2, 6);
    expect(lines).toEqual([
      '  missing  disk  words words words words words words words',
      '                 words words words words words',
      '                 do this and that and more of it',
      '',
    ]);
    for (const line of lines) expect(line.length).toBeLessThan(60);
  });

  it('colours what is ok and what is missing, and shows what took long', () => {
    const finding = { name: 'a', isNeeded: true, detail: 'd', ms: 12 };
    const text = (status: 'ok' | 'missing', isNeeded: boolean) =>
      formatFindings([{ ...finding, status, isNeeded }], true, 'ansi').split('\n')[2];
    const quiet = '\u001b[2m, 12 ms\u001b[0m';
    expect(text('ok', true)).toBe(`  \u001b[32mok     \u001b[0m  a  d${quiet}`);
    expect(text('missing', true)).toBe(`  \u001b[31mmissing\u001b[0m  a  d${quiet}`);
    expect(text('missing', false)).toBe(`  \u001b[1mmissing\u001b[0m  a  d${quiet}`);
  });
});
