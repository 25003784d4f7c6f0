/**
 * The environment that an engine on this machine runs in, and whether it fits the run.
 * @module
 */
import { execFile } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GeorError } from '../../core/index.ts';
import { checkVersions, type Manifest, parseVersions, versionQuery } from '../../engines/index.ts';

const TIMEOUT_MS = 120_000;

/** This process's environment with the folder of a Python first on the path. */
export function engineEnvironment(python: string | undefined): NodeJS.ProcessEnv {
  if (python === undefined) return process.env;
  return {
    ...process.env,
    PATH: [dirname(resolve(python)), process.env['PATH']].filter(Boolean).join(delimiter),
  };
}

/**
 * Asks the engine's Python what it has.
 *
 * @returns the versions, in words
 * @throws GeorError `engine` when there is no Python, or the engine is not the one exported for
 */
export async function checkEngine(
  manifest: Manifest,
  { python = 'python', isAnyVersion }: { python?: string | undefined; isAnyVersion: boolean },
): Promise<string> {
  let text: string;
  try {
    const { stdout } = await promisify(execFile)(python, versionQuery(manifest.engine.name), {
      timeout: TIMEOUT_MS,
    });
    text = stdout;
  } catch (cause) {
    throw new GeorError('engine', `${python} does not run`, {
      hint: "activate the engine's environment, or name its Python with --python",
      cause,
    });
  }
  const versions = parseVersions(text);
  if (!isAnyVersion) checkVersions(manifest, versions, python);
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version ?? 'missing'}`)
    .join(', ');
}
