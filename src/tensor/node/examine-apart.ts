/**
 * Looks at an execution provider in a process of its own: a driver that crashes takes only that with
 * it, and what the runtime prints stays there.
 * @module
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { examineProvider, type ProviderReport } from '../check/examine-provider.ts';

/** The process's program, built; it cannot run from sources. */
const PROGRAM = new URL('./examine-program.js', import.meta.url);

/**
 * What `examineProvider` finds.
 *
 * @param program - prints the report as JSON, with `null` for NaN
 */
export async function examineApart(provider: string, program = PROGRAM): Promise<ProviderReport> {
  const child = spawn(process.execPath, [fileURLToPath(program), provider], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const [output, how] = await Promise.all([text(child.stdout), ended]);
  if (!output) {
    const problem = `the process that tried it ended without a word: ${how}`;
    return { provider, isThere: false, problem, checks: [] };
  }
  const report = JSON.parse(output) as ProviderReport;
  const number = (value: number | null): number => value ?? Number.NaN;
  const checks = report.checks.map((check) => ({
    ...check,
    result: number(check.result),
    gradient: number(check.gradient),
  }));
  return { ...report, checks };
}

/** {@link examineApart} where the package is built, else in this process. */
export const examineSafely = (provider: string): Promise<ProviderReport> =>
  import.meta.url.endsWith('.js') ? examineApart(provider) : examineProvider(provider);
