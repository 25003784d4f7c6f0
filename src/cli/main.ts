#!/usr/bin/env node
/**
 * The `geor` command: finds the command's file, loads only that, reports errors, sets the exit code.
 *
 * Only this room touches stdout, exit codes and the environment.
 * @module
 */
import { Command, CommanderError } from 'commander';
import { type ErrorCode, GeorError } from '../core/index.ts';
import { version } from './version.ts';

interface CommandModule {
  /** The command with its flags and its action. */
  readonly command: () => Command;
}

const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandModule> }>> =
  {
    quickstart: {
      summary: 'train, improve by reinforcement, evaluate: the whole job in minutes',
      load: () => import('./quickstart.ts'),
    },
    ablate: {
      summary: "the papers' tables in miniature, and what they say of each claim",
      load: () => import('./ablate.ts'),
    },
    resolve: {
      summary: 'coordinates to country, region and city',
      load: () => import('./resolve.ts'),
    },
    geocode: {
      summary: 'names to coordinates, with the level that was matched',
      load: () => import('./geocode.ts'),
    },
    select: {
      summary: 'rows to train on: a random sample, hard ones, or country quotas',
      load: () => import('./select.ts'),
    },
    synthesize: {
      summary: 'coordinates to training rows with Chain-of-Region answers',
      load: () => import('./synthesize.ts'),
    },
    train: {
      summary: 'supervised fine-tuning or GRPO, here, to a model or an adapter',
      load: () => import('./train.ts'),
    },
    generate: {
      summary: 'completions of a model in a folder, row by row',
      load: () => import('./generate.ts'),
    },
    reward: {
      summary: 'completions with targets to rewards and their parts',
      load: () => import('./reward.ts'),
    },
    locate: {
      summary: 'where photographs were taken: chain, coordinate, radii, clues',
      load: () => import('./locate.ts'),
    },
    calibrate: {
      summary: 'radii that hold the truth as often as they say, from held-out pictures',
      load: () => import('./calibrate.ts'),
    },
    evaluate: {
      summary: 'predictions against truth: accuracy at five distances, with intervals',
      load: () => import('./evaluate.ts'),
    },
    export: {
      summary: 'rows, configuration and adapters for verl, TRL or ms-swift',
      load: () => import('./export.ts'),
    },
    serve: {
      summary: 'rewards over HTTP, for training engines',
      load: () => import('./serve.ts'),
    },
    launch: {
      summary: 'start an exported run of an engine, follow it, keep it going',
      load: () => import('./launch.ts'),
    },
    merge: {
      summary: 'what an engine trained, as one model that servers read',
      load: () => import('./merge.ts'),
    },
    report: {
      summary: 'one page of training runs, their curves over each other',
      load: () => import('./report.ts'),
    },
    doctor: {
      summary: 'what works on this machine, and what to do about the rest',
      load: () => import('./doctor.ts'),
    },
  };

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  config: 2,
  backend: 3,
  engine: 3,
  data: 4,
  image: 4,
  asset: 4,
  internal: 70,
};

/** Prints an error as a person wants it: what, and what to do; a stack only for our own bugs. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof GeorError && error.code !== 'internal') {
    process.stderr.write(`error: ${error.message}\n`);
    if (error.hint) process.stderr.write(`hint: ${error.hint}\n`);
    return exitCodes[error.code];
  }
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCodes.internal;
}

/** Runs one command line; resolves to its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('geor')
    .description('Says where on Earth a picture was taken, and learns to.')
    .version(version)
    .exitOverride();
  const wanted = commands[args[0] ?? ''];
  try {
    if (wanted) program.addCommand((await wanted.load()).command().exitOverride());
    else
      for (const [name, { summary }] of Object.entries(commands))
        program.command(name).description(summary);
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

// `geor ... | head` closes the pipe early: that is an end, not an error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
