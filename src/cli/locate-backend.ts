/**
 * The backend that flags name: what comes with geor, a folder, or a server that was allowed.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Backend } from '../locate/index.ts';
import { hasShippedModel, isAddress, openBackend, SHIPPED_MODEL } from '../locate/node/index.ts';
import { checkRemote } from './backend-connection.ts';
import type { BackendFlags } from './locate-flags.ts';
import { announceProvider } from './provider.ts';

/** What to say to those who have no model for photographs. */
const START_ONE =
  'start a server with a vision-language model, e.g. "vllm serve Qwen/Qwen2.5-VL-7B-Instruct" or ' +
  '"llama-server -m MODEL.gguf --mmproj MMPROJ.gguf", and give --backend http://127.0.0.1:8000/v1';

/**
 * Where the flags point; by default the model that comes with geor.
 *
 * @throws GeorError `usage` when there is none, or the host is another machine and not allowed
 */
export function backendAddress(flags: BackendFlags): string {
  const { backend } = flags;
  if (backend === undefined) {
    if (hasShippedModel()) return SHIPPED_MODEL;
    throw new GeorError('usage', '--backend is missing', { hint: START_ONE });
  }
  checkRemote(backend, flags);
  return backend;
}

/** Opens the backend of the flags, on the provider that they name. */
export async function backendOf(
  flags: BackendFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Backend> {
  const { model, timeout, retries, structured, threads, concurrency, keyEnv } = flags;
  const key = environment[keyEnv];
  const address = backendAddress(flags);
  await announceProvider(flags.provider, !isAddress(address));
  return openBackend(address, {
    ...(model !== undefined && { model }),
    ...(key && { key }),
    ...(threads !== undefined && { threads }),
    ...(concurrency !== undefined && { concurrency: Math.max(8, concurrency) }),
    ...{ timeoutMs: timeout * 1000, retries, structured },
  });
}

/** Refuses to show a model what it was not trained to see. */
export function checkReads(backend: Backend, kinds: ReadonlySet<string>): void {
  if (backend.reads === 'satellite-tiles' && kinds.has('photographs'))
    throw new GeorError(
      'usage',
      `${backend.name} reads tiles of the Earth seen from above, not photographs`,
      { hint: `${START_ONE}; to see this model at work: geor locate earth:60.39,5.32` },
    );
}
