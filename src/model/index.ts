/** Qwen2.5-VL on geor's own engine: configuration, graphs, tokenizer, generation. @module */
export { type AnswerGraph, type AnswerGraphShape, answerGraph } from './answer-graph.ts';
export { batchFeeds } from './batch-feeds.ts';
export { type ChatMessage, type ChatPart, renderChat } from './chat-template.ts';
export {
  checkpointName,
  DEFAULT_PREPROCESSOR,
  describeModel,
  endTokens,
  filesInMemory,
  type GenerationConfig,
  type Model,
  type ModelCard,
  type ModelSource,
  type PreprocessorConfig,
  readModel,
  readParameters,
  type StoredModel,
  type StoredParameter,
} from './checkpoint/index.ts';
export {
  headDimension,
  type ModelConfig,
  parseModelConfig,
  type TinyShape,
  tinyConfig,
  type VisionConfig,
} from './config.ts';
export { constrainTokens, type TokenConstraint } from './constraint.ts';
export { type Generated, type GenerateOptions, Generator } from './generation/generator.ts';
export type { Prompt, PromptBatch } from './generation/read-prompts.ts';
export { type ImageGrid, patchLength } from './image-grid.ts';
export { ImageProcessor, type RgbImage } from './image-processor.ts';
export {
  type Adapter,
  addLowRank,
  type LoraConfig,
  type LoraTarget,
  loraTargets,
  mergeAdapter,
  newAdapter,
  parseAdapterConfig,
} from './lora/index.ts';
export { type Example, type PackedBatch, pack } from './packing.ts';
export {
  decays,
  initialParameters,
  isHiddenMatrix,
  type Parameter,
  type Parameters,
  parameterCount,
  stackedMatrices,
} from './parameters.ts';
export {
  type Completion,
  type CompletionOptions,
  Policy,
  type PolicyOptions,
  type TokenEvent,
} from './policy.ts';
export { type PolicyRequest, promptBatch } from './policy-request.ts';
export { type PreparedImage, prepareImage } from './prepare-image.ts';
export {
  type PublishedPreset,
  publishedConfig,
  type SmallPreset,
  smallConfig,
} from './presets.ts';
export {
  answerTokens,
  bannedTokens,
  isAskedShortly,
  promptTokens,
  SPECIAL_TOKENS,
} from './prompt.ts';
export { questionTokens } from './question-tokens.ts';
export { resizeBicubic } from './resize-bicubic.ts';
export { type PixelBudget, smartResize } from './smart-resize.ts';
export {
  chainPattern,
  loadTokenizer,
  qwen2Pattern,
  type Tokenizer,
  type TokenizerJson,
  trainTokenizer,
} from './tokenizer/index.ts';
export { type ImageBatch, visionShapeOf } from './vision-feeds.ts';
