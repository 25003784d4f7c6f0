/**
 * A backend by what a user names: an address or a model folder.
 * @module
 */
import type { Backend } from '../backend.ts';
import { type OpenAiOptions, openAiBackend } from '../backends/openai.ts';
import { modelFolderBackend } from './model-folder.ts';

/** How to open a backend. */
export interface OpenBackendOptions extends Omit<OpenAiOptions, 'baseUrl'> {
  /** Threads of a model in this process. */
  readonly threads?: number;
}

/** Whether a backend is named by an address. */
export const isAddress = (where: string): boolean => /^https?:\/\//i.test(where);

/**
 * Opens a backend: `http://..` is a server, everything else a folder.
 *
 * @throws GeorError when there is none
 */
export function openBackend(where: string, options: OpenBackendOptions = {}): Promise<Backend> {
  const { threads, ...reach } = options;
  return isAddress(where)
    ? openAiBackend({ ...reach, baseUrl: where })
    : modelFolderBackend(where, {
        ...(threads !== undefined && { threads }),
        ...(options.structured && { structured: options.structured }),
      });
}
