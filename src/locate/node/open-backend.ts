/**
 * A backend by what a user names: an address, a model folder, or a folder of ONNX graphs.
 * @module
 */
import type { Backend } from '../backend.ts';
import { type OpenAiOptions, openAiBackend } from '../backends/openai.ts';
import { modelFolderBackend } from './model-folder.ts';
import { isOnnxFolder, type OnnxFolderOptions, onnxFolderBackend } from './onnx-folder.ts';

/** How to open a backend. */
export interface OpenBackendOptions extends Omit<OpenAiOptions, 'baseUrl'> {
  /** Threads of a model in this process. */
  readonly threads?: number;
  /** How to run a folder of ONNX graphs. */
  readonly onnx?: Omit<OnnxFolderOptions, 'threads'>;
}

/** Whether a backend is named by an address. */
export const isAddress = (where: string): boolean => /^https?:\/\//i.test(where);

/**
 * Opens a backend: `http://..` is a server, everything else a folder: with `onnx/` inside, one for
 * Transformers.js, else one for geor's own engine.
 *
 * @throws GeorError when there is none
 */
export function openBackend(where: string, options: OpenBackendOptions = {}): Promise<Backend> {
  const { threads: count, onnx, ...reach } = options;
  const threads = count !== undefined && { threads: count };
  if (isAddress(where)) return openAiBackend({ ...reach, baseUrl: where });
  if (isOnnxFolder(where)) return onnxFolderBackend(where, { ...onnx, ...threads });
  return modelFolderBackend(where, {
    ...threads,
    ...(options.structured && { structured: options.structured }),
  });
}
