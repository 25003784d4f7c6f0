/**
 * `geor doctor`: what works on this machine, and what to do about the rest.
 *
 * Exit code 0 when the main job, `geor quickstart`, can run, whatever optional parts are missing;
 * else 3.
 * @module
 */
import { Command } from 'commander';
import { type ColorDepth, colorDepth, toned } from './display/index.ts';
import { allChecks, examine, type Finding } from './doctor-checks.ts';
import { version } from './version.ts';

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('doctor')
    .description('what works on this machine, and what to do about the rest')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nThe exit code is 0 when the main job, geor quickstart, can run, and 3 when it cannot.',
    )
    .action(run);
}

async function run({ json }: { readonly json?: true }): Promise<void> {
  const findings = await examine(allChecks(process.cwd()));
  const canRun = findings.every(({ status, isNeeded }) => status === 'ok' || !isNeeded);
  if (json) {
    const report = { geor: version, canRun, checks: findings };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const depth = colorDepth(process.stdout.isTTY === true, process.env);
    process.stdout.write(formatFindings(findings, canRun, depth));
  }
  if (!canRun) process.exitCode = 3;
}

/** Findings as a person reads them, a line each. */
export function formatFindings(
  findings: readonly Finding[],
  canRun: boolean,
  depth: ColorDepth = 'none',
): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, status, detail, hint, ms, isNeeded }) => {
    const tone = status === 'ok' ? 'good' : isNeeded ? 'bad' : 'strong';
    const label = toned(status.padEnd(7), tone, depth);
    const time = ms >= 10 ? toned(`, ${ms} ms`, 'quiet', depth) : '';
    const line = `  ${label}  ${name.padEnd(width)}  ${detail}${time}`;
    return hint ? [line, `${' '.repeat(width + 13)}${hint}`] : [line];
  });
  const end = canRun
    ? 'The main job can run: geor quickstart'
    : 'The main job, geor quickstart, cannot run here yet: see what is missing above.';
  return `geor ${version}\n\n${lines.join('\n')}\n\n${end}\n`;
}
