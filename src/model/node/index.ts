/** What of the model room needs Node: folders of models and adapters. @module */
export { loadAdapter, saveAdapter } from './adapter-folder.ts';
export { loadModel, openModel } from './load-model.ts';
export {
  isAdapterFolder,
  type LoraAdapter,
  type MergeCheck,
  type MergeLoraOptions,
  type MergeReport,
  mergeLora,
  openLoraAdapter,
} from './merge/index.ts';
export { ModelFolder } from './model-folder.ts';
export { type SaveModelOptions, saveModel } from './save-model.ts';
