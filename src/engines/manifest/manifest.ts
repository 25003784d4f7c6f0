/**
 * What a run of an engine consists of: `manifest.json` in its folder.
 *
 * Written once by the export and never changed after; what happened to the run is in files of its
 * own (`attempts.jsonl`, `metrics/`, `logs/`). It holds no secret: tokens come from the environment
 * of whoever starts the run. Paths are relative to the run's folder and use `/`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { writeFileAtomic } from '../../core/node/index.ts';

/** The engines that geor writes for. */
export const ENGINES = ['verl', 'trl', 'swift'] as const;

/** The name of an engine. */
export type EngineName = (typeof ENGINES)[number];

/** Name of the file in the run's folder. */
export const MANIFEST_FILE = 'manifest.json';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const relativePath = z
  .string()
  .min(1)
  .refine((path) => !/^([/\\]|[a-z]:)|(^|\/)\.\.(\/|$)/i.test(path), 'a path inside the folder');

const rowFile = z.strictObject({ file: relativePath, rows: count, sha256 });

/** A reward as `geor serve` is told it; the same object everywhere gives the same rewards. */
const rewardConfig = z.looseObject({
  recipe: z.string(),
  variant: z.enum(['paper', 'released']).optional(),
});

const manifest = z.strictObject({
  version: z.literal(1),
  /** Version of geor that wrote it. */
  geor: z.string(),
  /** Name of the run: letters, digits, `.`, `_` and `-`. */
  run: z.string().regex(/^[\w.-]+$/),
  engine: z.strictObject({ name: z.enum(ENGINES), version: z.string() }),
  stage: z.enum(['sft', 'grpo']),
  recipe: z.strictObject({
    name: z.string(),
    variant: z.string(),
    /** Prompt condition: `cor`, `cot` or `direct`. */
    condition: z.string(),
  }),
  model: z.strictObject({
    /** Folder or hub id, as the engine's machines see it. */
    path: z.string().min(1),
    preset: z.string().nullable(),
    adaptation: z.enum(['lora', 'full']),
    maxPixels: count,
  }),
  cluster: z.strictObject({
    nodes: z.int().positive(),
    /** 0 for processors only. */
    gpusPerNode: count,
    /** Processes that train on each node. */
    processesPerNode: z.int().positive(),
    /** The run's folder as the engine's machines see it. */
    root: z.string().min(1),
  }),
  seed: count,
  /** `null` where no reward is needed. */
  reward: z
    .strictObject({
      /** Base address of the service; `null`: whoever starts the run starts one. */
      url: z.url().nullable(),
      config: rewardConfig,
      /** Completions of a prompt that are scored together. */
      groupSize: z.int().positive(),
    })
    .nullable(),
  data: z.strictObject({
    train: rowFile,
    validation: rowFile.nullable(),
    /** Number of pictures, and the checksum over their names, which are made of their content. */
    images: z.strictObject({ count, sha256 }),
  }),
  /** Every other file of the export. */
  files: z.array(z.strictObject({ path: relativePath, sha256 })),
  launch: z.strictObject({
    kind: z.enum(['process', 'ray-job']),
    /**
     * The program and its arguments. Placeholders, here and in what follows: `{root}` (the run's
     * folder as the engine's machines see it) and `{attempt}` (from 1).
     */
    command: z.array(z.string()).min(1),
    environment: z.record(z.string(), z.string()),
    /** Where the command runs. */
    workingDirectory: relativePath,
    /**
     * Added to the command when there is a checkpoint to go on from, `{checkpoint}` being its
     * absolute path.
     */
    resumeArguments: z.array(z.string()),
    /** Whether the command is to be started on every node, or once for all. */
    perNode: z.boolean(),
  }),
  metrics: z.strictObject({
    /** With `{attempt}`, or one file that all attempts append to. */
    file: relativePath,
    format: z.enum(ENGINES),
  }),
  checkpoints: z.strictObject({
    folder: relativePath,
    /** File in that folder that names the last whole checkpoint, where the engine writes one. */
    latest: z.string().nullable(),
  }),
  /** Steps of the optimiser that the run has, as estimated from rows and batches. */
  totalSteps: z.int().positive(),
  /** What the run was estimated to need before it started. */
  estimates: z.record(z.string(), z.number()),
});

/** See the schema above for every field. */
export type Manifest = z.infer<typeof manifest>;

/**
 * Reads the manifest of a run's folder.
 *
 * @throws GeorError `usage` when the folder has none, `data` when it is not one of this version.
 */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GeorError('usage', `${folder} is not the folder of an exported run`, {
      hint: `there is no ${MANIFEST_FILE}; write one with geor export`,
      cause,
    });
  }
  try {
    return manifest.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new GeorError('data', `${path} cannot be read: ${why}`, {
      hint: 'export the run again with this version of geor',
      cause,
    });
  }
}

/**
 * Writes the manifest into a run's folder.
 *
 * @throws GeorError `internal` when it breaks its own rules.
 */
export function writeManifest(folder: string, content: Manifest): void {
  const checked = manifest.safeParse(content);
  if (!checked.success)
    throw new GeorError('internal', `internal: manifest: ${z.prettifyError(checked.error)}`);
  writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(checked.data, null, 2)}\n`);
}
