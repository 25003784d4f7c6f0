/**
 * The small model in this browser: the same backend as on the command line, with ONNX Runtime's
 * WebAssembly in place of its library for Node.
 * @module
 */
import * as onnxruntime from 'onnxruntime-web/wasm';
import type { Picture } from '../../../src/data/browser/index.ts';
import type { Gazetteer } from '../../../src/geo/index.ts';
import {
  type Backend,
  type Calibration,
  calibrationFor,
  calibrationSchema,
  embeddedBackend,
  type GuardedPicture,
  type LocateResult,
  locatePhoto,
} from '../../../src/locate/index.ts';
import { filesInMemory, readModel } from '../../../src/model/index.ts';
import { useRuntime } from '../../../src/tensor/index.ts';
import { loadBytes, loadGazetteer, loadIfThere } from './load-files.ts';
import type { Addresses } from './protocol.ts';

/** How to ask the model. */
export interface SmallModelOptions {
  /** Answers; 1 takes the most probable tokens. */
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly onText: (sample: number, textSoFar: string) => void;
}

/** The model, loaded. */
export interface SmallModel {
  /** Side of the tiles it reads, pixels. */
  readonly sizePx: number;
  /** Locates a tile. */
  locate(tile: Picture, options: SmallModelOptions): Promise<LocateResult>;
}

/**
 * Loads runtime, model and gazetteer.
 *
 * @param tell - hears what is being loaded
 * @throws GeorError `asset`, `data` or `engine`
 */
export async function loadSmallModel(
  addresses: Addresses,
  tell: (words: string) => void,
): Promise<SmallModel> {
  // One thread: a worker has no loop of its own to lose, and the model is smaller than the overhead.
  onnxruntime.env.wasm.numThreads = 1;
  useRuntime({ InferenceSession: onnxruntime.InferenceSession, Tensor: onnxruntime.Tensor });
  tell('Loading the names of places');
  const gazetteer = await loadGazetteer(addresses.gazetteer);
  tell('Loading the small model');
  const backend = await loadBackend(addresses.model, gazetteer);
  const calibration = await loadCalibration(addresses.model);
  tell('Starting the small model');
  return {
    sizePx: backend.tile!.sizePx,
    locate: async (tile, options) =>
      locatePhoto(await guarded(tile), backend, {
        ...{ ...options, gazetteer },
        calibration: calibrationFor(calibration, backend, options),
      }),
  };
}

/** What the model's folder is made of; the further ones may be missing. */
const MODEL_FILES = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;
const FURTHER_FILES = [
  'chat_template.jinja',
  'preprocessor_config.json',
  'tokenizer_config.json',
  'generation_config.json',
] as const;

async function loadBackend(folder: string, gazetteer: Gazetteer): Promise<Backend> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const address = (name: string): string => new URL(name, folder).href;
  for (const name of MODEL_FILES) files.set(name, await loadBytes(address(name)));
  for (const name of FURTHER_FILES) {
    const bytes = await loadIfThere(address(name));
    if (bytes) files.set(name, bytes);
  }
  return embeddedBackend(readModel(filesInMemory(files)), {
    name: 'the small model in this browser',
    identity: `sha256:${await sha256(files.get('model.safetensors')!)}`,
    gazetteer: () => gazetteer,
  });
}

/** What came with the model; without it, or with one that cannot be read, radii are those of the samples. */
async function loadCalibration(folder: string): Promise<Calibration | undefined> {
  const bytes = await loadIfThere(new URL('calibration.json', folder).href);
  if (!bytes) return undefined;
  try {
    return calibrationSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** A tile by the name of its pixels, as `pictureId` gives it. */
const guarded = async (tile: Picture): Promise<GuardedPicture> => ({
  contentId: (await sha256(tile.data)).slice(0, 16),
  width: tile.width,
  height: tile.height,
  pixels: async () => tile,
  jpeg: () => Promise.reject(new Error('the small model reads pixels')),
});

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
