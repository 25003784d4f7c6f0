/**
 * The flags of `geor launch`.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../whole-number.ts';

/** What was asked. */
export interface LaunchFlags {
  readonly attach?: true;
  readonly stop?: true;
  readonly dryRun?: true;
  readonly attempts: number;
  /** 0: never taken for stuck. */
  readonly stallMinutes: number;
  readonly python?: string;
  readonly anyVersion?: true;
  readonly address?: string;
  readonly rewardUrl?: string;
  readonly json?: true;
}

const webAddress = (text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It has to be an address such as http://127.0.0.1:8265.');
  return text.replace(/\/+$/, '');
};

/** The command without its action. */
export function launchCommand(): Command {
  return new Command('launch')
    .description('start an exported run, follow it, start it again from its last checkpoint')
    .argument('<folder>', 'the run, as geor export wrote it')
    .option('--attach', 'take up a run that is going; never starts one')
    .addOption(new Option('--stop', 'stop the run').conflicts(['attach', 'dryRun']))
    .option('--dry-run', 'print what would run')
    .option('--attempts <n>', 'starts at most, each from the last checkpoint', wholeNumber(1), 3)
    .option(
      '--stall-minutes <n>',
      'silence after which a run counts as stuck; 0 for never',
      wholeNumber(0),
      10,
    )
    .option('--python <file>', "the engine's Python; its folder comes first on PATH")
    .option('--any-version', 'run an engine of another version than the one exported for')
    .option(
      '--address <url>',
      "the Ray dashboard of verl's cluster",
      webAddress,
      'http://127.0.0.1:8265',
    )
    .option('--reward-url <url>', 'a reward service that runs already', webAddress)
    .option('--json', 'print how it ended as one JSON document')
    .addHelpText(
      'after',
      `
TRL and ms-swift run on this machine, verl on a Ray cluster by its job API. Ctrl-C stops a run on
this machine, and leaves one on a cluster going: geor launch FOLDER --attach follows it again,
--stop ends it. A reward service is started for the run unless the export or --reward-url names one.
Tokens come from GEOR_REWARD_TOKEN and RAY_AUTH_TOKEN.`,
    );
}
