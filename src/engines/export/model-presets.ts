/**
 * The models of the papers: Qwen2.5-VL 3B, 7B and 32B Instruct, and how they fit on GPUs of 80 GB.
 *
 * Shapes: `config.json` of `Qwen/Qwen2.5-VL-{3B,7B,32B}-Instruct`. The split over GPUs is ours and
 * not measured; the estimates say what it comes to.
 * @module
 */
import { z } from 'zod';

/** The shape of a Qwen2.5-VL. */
export interface ModelShape {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  /** Whether the input and output embeddings are one matrix. */
  readonly tiesEmbeddings: boolean;
  /** Inner size of the vision blocks. */
  readonly visionIntermediateSize: number;
}

/** How a model is laid out over GPUs, by what is trained. */
export interface Layout {
  /** Sequences that a GPU computes at once, at most. */
  readonly sequencesPerGpu: number;
  /** DeepSpeed's stage for TRL and ms-swift: 2 shards the optimiser and gradients, 3 the weights too. */
  readonly zeroStage: 2 | 3;
  /** GPUs that share one copy of the model when it generates. */
  readonly generationGpus: number;
  /** Share of a GPU's memory that generation takes, weights and cache; training gets the rest. */
  readonly generationMemoryShare: number;
  /** Keep weights and optimiser in host memory while they are not needed. */
  readonly offload: boolean;
}

/** A model by name. */
export interface ModelPreset {
  /** Id on the Hugging Face hub. */
  readonly hubId: string;
  readonly shape: ModelShape;
  readonly layout: Readonly<Record<'lora' | 'full', Layout>>;
}

const vision = { visionIntermediateSize: 3420 } as const;

/** The presets by name. */
export const MODEL_PRESETS = {
  'qwen2.5-vl-3b': {
    hubId: 'Qwen/Qwen2.5-VL-3B-Instruct',
    shape: {
      ...{ hiddenSize: 2048, layers: 36, heads: 16, keyValueHeads: 2, intermediateSize: 11008 },
      ...{ vocabularySize: 151936, tiesEmbeddings: true, ...vision },
    },
    layout: {
      lora: layout(8, 2, 1, 0.5, false),
      full: layout(8, 2, 1, 0.5, false),
    },
  },
  'qwen2.5-vl-7b': {
    hubId: 'Qwen/Qwen2.5-VL-7B-Instruct',
    shape: {
      ...{ hiddenSize: 3584, layers: 28, heads: 28, keyValueHeads: 4, intermediateSize: 18944 },
      ...{ vocabularySize: 152064, tiesEmbeddings: false, ...vision },
    },
    layout: {
      lora: layout(4, 2, 1, 0.5, false),
      full: layout(4, 3, 1, 0.4, false),
    },
  },
  'qwen2.5-vl-32b': {
    hubId: 'Qwen/Qwen2.5-VL-32B-Instruct',
    shape: {
      ...{ hiddenSize: 5120, layers: 64, heads: 40, keyValueHeads: 8, intermediateSize: 27648 },
      ...{ vocabularySize: 152064, tiesEmbeddings: false, visionIntermediateSize: 3456 },
    },
    layout: {
      lora: layout(2, 3, 4, 0.5, false),
      full: layout(1, 3, 8, 0.4, true),
    },
  },
} as const satisfies Readonly<Record<string, ModelPreset>>;

/** The name of a preset. */
export type ModelPresetName = keyof typeof MODEL_PRESETS;

/** For a model that is none of the presets: a small one, on whatever there is. */
export const SMALL_LAYOUT: Layout = layout(8, 2, 1, 0.3, false);

function layout(
  sequencesPerGpu: number,
  zeroStage: 2 | 3,
  generationGpus: number,
  generationMemoryShare: number,
  offload: boolean,
): Layout {
  return { sequencesPerGpu, zeroStage, generationGpus, generationMemoryShare, offload };
}

/** Depth and width of the vision tower, the same in all sizes. */
const VISION = { layers: 32, hiddenSize: 1280, patchValues: 3 * 2 * 14 * 14, merge: 4 } as const;

/** Parameters by part. */
export interface ParameterCounts {
  readonly language: number;
  readonly vision: number;
  readonly total: number;
}

/**
 * Parameters of a model, counted from its shape: attention with biases on queries, keys and values,
 * a gated MLP, RMS norms; vision blocks with biases everywhere and a merger of four patches.
 *
 * Checked against the published counts: 3,754,622,976 (3B), 8,292,166,656 (7B), 33,452,718,336 (32B).
 */
export function parameterCounts(shape: ModelShape): ParameterCounts {
  const { hiddenSize: h, layers, vocabularySize, tiesEmbeddings, intermediateSize } = shape;
  const keyValue = (h / shape.heads) * shape.keyValueHeads;
  const attention = 2 * h * h + h + 2 * (h * keyValue + keyValue);
  const block = attention + 3 * h * intermediateSize + 2 * h;
  const embeddings = vocabularySize * h * (tiesEmbeddings ? 1 : 2);
  const language = embeddings + layers * block + h;
  const { hiddenSize: v, patchValues, merge } = VISION;
  const mlp = 3 * v * shape.visionIntermediateSize + 2 * shape.visionIntermediateSize + v;
  const visionBlock = 2 * v + (3 * v * v + 3 * v) + (v * v + v) + mlp;
  const merged = merge * v;
  const merger = v + (merged * merged + merged) + (merged * h + h);
  const visionTotal = patchValues * v + VISION.layers * visionBlock + merger;
  return { language, vision: visionTotal, total: language + visionTotal };
}

/**
 * Parameters of adapters of a rank on every linear layer of the language blocks: for each matrix of
 * `n` to `m`, `rank (n + m)`.
 */
export function adapterParameters(shape: ModelShape, rank: number): number {
  const { hiddenSize: h, intermediateSize: inner, layers } = shape;
  const keyValue = (h / shape.heads) * shape.keyValueHeads;
  const sides = 2 * (h + h) + 2 * (h + keyValue) + 3 * (h + inner);
  return layers * rank * sides;
}

const configShape = z.looseObject({ hidden_size: z.number(), num_hidden_layers: z.number() });
const config = z.union([z.looseObject({ text_config: configShape }), configShape]);

/** The preset whose shape a model's `config.json` has, or `null`. */
export function presetOfConfig(content: unknown): ModelPresetName | null {
  const read = config.safeParse(content);
  if (!read.success) return null;
  const found = 'text_config' in read.data ? configShape.parse(read.data.text_config) : read.data;
  for (const [name, { shape }] of Object.entries(MODEL_PRESETS)) {
    if (shape.hiddenSize !== found.hidden_size || shape.layers !== found.num_hidden_layers)
      continue;
    return name as ModelPresetName;
  }
  return null;
}
