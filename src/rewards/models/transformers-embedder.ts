/**
 * An embedder inside this process, by Transformers.js (`@huggingface/transformers`), an optional
 * package that is loaded when the first text is embedded.
 *
 * Source of the pooling: sentence-transformers, whose MiniLM models average the token vectors and
 * scale them to length 1.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type { Embedder } from './model.ts';

/** The encoder that GeoAgent's released code compares names with, as converted to ONNX. */
export const DEFAULT_ENCODER = 'Xenova/paraphrase-multilingual-MiniLM-L12-v2';

const PACKAGE: string = '@huggingface/transformers';

/** Texts encoded at once: bounds the memory of one pass. */
const TEXTS_PER_PASS = 32;

/** Which model, and how to get the package. */
export interface TransformersEmbedderOptions {
  /**
   * A model folder (a path that starts with `/`, `./`, `../` or a drive letter), which is read and
   * nothing else, or the id of a model on the hub, which is downloaded once. Default
   * {@link DEFAULT_ENCODER}.
   */
  readonly model?: string;
  /** Loads the package; default: `import('@huggingface/transformers')`. */
  readonly load?: () => Promise<unknown>;
}

const callable = z.custom<(...args: readonly unknown[]) => unknown>(
  (value) => typeof value === 'function',
);
const moduleSchema = z.object({
  pipeline: callable,
  env: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null),
});
const tensorSchema = z.object({
  dims: z.tuple([z.number().int(), z.number().int().min(1)]),
  data: z.instanceof(Float32Array),
});

/** Whether a model name is a folder and not a hub id. */
export const isModelFolder = (model: string): boolean =>
  /^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(model);

/**
 * Makes the embedder. A text fails with the others of its pass when the encoder does.
 *
 * Its `embed` throws GeorError `backend` when the package or the model cannot be loaded.
 */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): Embedder {
  const model = options.model ?? DEFAULT_ENCODER;
  let encoder: Promise<(...args: readonly unknown[]) => unknown> | undefined;
  return {
    name: `transformers.js ${model}`,
    async embed(texts) {
      encoder ??= loadEncoder(model, options.load ?? (() => import(PACKAGE)));
      const encode = await encoder;
      const vectors: ({ value: Float32Array } | { failure: string })[] = [];
      for (let from = 0; from < texts.length; from += TEXTS_PER_PASS) {
        const pass = texts.slice(from, from + TEXTS_PER_PASS);
        vectors.push(...(await encodePass(encode, pass)));
      }
      return vectors;
    },
  };
}

async function encodePass(
  encode: (...args: readonly unknown[]) => unknown,
  texts: readonly string[],
): Promise<({ value: Float32Array } | { failure: string })[]> {
  try {
    const output = await encode(texts, { pooling: 'mean', normalize: true });
    const { dims, data } = tensorSchema.parse(output);
    const [count, width] = dims;
    if (count !== texts.length || data.length !== count * width)
      throw new Error(`${count} vectors for ${texts.length} texts`);
    return texts.map((_, i) => ({ value: data.slice(i * width, (i + 1) * width) }));
  } catch (error) {
    const failure = `the encoder failed: ${error instanceof Error ? error.message : error}`;
    return texts.map(() => ({ failure }));
  }
}

async function loadEncoder(
  model: string,
  load: () => Promise<unknown>,
): Promise<(...args: readonly unknown[]) => unknown> {
  let library: z.infer<typeof moduleSchema>;
  try {
    library = moduleSchema.parse(await load());
  } catch (cause) {
    throw new GeorError('backend', `${PACKAGE} cannot be loaded`, {
      hint: `npm install ${PACKAGE}, or give the address of an embeddings endpoint instead`,
      cause,
    });
  }
  let id = model;
  if (isModelFolder(model)) {
    const [, folder, name] = /^(.*[/\\])([^/\\]+)[/\\]*$/.exec(model) ?? [];
    id = name ?? model;
    library.env['localModelPath'] = folder;
    library.env['allowRemoteModels'] = false;
  }
  try {
    return callable.parse(await library.pipeline('feature-extraction', id));
  } catch (cause) {
    throw new GeorError('backend', `the encoder ${model} cannot be loaded: ${messageOf(cause)}`, {
      hint: 'give a folder with an ONNX sentence encoder, or the id of one on the hub',
      cause,
    });
  }
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
