/** The part of `locate` that needs Node: files, model folders. @module */
export { readCalibration } from './calibration-file.ts';
export {
  checkInputs,
  type InputKind,
  type InputOptions,
  inputKind,
  openInputs,
  photoItem,
} from './inputs.ts';
export { type Journal, openJournal, type ReadRows, readRows } from './journal.ts';
export { hasShippedModel, modelFolderBackend, SHIPPED_MODEL } from './model-folder.ts';
export {
  isOnnxFolder,
  type OnnxDtype,
  type OnnxFolderOptions,
  onnxFolderBackend,
} from './onnx-folder.ts';
export { isAddress, type OpenBackendOptions, openBackend } from './open-backend.ts';
export { guardedPhoto, guardedTile } from './pictures.ts';
