/**
 * What can be known to go wrong before anything is started.
 * @module
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import type { EngineName, Manifest } from '../manifest/manifest.ts';

/** The Python packages that decide whether an engine runs, the engine's own first. */
const PACKAGES: Readonly<Record<EngineName, readonly string[]>> = {
  trl: ['trl', 'transformers', 'peft', 'accelerate', 'torch'],
  swift: ['ms-swift', 'transformers', 'peft', 'trl', 'torch'],
  verl: ['verl', 'vllm', 'transformers', 'ray', 'torch'],
};

/** Versions of installed packages; `null` where one is missing. */
export type Versions = Readonly<Record<string, string | null>>;

const versionsSchema = z.record(z.string(), z.string().nullable());

/** Arguments for a Python that print the versions of an engine's packages as one JSON document. */
export function versionQuery(engine: EngineName): string[] {
  const names = JSON.stringify(PACKAGES[engine]);
  return [
    '-c',
    `import importlib.metadata as m, json
def v(n):
    try: return m.version(n)
    except m.PackageNotFoundError: return None
print(json.dumps({n: v(n) for n in ${names}}))`,
  ];
}

/** Reads what {@link versionQuery} printed. */
export const parseVersions = (text: string): Versions => versionsSchema.parse(JSON.parse(text));

/**
 * Refuses an engine that is missing or has another version than the one exported for: their
 * settings change names from version to version, and some are then ignored without a word.
 *
 * @throws GeorError `engine`
 */
export function checkVersions(manifest: Manifest, versions: Versions, python: string): void {
  const { name, version } = manifest.engine;
  const [package_ = name] = PACKAGES[name];
  const found = versions[package_];
  if (found === version) return;
  throw new GeorError(
    'engine',
    found
      ? `${package_} is ${found}; the run was exported for ${version}`
      : `${python} has no ${package_}`,
    {
      hint: found
        ? `install ${package_}==${version}, choose its environment with --python, or say --any-version`
        : `install ${package_}==${version} there, or choose another environment with --python`,
    },
  );
}

/**
 * Checks the folder of a run that will be started on this machine.
 *
 * @returns what is odd but allowed, in sentences
 * @throws GeorError `data` when something that the engine will read is not there
 */
export function checkFolder(folder: string, manifest: Manifest): string[] {
  const { root } = manifest.cluster;
  if (manifest.launch.kind === 'process' && !isSameFolder(folder, root))
    throw new GeorError(
      'data',
      `the run was exported to ${root} and now lies in ${resolve(folder)}`,
      {
        hint: 'paths in its settings are absolute: move it back, or export it again',
      },
    );
  const { train, validation } = manifest.data;
  for (const file of [train.file, ...(validation ? [validation.file] : [])])
    if (!existsSync(join(folder, file)))
      throw new GeorError('data', `${join(folder, file)} is missing`, {
        hint: 'export the run again, or mount the storage it lies on',
      });
  const { path } = manifest.model;
  if (path.startsWith('/') && manifest.launch.kind === 'process' && !existsSync(path))
    throw new GeorError('data', `the model's folder ${path} is missing`, {
      hint: 'mount the storage it lies on, or export again with --model',
    });
  const odd: string[] = [];
  for (const { path: file, sha256: expected } of manifest.files) {
    const at = join(folder, file);
    if (!existsSync(at))
      throw new GeorError('data', `${at} is missing`, { hint: 'export the run again' });
    if (sha256(readFileSync(at)) !== expected) odd.push(`${file} was changed after the export`);
  }
  return odd;
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
