/**
 * verl: GRPO as a job of a Ray cluster, supervised training by torchrun.
 *
 * verl's names change between versions (0.7, 0.8 and 0.9 each moved the reward's), and names it no
 * longer reads stay in its configuration; so there is a template per version, and no other version
 * is written for.
 * @module
 */
import { type EngineFiles, type EngineWriter, PATHS } from '../export/engine-files.ts';
import type { Plan } from '../export/plan.ts';
import { checkBatches, grpoOverrides } from './grpo-overrides.ts';
import { type Overrides, overrideValue, overrideWords } from './overrides.ts';
import { rayJob } from './ray-job-body.ts';
import { sftOverrides } from './sft-overrides.ts';

/** A version's words. */
interface Template {
  overrides(plan: Plan): Overrides;
}

const templates: Readonly<Record<string, Template>> = {
  '0.9.0': {
    overrides(plan) {
      if (plan.numbers.stage === 'sft') return sftOverrides(plan, plan.numbers);
      checkBatches(plan);
      return grpoOverrides(plan);
    },
  },
};

/** Writes for verl. */
export const verl: EngineWriter = {
  versions: Object.keys(templates),
  rows: { format: 'verl', end: 'parquet' },
  write(plan) {
    const words = verlWords(plan);
    const isGrpo = plan.numbers.stage === 'grpo';
    const launch = isGrpo ? grpoLaunch(plan, words) : sftLaunch(plan, words);
    const list = { path: `${PATHS.engine}/overrides.json`, content: json(words) };
    const job = { path: `${PATHS.engine}/job.json`, content: json(rayJob(plan, launch)) };
    return {
      files: isGrpo ? [list, job] : [list],
      adapters: isGrpo ? ['geor_verl.py', 'geor_verl_broker.py', 'geor_rewards.py'] : [],
      needs: isGrpo
        ? {
            RAY_ADDRESS: 'the address of the cluster, e.g. http://head:8265',
            GEOR_REWARD_URL: 'the address of geor serve',
          }
        : {},
      launch,
      metrics: { file: PATHS.metrics, format: 'verl' },
      checkpoints: { folder: PATHS.checkpoints, latest: 'latest_checkpointed_iteration.txt' },
    };
  },
};

const json = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;

/** The overrides as words, those of the command line in place of ours. */
export function verlWords(plan: Plan): string[] {
  const ours = templates[plan.engineVersion]!.overrides(plan);
  const theirs = Object.entries(plan.engineSettings).map(
    ([name, value]) => [name, overrideValue(name, value)] as const,
  );
  return overrideWords({ ...ours, ...Object.fromEntries(theirs) });
}

function grpoLaunch(plan: Plan, words: readonly string[]): EngineFiles['launch'] {
  return {
    kind: 'ray-job',
    command: ['python3', '-m', 'verl.trainer.main_ppo', ...words],
    environment: environmentOf(plan),
    workingDirectory: PATHS.engine,
    // verl goes on from its own record of the last whole checkpoint: trainer.resume_mode=auto
    resumeArguments: [],
    perNode: false,
  };
}

function sftLaunch(plan: Plan, words: readonly string[]): EngineFiles['launch'] {
  const { nodes, gpusPerNode } = plan.cluster;
  const rendezvous =
    nodes === 1
      ? ['--standalone']
      : [
          ...['--nnodes', `${nodes}`, '--node-rank', '{nodeRank}'],
          ...['--master-addr', '{headAddress}', '--master-port', '29500'],
        ];
  return {
    kind: 'process',
    command: [
      ...['torchrun', ...rendezvous, '--nproc-per-node', `${gpusPerNode}`],
      ...['-m', 'verl.trainer.sft_trainer', ...words],
    ],
    environment: environmentOf(plan),
    workingDirectory: PATHS.engine,
    resumeArguments: [],
    perNode: true,
  };
}

/** verl's file of metrics is emptied when it is opened, so each attempt has its own. */
function environmentOf({ run }: Plan): Readonly<Record<string, string>> {
  return {
    GEOR_RUN: run,
    GEOR_ATTEMPT: '{attempt}',
    VERL_FILE_LOGGER_PATH: `{root}/${PATHS.metrics}`,
    TOKENIZERS_PARALLELISM: 'true',
    NCCL_DEBUG: 'WARN',
    HYDRA_FULL_ERROR: '1',
  };
}
