/**
 * `geor serve`: the page, locating and rewards over HTTP. On loopback unless told otherwise, and elsewhere only with a token.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { GeorError, memoryCache } from '../core/index.ts';
import { defaultGazetteer, gazetteerChecksum } from '../data/index.ts';
import { type RewardConfig, rewardConfigHash, rewardConfigSchema } from '../rewards/index.ts';
import { Gate } from '../serve/index.ts';
import { isLoopback } from '../serve/node/index.ts';
import { openReward } from './open-reward.ts';
import {
  addRewardFlags,
  configOf,
  GEOAGENT_NOTE,
  MODELS_HELP,
  positive,
  type RewardFlags,
} from './reward-flags.ts';
import { openModels } from './reward-models.ts';
import { addPageFlags, choosePageProvider, openPageParts, type PageFlags } from './serve-page.ts';
import { complain, runService } from './serve-processes.ts';
import { wholeNumber } from './whole-number.ts';

/** The flags, read. */
interface Flags extends RewardFlags, PageFlags {
  readonly host: string;
  readonly port: number;
  readonly tokenEnv: string;
  readonly workers: number;
  readonly rewards?: string;
  readonly log?: string;
  readonly queue: number;
  readonly grace: number;
  readonly json?: true;
}

/** What a configuration says, and so cannot be said beside it. */
const CONFIG_FLAGS = [
  'recipe',
  'variant',
  'weights',
  'extras',
  'lengths',
  'judgeUrl',
  'judgeModel',
  'embedUrl',
  'embedModel',
];
/** Answers of models that are remembered where no folder keeps them. */
const REMEMBERED_ANSWERS = 100_000;
/** After how long a client whose samples found no room should ask again. */
const RETRY_AFTER_SECONDS = 5;

const HELP = `
The page is at /. Answers POST /v1/locate and /v1/rewards, and the reward bodies of OpenRLHF
(/get_reward) and slime (/remote_rm). GET /openapi.json describes it, /health says whether it is
ready, /metrics is for Prometheus.
Any address but loopback needs a token, which clients send as Authorization: Bearer <token>.
On SIGTERM what is under way is answered, then the service ends.

${MODELS_HELP}
Examples:
  geor serve
  geor serve --backend http://127.0.0.1:8000/v1
  geor serve --recipe globe --weights two-reward --port 9000 --log rewards.jsonl
  GEOR_TOKEN=$(openssl rand -hex 32) geor serve --host 0.0.0.0 --workers 4`;

/** The command with its flags and its action. */
export function command(): Command {
  const flagged = new Command('serve')
    .description('the page, locating and rewards over HTTP')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', '0 for any that is free', wholeNumber(0, 65_535), 8731)
    .option('--token-env <name>', 'the environment variable that holds the token', 'GEOR_TOKEN')
    .option('--workers <n>', 'processes that answer', positive, 1)
    .option('--log <file>', 'append the means of each training step to this JSONL file')
    .option('--grace <seconds>', 'how long answers under way may take at the end', positive, 30)
    .option('--queue <n>', 'samples that may wait for models, per process', positive, 2048)
    .addOption(
      new Option(
        '--rewards <file>',
        "JSON with the reward's configuration, instead of flags",
      ).conflicts(CONFIG_FLAGS),
    );
  return addPageFlags(addRewardFlags(flagged))
    .option('--json', 'print { url, pid, config } on stdout when ready')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(given: Flags): Promise<void> {
  const token = tokenOf(given);
  const flags = given.rewards === undefined ? given : withConfig(given, readConfig(given.rewards));
  const models = openModels(flags, process.env, memoryCache(REMEMBERED_ANSWERS));
  const config = configOf(flags);
  const hash = await rewardConfigHash(config, gazetteerChecksum());
  const provider = await choosePageProvider(flags);
  const asksModels = models.judge !== undefined || models.embedder !== undefined;
  process.exitCode = await runService({
    host: flags.host,
    port: flags.port,
    workers: flags.workers,
    graceSeconds: flags.grace,
    ...(token !== undefined && { token }),
    ...(flags.log !== undefined && { log: flags.log }),
    openRewards: () => {
      // ready means ready: names are looked up without a pause at the first one
      if (config.recipe !== 'geo-r' || config.extras) defaultGazetteer();
      return {
        reward: openReward(config, models),
        config: hash,
        ...(asksModels && { gate: new Gate(flags.queue, 'samples', RETRY_AFTER_SECONDS) }),
      };
    },
    async openParts(isFirst) {
      const { parts, notices } = await openPageParts(flags, process.env, complain);
      if (isFirst) for (const notice of notices) process.stderr.write(`note: ${notice}\n`);
      return parts;
    },
    onReady(url) {
      if (provider !== undefined) process.stderr.write(`${provider}\n`);
      for (const notice of models.notices) process.stderr.write(`note: ${notice}\n`);
      if (config.recipe === 'geoagent' && !models.embedder) process.stderr.write(GEOAGENT_NOTE);
      process.stderr.write(`${config.recipe} (${config.variant}) rewards at ${url}/v1/rewards\n`);
      if (flags.page) process.stderr.write(`the page at ${url}\n`);
      if (flags.json)
        process.stdout.write(`${JSON.stringify({ url, pid: process.pid, config: hash })}\n`);
    },
  });
}

/** The token; needed where others can connect. */
function tokenOf({ host, tokenEnv }: Flags): string | undefined {
  const token = process.env[tokenEnv];
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new GeorError('usage', `${tokenEnv} is no token`, {
      hint: 'a token is of letters, digits and signs, without spaces; e.g. openssl rand -hex 32',
    });
  if (token === undefined && !isLoopback(host))
    throw new GeorError(
      'usage',
      `${host} can be reached from other machines, so a token is needed`,
      {
        hint: `set ${tokenEnv}, e.g. to the output of openssl rand -hex 32, or listen on 127.0.0.1`,
      },
    );
  return token;
}

function readConfig(path: string): RewardConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeorError('config', `cannot read ${path}: ${reason}`, {
      hint: 'give a JSON file with a reward\'s configuration, e.g. { "recipe": "geo-r" }',
      cause,
    });
  }
  const parsed = rewardConfigSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GeorError('config', `${path}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, {
    hint: 'it may have recipe, variant, weights, extras, lengths, judge { url, model }, embedder { url, model }',
  });
}

/** The flags as if the configuration had been given by flags. */
const withConfig = (
  flags: Flags,
  { judge, embedder, weights, extras, lengths, ...config }: RewardConfig,
): Flags => ({
  ...flags,
  ...config,
  ...(weights !== undefined && { weights }),
  ...(extras && { extras }),
  ...(lengths && { lengths }),
  ...(judge && { judgeUrl: judge.url, judgeModel: judge.model }),
  ...(embedder && { embedModel: embedder.model }),
  ...(embedder?.url !== undefined && { embedUrl: embedder.url }),
});
