/** Models as the files of a Hugging Face folder, without a disk. @module */
export { endTokens, type GenerationConfig, parseGenerationConfig } from './generation-config.ts';
export type { Model, ModelCard } from './model.ts';
export { checkpointName, moduleName } from './parameter-names.ts';
export {
  DEFAULT_PREPROCESSOR,
  type PreprocessorConfig,
  parsePreprocessorConfig,
} from './preprocessor-config.ts';
export {
  describeModel,
  filesInMemory,
  type ModelSource,
  readModel,
  readParameters,
  type StoredModel,
  type WeightFile,
} from './read-model.ts';
export {
  parseWeightIndex,
  type StoredParameter,
  WEIGHTS,
  WEIGHTS_INDEX,
  weightIndex,
} from './weight-map.ts';
export { modelTexts } from './write-model.ts';
