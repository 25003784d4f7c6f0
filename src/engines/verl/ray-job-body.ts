/**
 * A run as Ray's job service takes it (`POST /api/jobs/`), for those who submit it without geor.
 *
 * Source: Ray 2.58, `dashboard/modules/job/job_head.py`: `entrypoint` is a shell's command line,
 * `runtime_env.env_vars` reaches every process of the job; a submission id is taken once.
 * @module
 */
import type { EngineFiles } from '../export/engine-files.ts';
import type { Plan } from '../export/plan.ts';
import { shellWord } from '../export/shell.ts';

/** The body of the request for the first attempt; the reward's address and token are to be added. */
export function rayJob(
  plan: Plan,
  { command, environment }: EngineFiles['launch'],
): Readonly<Record<string, unknown>> {
  const fill = (text: string): string =>
    text.replaceAll('{root}', plan.cluster.root).replaceAll('{attempt}', '1');
  const variables = Object.entries(environment).map(([name, value]) => [name, fill(value)]);
  return {
    entrypoint: command.map((word) => shellWord(fill(word))).join(' '),
    submission_id: `geor-${plan.run}-a1`,
    runtime_env: { env_vars: Object.fromEntries(variables) as Record<string, string> },
    metadata: { run: plan.run, engine: `verl ${plan.engineVersion}` },
  };
}
