/**
 * `geor serve`: the page, locating and rewards over HTTP. On loopback unless told otherwise, and elsewhere only with a token.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { gazetteerChecksum } from '../data/index.ts';
import { type RewardConfig, rewardConfigHash, rewardConfigSchema } from '../rewards/index.ts';
import { createApp } from '../serve/index.ts';
import { isLoopback, LOOPBACK_HOSTS, listen } from '../serve/node/index.ts';
import { openReward } from './open-reward.ts';
import {
  addRewardFlags,
  configOf,
  GEOAGENT_NOTE,
  MODELS_HELP,
  type RewardFlags,
} from './reward-flags.ts';
import { openModels } from './reward-models.ts';
import { addPageFlags, openPageParts, type PageFlags } from './serve-page.ts';
import { version } from './version.ts';
import { wholeNumber } from './whole-number.ts';

/** The flags, read. */
interface Flags extends RewardFlags, PageFlags {
  readonly host: string;
  readonly port: number;
  readonly tokenEnv: string;
  readonly rewards?: string;
  readonly json?: true;
}

const HELP = `
The page is at /. Answers POST /v1/rewards and /v1/locate; GET /openapi.json describes them, GET
/health says whether it is ready.
Any address but loopback needs a token, which clients send as Authorization: Bearer <token>.

${MODELS_HELP}
Examples:
  geor serve
  geor serve --backend http://127.0.0.1:8000/v1
  geor serve --recipe globe --weights two-reward --port 9000
  GEOR_TOKEN=$(openssl rand -hex 32) geor serve --host 0.0.0.0`;

/** The command with its flags and its action. */
export function command(): Command {
  const flagged = new Command('serve')
    .description('the page, locating and rewards over HTTP')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', '0 for any that is free', wholeNumber(0, 65_535), 8731)
    .option('--token-env <name>', 'the environment variable that holds the token', 'GEOR_TOKEN')
    .option('--rewards <file>', "JSON with the reward's configuration, instead of the flags below");
  return addPageFlags(addRewardFlags(flagged))
    .option('--json', 'print { url, pid, config } on stdout when ready')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(given: Flags): Promise<void> {
  const token = tokenOf(given);
  const flags = given.rewards === undefined ? given : withConfig(given, readConfig(given.rewards));
  const models = openModels(flags, process.env);
  const config = configOf(flags);
  for (const notice of models.notices) process.stderr.write(`note: ${notice}\n`);
  if (config.recipe === 'geoagent' && !models.embedder) process.stderr.write(GEOAGENT_NOTE);
  const hash = await rewardConfigHash(config, gazetteerChecksum());
  const onFault = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  };
  const page = await openPageParts(flags, process.env, onFault);
  for (const notice of page.notices) process.stderr.write(`note: ${notice}\n`);
  const app = createApp({
    version,
    rewards: { reward: openReward(config, models), config: hash },
    parts: page.parts,
    ...(token !== undefined && { token }),
    ...(isLoopback(flags.host) && { hosts: LOOPBACK_HOSTS }),
    onFault,
  });
  const { url } = await listen(app, flags);
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ url, pid: process.pid, config: hash })}\n`);
  process.stderr.write(`${config.recipe} (${config.variant}) rewards at ${url}/v1/rewards\n`);
  if (flags.page) process.stderr.write(`the page at ${url}\n`);
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
  { cache, concurrency, timeout, ...rest }: Flags,
  { judge, embedder, weights, extras, lengths, ...config }: RewardConfig,
): Flags => ({
  host: rest.host,
  port: rest.port,
  page: rest.page,
  keyEnv: rest.keyEnv,
  ...(rest.backend !== undefined && { backend: rest.backend }),
  ...(rest.model !== undefined && { model: rest.model }),
  ...(rest.allowRemote && { allowRemote: rest.allowRemote }),
  tokenEnv: rest.tokenEnv,
  ...(rest.json && { json: rest.json }),
  ...config,
  concurrency,
  timeout,
  ...(cache !== undefined && { cache }),
  ...(weights !== undefined && { weights }),
  ...(extras && { extras }),
  ...(lengths && { lengths }),
  ...(judge && { judgeUrl: judge.url, judgeModel: judge.model }),
  ...(embedder && { embedModel: embedder.model }),
  ...(embedder?.url !== undefined && { embedUrl: embedder.url }),
});
