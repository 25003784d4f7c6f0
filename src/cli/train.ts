/**
 * `geor train sft|grpo`: embedded training from rows or photographs to a model or an adapter.
 * @module
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { gazetteerChecksum } from '../data/index.ts';
import { SHIPPED_MODEL } from '../locate/node/index.ts';
import { formatKm, formatPercent } from '../report/index.ts';
import { type RewardConfig, rewardConfigHash } from '../rewards/index.ts';
import {
  readRecipeFile,
  rewardConfigOf,
  runTraining,
  TrainingFolder,
  type TrainingOutcome,
  type TrainingRecipe,
  trainingRecipe,
} from '../train/index.ts';
import { longRun } from './long-run.ts';
import { openReward } from './open-reward.ts';
import { announceProvider, providerSettings } from './provider.ts';
import { openModels } from './reward-models.ts';
import { addTrainFlags, overridesOf, type TrainFlags } from './train/flags.ts';
import { type HeldOutFigures, heldOutFigures } from './train/held-out.ts';
import { renderTrainingFolders } from './train/page.ts';
import { partTitles, watchOn } from './train/watch.ts';
import { version } from './version.ts';

type Stage = 'sft' | 'grpo';

const HELP = `
docs/training.md says what every setting means, and goes the whole way from a folder of photographs
to an adapter. Recipes are in recipes/: earth/ for small models here; those of the papers too.

A picture that cannot be used is left out, with its reason in failures.jsonl; the exit code is then 1.
Ctrl-C stops after the step, a second one at once; --resume goes on, to the same numbers.

Examples:
  geor train sft --config recipes/earth/sft.yaml --data photos/ --model tiny -o runs/sft
  geor train grpo --config recipes/earth/grpo.yaml --data hard.jsonl --model runs/sft/model --lora
  geor train grpo --resume -o runs/grpo`;

/** The command with its flags and its action. */
export function command(): Command {
  const group = new Command('train').description(
    'supervised fine-tuning or GRPO, here, to a model or an adapter',
  );
  const stages = {
    sft: 'supervised fine-tuning on answers of rows, or built from their coordinates',
    grpo: 'GRPO: groups of answers, scored by geography, the better ones made likelier',
  } as const;
  for (const [stage, description] of Object.entries(stages) as [Stage, string][]) {
    const sub = new Command(stage).description(description).exitOverride();
    group.addCommand(
      addTrainFlags(sub, stage)
        .addHelpText('after', HELP)
        .action((flags: TrainFlags) => run(stage, flags)),
    );
  }
  return group;
}

async function run(stage: Stage, flags: TrainFlags): Promise<void> {
  const { folder, recipe } = flags.resume ? await resumed(stage, flags) : await begun(stage, flags);
  if (!folder) return;
  if (folder.record.finished) {
    process.stderr.write(`${folder.path} is finished\n`);
    return;
  }
  try {
    await train(folder, recipe, flags);
  } catch (error) {
    // a run whose data could not be read has not begun: the same command may be tried again
    if (!flags.resume && folder.record.steps === undefined)
      rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
}

async function train(
  folder: TrainingFolder,
  recipe: TrainingRecipe,
  flags: TrainFlags,
): Promise<void> {
  const { threads, provider } = folder.record;
  await announceProvider(provider);
  const { reward, notices, showsPictures } = rewardOf(recipe, folder);
  for (const notice of [...notices, ...warnings(recipe)]) process.stderr.write(`note: ${notice}\n`);
  const hasStart = existsSync(folder.record.model);
  const titles = partTitles(recipe, hasStart);
  await longRun(
    [
      titles.data,
      ...(recipe.evalData && hasStart ? [titles.before] : []),
      titles.training,
      ...(recipe.evalData ? [titles.after] : []),
    ],
    async (display, signal) => {
      const outcome = await runTraining(
        {
          ...{ folder, recipe, reward, showsPictures },
          ...(threads !== undefined && { threads }),
        },
        watchOn(display, titles, recipe),
        signal,
      );
      const figures = heldOutFigures(folder.path);
      writeFileAtomic(folder.file('report.html'), renderTrainingFolders([folder.path]));
      if (figures.length > 0) display.table(heldOutTable(figures));
      display.done();
      process.stderr.write(`${summary(folder, recipe, outcome)}\n`);
      if (flags.json) printJson(folder, outcome, figures);
      process.exitCode = !outcome.finished
        ? 130
        : outcome.leftOut.length + outcome.faults > 0
          ? 1
          : 0;
    },
  );
}

interface PlannedRun {
  /** Absent after a dry run. */
  readonly folder?: TrainingFolder;
  readonly recipe: TrainingRecipe;
}

/** A new run, of a recipe file and of flags. */
async function begun(stage: Stage, flags: TrainFlags): Promise<PlannedRun> {
  if (flags.config === undefined)
    throw new GeorError('usage', 'geor train needs --config FILE', {
      hint: `e.g. recipes/earth/${stage}.yaml; or --resume with -o to go on with a run`,
    });
  const recipe = trainingRecipe(stage, readRecipeFile(flags.config), overridesOf(flags), {
    name: flags.config,
    released: flags.variant === 'released',
  });
  if (!recipe.data)
    throw new GeorError('usage', 'there is nothing to train on', {
      hint: 'give --data, or data in the recipe',
    });
  if (!recipe.model)
    throw new GeorError('usage', 'there is no model to train', {
      hint: 'give --model FOLDER, shipped, tiny, 5m or 25m, or model in the recipe',
    });
  const model = recipe.model === 'shipped' ? SHIPPED_MODEL : recipe.model;
  if (flags.dryRun) {
    process.stdout.write(`${JSON.stringify({ ...recipe, model }, null, 2)}\n`);
    return { recipe };
  }
  const folder = await TrainingFolder.create(flags.output ?? freshFolder(join('runs', stage)), {
    ...{ recipe, model, geor: version, arguments: process.argv.slice(2) },
    ...(flags.threads !== undefined && { threads: flags.threads }),
    ...providerSettings(flags.provider),
    ...(recipe.stage === 'grpo' && {
      about: { reward: await rewardConfigHash(rewardConfigOf(recipe), gazetteerChecksum()) },
    }),
  });
  return { folder, recipe };
}

/** A run that goes on as it began. */
async function resumed(stage: Stage, flags: TrainFlags): Promise<PlannedRun> {
  if (flags.output === undefined)
    throw new GeorError('usage', '--resume needs -o FOLDER', { hint: 'name the run’s folder' });
  const folder = await TrainingFolder.open(flags.output);
  const recipe = trainingRecipe(stage, folder.record.recipe, {}, { name: folder.file('run.json') });
  const asked = flags.config === undefined ? folder.record.recipe : readRecipeFile(flags.config);
  const again = trainingRecipe(stage, asked, overridesOf(flags), {
    name: flags.config ?? 'the flags',
    released: flags.variant === 'released',
  });
  const { threads, provider = 'cpu' } = folder.record;
  const strange =
    Object.keys(again).find((name) => {
      const key = name as keyof TrainingRecipe;
      return JSON.stringify(again[key]) !== JSON.stringify(recipe[key]);
    }) ??
    (flags.threads !== undefined && flags.threads !== threads ? 'number of threads' : undefined) ??
    (flags.provider !== undefined && flags.provider !== provider ? 'provider' : undefined);
  if (strange !== undefined)
    throw new GeorError('usage', `${flags.output} was begun with another ${strange}`, {
      hint: 'a run goes on as it began: give --resume and -o alone, or start another run',
    });
  return { folder, recipe };
}

/** `base`, or `base-2`, `base-3`, ...: the first that is not there or empty. */
function freshFolder(base: string): string {
  for (let i = 1; ; i++) {
    const path = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0))
      return path;
  }
}

