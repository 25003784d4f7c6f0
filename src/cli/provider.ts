/**
 * `--provider`: what runs a model in this process. The CPU does unless another is asked for, and
 * another does only after every operation was compared with the CPU.
 * @module
 */
import { Option } from 'commander';
import { GeorError } from '../core/index.ts';

/** The flag. Without it the CPU runs the model. */
export const providerOption = (): Option =>
  new Option(
    '--provider <name>',
    'what runs a model in this process, once it was compared with the CPU (default: cpu)',
  ).choices(['cpu', 'webgpu', 'cuda']);

/** What a provider adds to the settings of a run: nothing, where it is the CPU. */
export const providerSettings = (provider: string | undefined): { readonly provider?: string } =>
  provider === undefined || provider === 'cpu' ? {} : { provider };

/**
 * Makes the provider that of all later sessions.
 *
 * @param isHere - whether the model runs in this process
 * @returns what to tell; `undefined` for the CPU
 * @throws GeorError `usage` when the model runs elsewhere, or not at all; as `useProvider`
 */
export async function chooseProvider(
  given: string | undefined,
  isHere = true,
): Promise<string | undefined> {
  const { provider } = providerSettings(given);
  if (provider === undefined) return undefined;
  if (!isHere)
    throw new GeorError('usage', `--provider ${provider}: no model runs in this process`, {
      hint: 'name the folder of a model, or leave --provider to the server that runs it',
    });
  const { requireProvider, useProvider } = await import('../tensor/index.ts');
  const { examineSafely } = await import('../tensor/node/index.ts');
  requireProvider(await examineSafely(provider)); // apart: a driver may crash, and prints
  const checks = await useProvider(provider);
  const { verdict } = await import('./doctor-engine.ts');
  return `the model runs on ${provider}: ${verdict({ provider, isThere: true, checks })}`;
}

/** {@link chooseProvider}, told on stderr. */
export async function announceProvider(given: string | undefined, isHere = true): Promise<void> {
  const told = await chooseProvider(given, isHere);
  if (told !== undefined) process.stderr.write(`${told}\n`);
}
