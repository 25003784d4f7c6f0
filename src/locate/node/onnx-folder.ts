/**
 * A folder of ONNX graphs as a backend: which files it holds, and which of them to run.
 *
 * Source of names and endings: Transformers.js 4.3.1, `src/models/session_config.js` and
 * `src/utils/dtypes.js`.
 * @module
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type { Backend } from '../backend.ts';
import { ONNX_GRAPHS, transformersJsBackend } from '../backends/transformers-js.ts';

/** How a graph's file name ends, by its number type; the first that is there is run. */
const ENDINGS = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
  q2: '_q2',
  q2f16: '_q2f16',
  q1: '_q1',
  q1f16: '_q1f16',
} as const;

/** The number type of a graph. */
export type OnnxDtype = keyof typeof ENDINGS;

type Graph = (typeof ONNX_GRAPHS)[number];

/** How to open a folder of ONNX graphs. */
export interface OnnxFolderOptions {
  /** `cpu` by default; see {@link TransformersJsOptions}. */
  readonly device?: string;
  /** Of all graphs, or of some; by default the most exact that the folder holds, each by itself. */
  readonly dtype?: OnnxDtype | Readonly<Partial<Record<Graph, OnnxDtype>>>;
  readonly threads?: number;
  /** Larger pictures are scaled down to this, and to what the folder says. */
  readonly maxPixels?: number;
  /** Loads Transformers.js; default: `import('@huggingface/transformers')`. */
  readonly loadTransformers?: () => Promise<unknown>;
}

/** Whether a folder holds ONNX graphs. */
export const isOnnxFolder = (folder: string): boolean =>
  statSync(join(folder, 'onnx'), { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Opens a folder of ONNX graphs.
 *
 * @throws GeorError `data` when it lacks files; as `transformersJsBackend`
 */
export async function onnxFolderBackend(
  folder: string,
  { dtype: wanted, loadTransformers, ...options }: OnnxFolderOptions = {},
): Promise<Backend> {
  checkFiles(folder);
  const template = chatTemplateOf(folder);
  const dtype = dtypesOf(folder, wanted);
  return transformersJsBackend(resolve(folder), {
    ...options,
    name: basename(resolve(folder)),
    identity: await identityOf(folder, dtype),
    dtype,
    ...(template !== undefined && { chatTemplate: template }),
    ...(loadTransformers && { load: loadTransformers }),
  });
}

const lacks = (folder: string, what: string, hint: string, cause?: unknown): GeorError =>
  new GeorError('data', `${folder} ${what}`, { hint, cause });

const configSchema = z.looseObject({ model_type: z.string(), text_config: z.unknown().optional() });
const tokenizerSchema = z.looseObject({ chat_template: z.unknown().optional() });

/** Reads one of the small files. */
function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  } catch (cause) {
    throw lacks(folder, `has no usable ${name}`, 'copy it again', cause);
  }
}

/** Checks that the small files are there, and in the form that Transformers.js reads. */
function checkFiles(folder: string): void {
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
    if (!existsSync(join(folder, name)))
      throw lacks(folder, `lacks ${name}`, 'copy it from the model that was converted to ONNX');
  if (!existsSync(join(folder, 'preprocessor_config.json')))
    throw lacks(
      folder,
      'lacks preprocessor_config.json',
      'write what "image_processor" holds in processor_config.json to preprocessor_config.json',
    );
  const config = readJson(folder, 'config.json', configSchema);
  if (/^qwen(2_5|3)_vl/.test(config.model_type) && !config.text_config)
    throw lacks(
      folder,
      'has a config.json without "text_config"',
      'the settings of the language model belong there, as transformers 5 writes them',
    );
}

/** The chat template, where it is not inside `tokenizer_config.json`. */
function chatTemplateOf(folder: string): string | undefined {
  if (readJson(folder, 'tokenizer_config.json', tokenizerSchema).chat_template) return undefined;
  const beside = join(folder, 'chat_template.jinja');
  if (existsSync(beside)) return readFileSync(beside, 'utf8');
  throw lacks(
    folder,
    'has no chat template',
    'it belongs in chat_template.jinja, or in tokenizer_config.json as "chat_template"',
  );
}

const graphFile = (folder: string, graph: Graph, dtype: OnnxDtype): string =>
  join(folder, 'onnx', `${graph}${ENDINGS[dtype]}.onnx`);

function dtypesOf(folder: string, wanted: OnnxFolderOptions['dtype']): Record<Graph, OnnxDtype> {
  const choose = (graph: Graph): OnnxDtype => {
    const named = typeof wanted === 'string' ? wanted : wanted?.[graph];
    const types = Object.keys(ENDINGS) as OnnxDtype[];
    const there = types.filter((type) => existsSync(graphFile(folder, graph, type)));
    const found = named === undefined ? there[0] : there.find((type) => type === named);
    if (found !== undefined) return found;
    throw lacks(
      folder,
      `lacks onnx/${graph}${named === undefined ? '' : ENDINGS[named]}.onnx`,
      there.length > 0
        ? `there is ${graph} as ${there.join(', ')}`
        : `a vision-language model is ${ONNX_GRAPHS.join(', ')}, each .onnx or e.g. _q4.onnx`,
    );
  };
  const [embed, vision, decoder] = ONNX_GRAPHS;
  return { [embed]: choose(embed), [vision]: choose(vision), [decoder]: choose(decoder) };
}

/** Hash of the graphs that are run, with the weights that lie beside them. */
async function identityOf(folder: string, dtype: Record<Graph, OnnxDtype>): Promise<string> {
  const hash = createHash('sha256');
  const names = readdirSync(join(folder, 'onnx')).sort();
  for (const graph of ONNX_GRAPHS) {
    const file = basename(graphFile(folder, graph, dtype[graph]));
    for (const name of names.filter((other) => other === file || other.startsWith(`${file}_data`)))
      for await (const piece of createReadStream(join(folder, 'onnx', name))) hash.update(piece);
  }
  return `sha256:${hash.digest('hex')}`;
}
