/** The part of `locate` that needs Node: files, model folders. @module */
export { hasShippedModel, modelFolderBackend, SHIPPED_MODEL } from './model-folder.ts';
export { isAddress, type OpenBackendOptions, openBackend } from './open-backend.ts';
export { guardedPhoto, guardedTile } from './pictures.ts';
