/** What of the model room needs Node: model folders. @module */
export { loadModel, openModel } from './load-model.ts';
export { ModelFolder } from './model-folder.ts';
export { type SaveModelOptions, saveModel } from './save-model.ts';
