/**
 * What the flags of `geor reward` say about models: which to ask, and what leaves the machine.
 * @module
 */

import { GeorError, type TextCache } from '../core/index.ts';
import { diskCache } from '../core/node/index.ts';
import {
  cachedEmbedder,
  cachedJudge,
  type Embedder,
  type EndpointOptions,
  endpointEmbedder,
  endpointJudge,
  isModelFolder,
  type Judge,
  transformersEmbedder,
} from '../rewards/index.ts';

/** The flags about models. */
export interface ModelFlags {
  readonly judgeUrl?: string;
  readonly judgeModel?: string;
  readonly embedUrl?: string;
  readonly embedModel?: string;
  readonly cache?: string;
  readonly concurrency: number;
  readonly timeout: number;
}

/** The models, and a line for each host that is told something. */
export interface Models {
  readonly judge?: Judge;
  readonly embedder?: Embedder;
  readonly notices: readonly string[];
}

/**
 * Opens what the flags name; keys come from the environment (`GEOR_JUDGE_KEY`, `GEOR_EMBED_KEY`).
 *
 * @param memory - keeps what they answered where no folder does
 * @throws GeorError `usage` for flags that do not fit together, or a cache that cannot be written.
 */
export function openModels(
  flags: ModelFlags,
  environment: NodeJS.ProcessEnv,
  memory?: TextCache,
): Models {
  const { judgeUrl, judgeModel, embedUrl, embedModel } = flags;
  for (const [url, model, name] of [
    [judgeUrl, judgeModel, 'judge'],
    [embedUrl, embedModel, 'embed'],
  ] as const)
    if (url !== undefined && model === undefined)
      throw new GeorError('usage', `--${name}-url needs --${name}-model`, {
        hint: 'give the name of the model as the server knows it',
      });
  if (judgeModel !== undefined && judgeUrl === undefined)
    throw new GeorError('usage', '--judge-model needs --judge-url', {
      hint: 'give the base address of an OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1',
    });
  const at = (baseUrl: string, model: string, key: string | undefined): EndpointOptions => ({
    baseUrl,
    model,
    concurrency: flags.concurrency,
    timeoutMs: 1000 * flags.timeout,
    seed: process.pid,
    ...(key && { key }),
  });
  const judge =
    judgeUrl === undefined || judgeModel === undefined
      ? undefined
      : endpointJudge(at(judgeUrl, judgeModel, environment['GEOR_JUDGE_KEY']));
  const embedder =
    embedModel === undefined
      ? undefined
      : embedUrl === undefined
        ? transformersEmbedder({ model: embedModel })
        : endpointEmbedder(at(embedUrl, embedModel, environment['GEOR_EMBED_KEY']));
  const notices: string[] = [];
  if (judgeUrl !== undefined && !isLoopback(judgeUrl))
    notices.push(`reasoning, with pictures where rows have them, is sent to ${hostOf(judgeUrl)}`);
  if (embedUrl !== undefined && !isLoopback(embedUrl))
    notices.push(`place names are sent to ${hostOf(embedUrl)}`);
  if (embedModel !== undefined && embedUrl === undefined && !isModelFolder(embedModel))
    notices.push(`the encoder ${embedModel} is downloaded from the hub unless it is there already`);
  const cache = flags.cache === undefined ? memory : diskCache(flags.cache);
  return {
    ...(judge && { judge: cache ? cachedJudge(judge, cache) : judge }),
    ...(embedder && { embedder: cache ? cachedEmbedder(embedder, cache) : embedder }),
    notices,
  };
}

const hostOf = (url: string): string => new URL(url).host;

/** Whether an address is this machine's own. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
