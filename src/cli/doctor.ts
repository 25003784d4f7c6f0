/**
 * `geor doctor`: what works on this machine, and what to do about the rest.
 *
 * Exit code 0 when the main job, `geor quickstart`, can run, whatever optional parts are missing;
 * else 3. With `--provider` the question is that provider alone.
 * @module
 */
import { Command } from 'commander';
import { examineSafely } from '../tensor/node/index.ts';
import { type ColorDepth, colorDepth, toned } from './display/index.ts';
import { allChecks, examine, type Finding } from './doctor-checks.ts';
import {
  type EngineReport,
  examineProviders,
  formatChecks,
  formatEngine,
  measureSpeed,
} from './doctor-engine.ts';
import { version } from './version.ts';
import { wrap } from './wrap.ts';

interface Flags {
  readonly json?: true;
  readonly provider?: string;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('doctor')
    .description('what works on this machine, and what to do about the rest')
    .option('--provider <name>', 'compare every operation of an execution provider with the CPU')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nThe exit code is 0 when the main job, geor quickstart, can run, and 3 when it cannot; with' +
        '\n--provider, 0 when the provider computes rightly. Providers: cpu, webgpu, cuda.',
    )
    .action(({ provider, json }: Flags) =>
      provider === undefined ? everything(json) : oneProvider(provider, json),
    );
}

const print = (text: string): void => void process.stdout.write(text);
const depthOfOutput = (): ColorDepth => colorDepth(process.stdout.isTTY === true, process.env);

async function everything(json?: true): Promise<void> {
  const findings = await examine(allChecks(process.cwd()));
  const canRun = findings.every(({ status, isNeeded }) => status === 'ok' || !isNeeded);
  const hasEngine = findings.some(({ name, status }) => name === 'ONNX Runtime' && status === 'ok');
  const engine: EngineReport = hasEngine
    ? { providers: await examineProviders(), products: await measureSpeed() }
    : { providers: [], products: [] };
  if (json) {
    const report = { geor: version, canRun, checks: findings, ...engine };
    print(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const columns = process.stdout.columns ?? 80;
    print(formatFindings(findings, canRun, depthOfOutput(), columns, engine));
  }
  if (!canRun) process.exitCode = 3;
}

async function oneProvider(provider: string, json?: true): Promise<void> {
  const report = await examineSafely(provider);
  print(json ? `${JSON.stringify(report, null, 2)}\n` : formatChecks(report, depthOfOutput()));
  if (!report.isThere || report.checks.some(({ isRight }) => !isRight)) process.exitCode = 3;
}

/** Findings as a person reads them: a line each, longer ones wrapped under their beginning. */
export function formatFindings(
  findings: readonly Finding[],
  canRun: boolean,
  depth: ColorDepth = 'none',
  columns = 80,
  engine?: EngineReport,
): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 13);
  const lines = findings.flatMap(({ name, status, detail, hint, ms, isNeeded }) => {
    const tone = status === 'ok' ? 'good' : isNeeded ? 'bad' : 'strong';
    const label = toned(status.padEnd(7), tone, depth);
    const [first, ...others] = wrap(detail, columns - indent.length - 1);
    const time = ms >= 10 && others.length === 0 ? toned(`, ${ms} ms`, 'quiet', depth) : '';
    const line = `  ${label}  ${name.padEnd(width)}  ${first}${time}`;
    const hints = hint ? wrap(hint, columns - indent.length - 1) : [];
    return [line, ...[...others, ...hints].map((text) => `${indent}${text}`)];
  });
  if (engine && engine.products.length > 0) lines.push('', ...formatEngine(engine, columns, depth));
  const end = canRun
    ? 'The main job can run: geor quickstart'
    : 'The main job, geor quickstart, cannot run here yet: see what is missing above.';
  return `geor ${version}\n\n${lines.join('\n')}\n\n${end}\n`;
}
