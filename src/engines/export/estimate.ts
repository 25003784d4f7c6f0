/**
 * What a run will need: memory of each GPU, steps, samples, tokens, arithmetic. Estimates from
 * shapes, made before anything starts; nothing here was measured.
 *
 * Sources:
 * - Rajbhandari et al. 2020 (ZeRO), section 3.1: with Adam and mixed precision a trained parameter
 *   takes 2 bytes of weight, 2 of gradient, and 12 of optimiser (a copy in 32 bits and two moments);
 *   section 5: stage 2 shares out gradients and optimiser, stage 3 the weights too.
 * - Korthikanti et al. 2022, section 4.1: a layer's activations take `34 s b h` bytes (without the
 *   attention matrix, which fused attention does not keep), section 5: with everything recomputed
 *   `2 s b h` are kept for each layer.
 * - A key and a value of `keyValueHeads * headSize` numbers of 2 bytes are cached for each token and layer.
 * - Kaplan et al. 2020, section 2.1: 2 operations for each parameter and token forward, 4 backward;
 *   recomputation adds a forward pass.
 *
 * Not counted: fragmentation, NCCL's buffers, the images themselves. A GPU of 80 GB that this says is
 * full to 70 is likely to be too small.
 * @module
 */
import {
  adapterParameters,
  type Layout,
  MODEL_PRESETS,
  type ModelShape,
  parameterCounts,
} from './model-presets.ts';
import {
  batchesOf,
  countedSteps,
  layoutOf,
  type Plan,
  trainingProcesses,
  updatesPerCountedStep,
} from './plan.ts';

/** Bytes of weight, gradient and optimiser of parameters on each of several GPUs. */
export interface StateBytes {
  readonly weights: number;
  readonly gradients: number;
  readonly optimiser: number;
}

/**
 * Memory of weights and optimiser on each GPU.
 *
 * @param frozen - parameters that are not trained
 * @param trained - parameters that are
 * @param zeroStage - 0 shares out nothing; 2 and 3 as in ZeRO
 * @param weightBytes - 2 with a second copy in 32 bits for the optimiser (DeepSpeed), 4 with that
 *   copy alone (FSDP as verl has it)
 */
export function stateBytes(
  frozen: number,
  trained: number,
  zeroStage: 0 | 2 | 3,
  gpus: number,
  weightBytes: 2 | 4 = 2,
): StateBytes {
  const shared = zeroStage === 0 ? 1 : gpus;
  const weightShare = zeroStage === 3 ? gpus : 1;
  return {
    weights: (weightBytes * (frozen + trained)) / weightShare,
    gradients: (weightBytes * trained) / shared,
    optimiser: ((16 - 2 * weightBytes) * trained) / shared,
  };
}

/**
 * Memory of activations when every layer is recomputed: what is kept of each, one layer at work, and
 * the logits in 16 and 32 bits, for which `logitTokens` of the tokens are needed.
 */
export function activationBytes(
  shape: Pick<ModelShape, 'hiddenSize' | 'layers' | 'vocabularySize'>,
  tokens: number,
  logitTokens: number,
): number {
  const { hiddenSize, layers, vocabularySize } = shape;
  return (2 * layers + 34) * tokens * hiddenSize + 6 * logitTokens * vocabularySize;
}

/** Bytes that one token takes in the cache of keys and values. */
export function cacheBytesPerToken(
  shape: Pick<ModelShape, 'hiddenSize' | 'heads' | 'keyValueHeads' | 'layers'>,
): number {
  return 2 * 2 * shape.layers * (shape.hiddenSize / shape.heads) * shape.keyValueHeads;
}

/** What a run needs; memory only where the model's shape is known. */
export interface Estimate {
  /** Steps, as the engine counts them. */
  readonly steps: number;
  /** Rows of SFT, or completions, that each step learns from. */
  readonly samplesPerStep: number;
  /** Tokens that are read and written in the whole run, at most. */
  readonly tokens: number;
  readonly checkpoints: number;
  readonly memory?: MemoryEstimate;
  /** Arithmetic of the whole run, in 10^15 operations. */
  readonly petaflop?: number;
}

