/**
 * An execution provider made that of all sessions, once it was seen to compute rightly.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { defaultRuntime, type Runtime, useRuntime } from '../runtime.ts';
import { type OperationCheck, requireRight } from './check-provider.ts';
import { examineProvider, type ProviderReport } from './examine-provider.ts';

/**
 * Refuses a provider that is not there or is wrong.
 *
 * @throws GeorError `engine` that says which
 */
export function requireProvider({ provider, isThere, problem, checks }: ProviderReport): void {
  if (!isThere)
    throw new GeorError('engine', `${provider} does not run here: ${problem}`, {
      hint: 'use the cpu provider, or install a driver; "geor doctor" shows what runs here',
    });
  requireRight(provider, checks);
}

/**
 * Checks an execution provider and, if it is right, makes it that of all later sessions.
 *
 * @param provider - `cpu`, `webgpu`, `cuda`, or whatever else the runtime has
 * @returns what was checked; nothing for the CPU, with which the others are compared
 * @throws GeorError `engine` when the provider is not there or computes an operation wrongly
 */
export async function useProvider(provider: string): Promise<readonly OperationCheck[]> {
  const runtime: Runtime = { ...(await defaultRuntime()), providers: [provider] };
  if (provider === 'cpu') {
    useRuntime(runtime);
    return [];
  }
  const report = await examineProvider(provider, runtime);
  requireProvider(report);
  useRuntime(runtime);
  return report.checks;
}
