/**
 * Whether a merged model says what base and adapter say together, asked of transformers and PEFT.
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';

const SCRIPT = fileURLToPath(
  new URL('../../../assets/adapters/geor_merge_check.py', import.meta.url),
);

const answer = z.object({
  /** Largest difference between two logits, merged against base and adapter. */
  difference: z.number().nonnegative(),
  /** The same between base with and without the adapter: what the training changed. */
  change: z.number().nonnegative(),
  /** Largest logit, for scale. */
  largest: z.number().nonnegative(),
  tokens: z.int().positive(),
  dtype: z.string(),
});

/** What was found. */
export type LogitCheck = z.infer<typeof answer>;

/** A merged model's logits may differ by rounding alone; a training that shows changes them more. */
const ALLOWED_SHARE = 0.5;

/**
 * Compares logits over one picture and a question.
 *
 * @throws GeorError `engine` when the Python cannot do it, `data` when the models differ
 */
export async function compareLogits(
  python: string,
  { base, adapter, merged }: { base: string; adapter: string; merged: string },
): Promise<LogitCheck> {
  let found: LogitCheck;
  try {
    const { stdout } = await promisify(execFile)(python, [SCRIPT, base, adapter, merged], {
      maxBuffer: 2 ** 24,
    });
    found = answer.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new GeorError('engine', `the logits could not be compared: ${said ?? cause}`, {
      hint: 'the merged model is there and its numbers were checked; --python needs torch, transformers and peft',
      cause,
    });
  }
  const { difference, change, largest } = found;
  if (difference > Math.max(ALLOWED_SHARE * change, 1e-4 * largest))
    throw new GeorError(
      'data',
      `merged logits are off by ${difference}, the adapter changes them by ${change}`,
      {
        hint: 'do not serve this model; was it merged with the base it was trained on?',
      },
    );
  process.stderr.write(
    `logits over ${found.tokens} tokens (${found.dtype}): off by ${difference.toPrecision(3)} at most;` +
      ` the adapter changes them by ${change.toPrecision(3)}, the largest is ${largest.toPrecision(3)}\n`,
  );
  return found;
}
