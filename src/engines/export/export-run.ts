/**
 * Writes the folder of a run: rows and pictures, the engine's configuration, adapters, the script
 * that starts it, and last the manifest, so that a folder with a manifest is whole.
 * @module
 */
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { readAsset, sha256, writeFileAtomic } from '../../core/node/index.ts';
import { cardFile } from '../../data/index.ts';
import { MANIFEST_FILE, type Manifest, writeManifest } from '../manifest/manifest.ts';
import { swift } from '../swift/swift.ts';
import { trl } from '../trl/trl.ts';
import { verl } from '../verl/verl.ts';
import { type EngineFiles, type EngineWriter, PATHS, type TextFile } from './engine-files.ts';
import { estimate } from './estimate.ts';
import { layoutOf, type Plan } from './plan.ts';
import { launchScript } from './shell.ts';

const writers: Readonly<Record<Plan['engine'], EngineWriter>> = { verl, trl, swift };

/** The writer of an engine. */
export function engineWriter(engine: Plan['engine']): EngineWriter {
  return writers[engine];
}

/**
 * The version to write for.
 *
 * Engines change the names of their settings between versions, and some ignore what they do not know;
 * so a version without a template is refused.
 *
 * @param wanted - the newest that is known by default
 * @throws GeorError `usage` for a version without a template
 */
export function engineVersion(engine: Plan['engine'], wanted: string | undefined): string {
  const { versions } = writers[engine];
  const version = wanted ?? versions[0]!;
  if (versions.includes(version)) return version;
  throw new GeorError('usage', `geor has no template for ${engine} ${version}`, {
    hint: `there is one for ${versions.join(' and ')}; settings change their names between versions`,
  });
}

/** What a manifest says that is not in the plan. */
export interface RunFacts {
  readonly geor: string;
  readonly reward: NonNullable<Manifest['reward']>['config'] | null;
  readonly rewardUrl: string | null;
}

/** @throws GeorError `usage` when there is a run in the folder already */
export function refuseOldRun(folder: string): void {
  if (!existsSync(join(folder, MANIFEST_FILE))) return;
  throw new GeorError('usage', `${folder} holds a run already`, {
    hint: 'export into another folder, or remove this one',
  });
}

/**
 * Writes everything but the rows, which have to be there.
 *
 * @returns the manifest
 */
export async function writeRun(folder: string, plan: Plan, facts: RunFacts): Promise<Manifest> {
  const written = writers[plan.engine].write(plan);
  const adapters = written.adapters.map((name): TextFile => {
    const content = readAsset(`adapters/${name}`).toString('utf8');
    return { path: `${PATHS.engine}/${name}`, content };
  });
  const files = [...written.files, ...adapters, launchScript(plan, written)];
  for (const { path, content, executable } of files) {
    writeFileAtomic(join(folder, path), content);
    if (executable) chmodSync(join(folder, path), 0o755);
  }
  const manifest = await manifestOf(folder, plan, facts, written, files);
  writeManifest(folder, manifest);
  return manifest;
}

async function manifestOf(
  folder: string,
  plan: Plan,
  { geor, reward, rewardUrl }: RunFacts,
  written: EngineFiles,
  files: readonly TextFile[],
): Promise<Manifest> {
  const { numbers, model, engine, rows } = plan;
  const { end } = writers[engine].rows;
  const rowFile = async (file: string, count: number) => {
    const { sha256 } = await cardFile(join(folder, file));
    return { file, rows: count, sha256 };
  };
  const { memory, ...figures } = estimate(plan);
  return {
    version: 1,
    geor,
    run: plan.run,
    engine: { name: engine, version: plan.engineVersion },
    stage: numbers.stage,
    recipe: { name: plan.recipe, variant: plan.variant, condition: numbers.condition },
    model: { ...model, adaptation: numbers.adaptation, maxPixels: numbers.maxPixels },
    cluster: plan.cluster,
    seed: plan.seed,
    reward:
      reward && numbers.stage === 'grpo'
        ? { url: rewardUrl, config: reward, groupSize: numbers.groupSize }
        : null,
    data: {
      train: await rowFile(PATHS.trainRows(end), rows.train),
      validation:
        rows.validation > 0 ? await rowFile(PATHS.validationRows(end), rows.validation) : null,
      images: imagesOf(folder),
    },
    files: files.map(({ path, content }) => ({ path, sha256: sha256(content) })),
    launch: written.launch,
    metrics: written.metrics,
    checkpoints: written.checkpoints,
    totalSteps: figures.steps,
    estimates: {
      ...figures,
      ...(memory && { gpuPeakBytes: Math.round(memory.peak) }),
      generationGpus: layoutOf(plan).generationGpus,
    },
  };
}

function imagesOf(folder: string): Manifest['data']['images'] {
  const path = join(folder, 'data', 'images');
  const names = existsSync(path) ? readdirSync(path).sort() : [];
  return { count: names.length, sha256: sha256(names.join('\n')) };
}

/** Rows that a file of JSON lines or the card beside any file of rows says it has. */
export function writtenRows(path: string): number {
  const card: unknown = JSON.parse(readFileSync(`${path}.card.json`, 'utf8'));
  const counts = (card as { counts?: { rows?: unknown } }).counts;
  return typeof counts?.rows === 'number' ? counts.rows : 0;
}