/** Rewards of held-out answers where nothing is learned from them: the parts that need no judge. */
const WITHOUT_JUDGE = {
  'geo-r': {},
  // pictures need not have entities to look for
  globe: { weights: { accuracy: 1, grounding: 0, localizability: 0, format: 0 } },
  geoagent: { weights: 'without-consistency' },
} as const;

/** The reward; what its models answered is kept in the run's folder, so that resuming asks nothing twice. */
function rewardOf(recipe: TrainingRecipe, folder: TrainingFolder) {
  const config: RewardConfig =
    recipe.stage === 'grpo'
      ? rewardConfigOf(recipe)
      : rewardConfigOf({ recipe: recipe.recipe, reward: WITHOUT_JUDGE[recipe.recipe] });
  const { judge, embedder } = config;
  const models = openModels(
    {
      ...(judge && { judgeUrl: judge.url, judgeModel: judge.model }),
      ...(embedder && { embedModel: embedder.model }),
      ...(embedder?.url !== undefined && { embedUrl: embedder.url }),
      ...((judge || embedder) && { cache: folder.file('answers-of-models') }),
      ...{ concurrency: 8, timeout: 60 },
    },
    process.env,
  );
  const reward = openReward(config, models);
  return { reward, notices: models.notices, showsPictures: config.recipe === 'globe' && !!judge };
}

/** What a recipe says and this trainer does otherwise. */
const warnings = ({ adaptation, lora }: TrainingRecipe): string[] =>
  adaptation === 'lora' && lora.dropout > 0
    ? [`adapters are trained without dropout here; the recipe says ${lora.dropout}`]
    : [];

function heldOutTable(figures: readonly HeldOutFigures[]): string[][] {
  return [
    ['held-out rows', ...figures[0]!.within.map(({ km }) => `${km} km`), 'median', 'reward', 'n'],
    ...figures.map(({ name, n, within, medianKm, reward }) => [
      name === 'before' ? 'before' : 'trained',
      ...within.map(({ percent }) => formatPercent(percent)),
      Number.isFinite(medianKm.value) ? formatKm(medianKm.value) : '–',
      reward ? reward.value.toFixed(3) : '–',
      String(n),
    ]),
  ];
}

function summary(
  folder: TrainingFolder,
  recipe: TrainingRecipe,
  { finished, steps, leftOut, faults, result }: TrainingOutcome,
): string {
  const { stage } = recipe;
  if (!finished)
    return `Stopped after step ${steps}. Go on with: geor train ${stage} --resume -o ${folder.path}`;
  const lines = [`Trained:  ${result}`, `Report:   ${folder.file('report.html')}`];
  if (recipe.adaptation === 'lora')
    lines.push(
      `Ask it:   geor generate --model ${folder.record.model} --adapter ${result} photos/`,
      `Merge it: geor merge ${folder.path} -o ${folder.file('merged')}`,
    );
  else lines.push(`Ask it:   geor locate --backend ${result} photos/`);
  if (leftOut.length > 0)
    lines.push(`Left out: ${leftOut.length} rows, see ${folder.file('failures.jsonl')}`);
  if (faults > 0) lines.push(`Faults:   ${faults} on the way, see ${folder.file('faults.jsonl')}`);
  return lines.join('\n');
}

function printJson(
  folder: TrainingFolder,
  { finished, steps, leftOut, faults, result }: TrainingOutcome,
  heldOut: readonly HeldOutFigures[],
): void {
  const document = {
    ...{ folder: folder.path, finished, steps, result: result ?? null },
    ...{ leftOut: leftOut.length, faults, heldOut },
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
