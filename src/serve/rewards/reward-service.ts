/**
 * What stands behind every route that answers with rewards.
 * @module
 */
import { createHash } from 'node:crypto';
import type { RecipeReward } from '../../rewards/index.ts';
import { ApiError } from '../api-error.ts';
import type { Gate } from '../gate.ts';
import { type BatchSummary, summarize } from './batch-summary.ts';
import type { RewardsRequest } from './protocol.ts';
import { type ScoredSamples, scoreSamples } from './score.ts';

/** How long scoring may take: less than the 60 seconds after which clients give up. */
export const SCORING_LIMIT_MS = 55_000;

/** What scores, under which name, and who keeps count. */
export interface RewardService {
  readonly reward: RecipeReward;
  /** Content address of the configuration, see `rewardConfigHash`. */
  readonly config: string;
  /** Told of every request that was scored, before it is answered. */
  readonly record?: (batch: BatchSummary) => void;
  /** Room for samples whose scoring waits for models; absent where none does. */
  readonly gate?: Gate;
  /** Ends the wait for a request's scores; default {@link SCORING_LIMIT_MS} where there is a gate. */
  readonly deadline?: () => AbortSignal;
}

/**
 * Scores a request.
 *
 * @param key - the same for a request and its repeats
 * @throws ApiError 503 without room, 504 when it takes too long (what models answered by then stays in
 * their cache), 422 for groups that are too large.
 */
export async function scoreRequest(
  service: RewardService,
  request: RewardsRequest,
  key: string,
): Promise<ScoredSamples> {
  const { reward, gate, record } = service;
  const { samples, group_size } = request;
  const leave = gate?.enter(samples.length);
  const scoring = scoreSamples(reward, samples, group_size);
  const scored = await (leave ? inTime(scoring.finally(leave), service.deadline) : scoring);
  record?.(summarize(key, request, scored));
  return scored;
}

/** The key of a request that brings none: its content. */
export const contentKeyOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url');

async function inTime<T>(
  scoring: Promise<T>,
  deadline = () => AbortSignal.timeout(SCORING_LIMIT_MS),
): Promise<T> {
  const signal = deadline();
  let giveUp = (): void => {};
  const late = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(
        new ApiError(
          504,
          'too-slow',
          'the models did not answer in time',
          'try again; what they answered so far is kept',
          5,
        ),
      );
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([scoring, late]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