/** Bytes on each GPU; the weights are those of the policy and of a reference policy. */
export interface MemoryEstimate extends StateBytes {
  readonly activations: number;
  /** Weights and cache of the engine that generates; 0 in SFT. */
  readonly generation: number;
  /** The most that is there at once: generation and training take turns. */
  readonly peak: number;
  /** Sequences of full length that the cache has room for. */
  readonly cachedSequences: number;
}

/** Memory of the GPUs that the layouts are for: 80 GB. */
export const GPU_BYTES = 80e9;

/** Estimates a plan. */
export function estimate(plan: Plan): Estimate {
  const { numbers, model } = plan;
  const steps = countedSteps(plan);
  const isGrpo = numbers.stage === 'grpo';
  const samplesPerStep = isGrpo
    ? (numbers.promptsPerStep * numbers.groupSize * updatesPerCountedStep(plan)) /
      numbers.updatesPerStep
    : numbers.batchSize;
  const length = isGrpo ? numbers.maxPromptLength + numbers.maxCompletionLength : numbers.maxLength;
  const tokens = steps * samplesPerStep * length;
  const common = { steps, samplesPerStep, tokens, checkpoints: Math.ceil(steps / plan.saveSteps) };
  if (!model.preset || plan.cluster.gpusPerNode === 0) return common;
  const { shape } = MODEL_PRESETS[model.preset];
  const { total } = parameterCounts(shape);
  // forward and backward with one recomputation: 8; GRPO generates and scores with the policy, and
  // with the reference where there is a KL term: 2 each
  const passes = isGrpo ? 8 + 2 + 2 + (numbers.beta > 0 ? 2 : 0) : 8;
  const petaflop = (passes * total * tokens) / 1e15;
  return { ...common, memory: memoryOf(plan, shape, length), petaflop };
}

function memoryOf(plan: Plan, shape: ModelShape, length: number): MemoryEstimate {
  const { numbers, engine } = plan;
  const layout = layoutOf(plan);
  const gpus = trainingProcesses(plan.cluster);
  const { total, vision } = parameterCounts(shape);
  const isLora = numbers.adaptation === 'lora';
  const adapters = adapterParameters(shape, numbers.lora.rank);
  const frozenVision = numbers.freezeVision ? vision : 0;
  // with adapters the reference policy is the model without them
  const hasReference = !isLora && numbers.stage === 'grpo' && numbers.beta > 0;
  const [frozen, trained] = isLora
    ? [total, adapters]
    : [frozenVision + (hasReference ? total : 0), total - frozenVision];
  // verl shares out everything, like stage 3
  const state =
    engine === 'verl'
      ? stateBytes(frozen, trained, 3, gpus, 4)
      : stateBytes(frozen, trained, layout.zeroStage, gpus);
  const { perDevice } = batchesOf(plan);
  const answer = numbers.stage === 'grpo' ? numbers.maxCompletionLength : length;
  const activations = activationBytes(shape, perDevice * length, perDevice * answer);
  const training = sum(state, layout) + activations;
  if (numbers.stage === 'sft')
    return { ...state, activations, generation: 0, peak: training, cachedSequences: 0 };
  const generation = layout.generationMemoryShare * GPU_BYTES;
  const cache = generation * layout.generationGpus - 2 * total;
  return {
    ...state,
    activations,
    generation,
    peak: Math.max(training, generation + state.weights),
    cachedSequences: Math.max(0, Math.floor(cache / (cacheBytesPerToken(shape) * length))),
  };
}

/** What stays on the GPU; offloaded state comes in a layer at a time. */
function sum({ weights, gradients, optimiser }: StateBytes, { offload }: Layout): number {
  return offload ? weights + gradients : weights + gradients + optimiser;
}
