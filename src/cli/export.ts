/**
 * `geor export`: a run of verl, TRL or ms-swift as a folder: rows, configuration, adapters.
 * @module
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { gazetteerChecksum, inlinePool, rejectsPath, writeSynthesis } from '../data/index.ts';
import {
  engineWriter,
  estimate,
  estimateText,
  type Plan,
  refuseOldRun,
  writeRun,
  writtenRows,
} from '../engines/index.ts';
import { type ExportFlags, exportCommand } from './export-flags.ts';
import { openExportInputs, planOf, rewardOf } from './export-plan.ts';
import type { OpenedInput } from './synthesize-inputs.ts';
import { version } from './version.ts';

/** The command with its flags and its action. */
export function command(): Command {
  return exportCommand(run);
}

async function run(engine: Plan['engine'], inputs: readonly string[], flags: ExportFlags) {
  const { output: folder } = flags;
  refuseOldRun(folder);
  const { maxPixels } = planOf(engine, flags, { train: 0, validation: 0 }).numbers;
  const opened = openExportInputs(inputs, flags, maxPixels);
  const held = openExportInputs(flags.validation ?? [], flags, maxPixels);
  const expected = { train: rowsOf(opened, flags.limit), validation: heldRows(held, flags) };
  const guess = planOf(engine, flags, expected);
  const reward = rewardOf(guess, flags);
  say(planText(guess));
  say(estimateText(guess, estimate(guess)));
  engineWriter(engine).write(guess); // what cannot be written is said before any picture is made
  if (reward && guess.cluster.nodes > 1 && flags.rewardUrl === undefined)
    say('note: the service that geor launch starts is for one machine; give --reward-url for more');
  if (flags.dryRun) return;

  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const train = await writeRows('train', opened, guess, flags, stop.signal);
    const validation =
      held.length > 0 ? await writeRows('validation', held, guess, flags, stop.signal) : 0;
    if (train === undefined || validation === undefined) {
      say('interrupted; the same command with --resume goes on');
      process.exitCode = 130;
      return;
    }
    const plan = planOf(engine, flags, { train, validation });
    await writeRun(folder, plan, {
      geor: version,
      reward,
      rewardUrl: flags.rewardUrl ?? null,
    });
    if (train !== expected.train) say(estimateText(plan, estimate(plan)));
    say(`${folder}: ${train} rows to train on, ${validation} held out`);
    say(`start it with: geor launch ${folder}`);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const rowsOf = (opened: readonly OpenedInput[], limit = Number.POSITIVE_INFINITY): number =>
  Math.min(
    limit,
    opened.reduce((total, { estimatedItems }) => total + estimatedItems, 0),
  );

const heldRows = (held: readonly OpenedInput[], flags: ExportFlags): number =>
  held.length === 0 ? 0 : rowsOf(held, flags.validationLimit);

function planText({ engine, engineVersion, recipe, variant, numbers, model, cluster }: Plan) {
  const { nodes, gpusPerNode, processesPerNode } = cluster;
  const machines =
    gpusPerNode === 0
      ? `${processesPerNode} processes on processors`
      : `${nodes} x ${gpusPerNode} GPUs`;
  return (
    `${engine} ${engineVersion}  ${numbers.stage} of ${recipe} (${variant}, ${numbers.condition}), ` +
    `${model.preset ?? model.path}, ${numbers.adaptation}, on ${machines}`
  );
}

/** Rows of one split, with their pictures; undefined when interrupted. */
async function writeRows(
  split: 'train' | 'validation',
  opened: readonly OpenedInput[],
  plan: Plan,
  flags: ExportFlags,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { format, end } = engineWriter(plan.engine).rows;
  const { numbers, cluster, recipe } = plan;
  const path = join(flags.output, 'data', `${split}.${end}`);
  const render = {
    ...{ contract: recipe, condition: numbers.condition, style: flags.style, format },
    ...{ stage: numbers.stage, hasImages: true, split, imageRoot: `${cluster.root}/data/` },
  };
  const limit = split === 'train' ? flags.limit : flags.validationLimit;
  const pool = inlinePool(render);
  try {
    const identity = {
      ...{ geor: version, ...render, limit, maxPixels: numbers.maxPixels },
      inputs: await Promise.all(opened.map((input) => input.fingerprint())),
      gazetteer: gazetteerChecksum(),
    };
    const { tally, isInterrupted } = await writeSynthesis(
      opened.map((input) => input.open()),
      pool,
      { path, render, identity, limit, signal, resume: flags.resume ?? false },
    );
    if (isInterrupted) return undefined;
    const rejected = tally.items - tally.rows;
    if (rejected > 0) {
      say(`rejected: ${rejected} of ${split}, see ${rejectsPath(path)}`);
      process.exitCode = 1;
    }
  } finally {
    await pool.close();
  }
  const rows = writtenRows(path);
  if (rows > 0) return rows;
  throw new GeorError('data', `there is no row in ${path}`, {
    hint: `${rejectsPath(path)} says why, if there is one`,
  });
}
