/**
 * The flags that say which model to ask and whether pictures may leave the machine, for every command that
 * asks one.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { type Calibration, isLoopback } from '../locate/index.ts';
import { isAddress, readCalibration } from '../locate/node/index.ts';
import { providerOption } from './provider.ts';

/** The flags, read. */
export interface ConnectionFlags {
  readonly backend?: string;
  readonly model?: string;
  readonly allowRemote?: true;
  readonly keyEnv: string;
  readonly provider?: string;
}

/** Adds the flags. */
export function addConnectionFlags(command: Command): Command {
  return command
    .option('--backend <where>', 'address of an OpenAI-compatible server, or a model folder')
    .option('--model <name>', 'model at the server; needed when it serves several')
    .option('--allow-remote', 'let pictures go to a server on another machine')
    .option('--key-env <name>', 'environment variable that holds its key', 'GEOR_BACKEND_KEY')
    .addOption(providerOption());
}

/**
 * Refuses another machine that was not allowed.
 *
 * @throws GeorError `usage`
 */
export function checkRemote(
  where: string,
  { allowRemote }: Pick<ConnectionFlags, 'allowRemote'>,
): void {
  if (allowRemote || !isAddress(where) || !URL.canParse(where)) return;
  const { host, hostname } = new URL(where);
  if (isLoopback(hostname)) return;
  throw new GeorError('usage', `${host} is another machine: pictures would leave this one`, {
    hint: 'say --allow-remote if that is what you want; geor locate --dry-run says how much would go',
  });
}

/**
 * The `calibration.json` in a model's own folder.
 *
 * @throws GeorError `config` when it cannot be read
 */
export function calibrationBeside(where: string): Calibration | undefined {
  const path = join(where, 'calibration.json');
  return existsSync(path) ? readCalibration(path) : undefined;
}
