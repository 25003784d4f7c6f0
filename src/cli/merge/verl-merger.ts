/**
 * verl's own merger, which only its Python can run.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GeorError } from '../../core/index.ts';
import type { TrainedModel } from '../../engines/index.ts';

/**
 * Turns the shards of verl's processes into a model's folder.
 *
 * @throws GeorError `usage` without a Python, `engine` when the merger fails
 */
export async function runVerlMerger(
  shards: Extract<TrainedModel, { kind: 'shards' }>,
  python: string | undefined,
): Promise<void> {
  const line = ['python', ...shards.arguments].join(' ');
  if (python === undefined)
    throw new GeorError('usage', `${shards.folder} holds the shards of verl's processes`, {
      hint: `name verl's Python with --python, or run this where verl is, then geor merge again:\n  ${line}`,
    });
  const child = spawn(python, shards.arguments, { stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'exit').catch((cause: unknown) => {
    throw new GeorError('engine', `${python} does not run`, { cause });
  });
  if (code !== 0)
    throw new GeorError('engine', `verl's merger ended with ${code}`, { hint: `it was: ${line}` });
}
