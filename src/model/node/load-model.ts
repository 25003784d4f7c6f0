/**
 * Models from folders in Hugging Face's layout.
 * @module
 */
import { describeModel, type Model, readModel, type StoredModel } from '../checkpoint/index.ts';
import { ModelFolder } from './model-folder.ts';

/**
 * Reads a model's folder into memory, as 32-bit floats.
 *
 * @throws GeorError `data` or `config` when a file is missing, malformed or does not fit the others
 */
export function loadModel(folder: string): Model {
  const files = new ModelFolder(folder);
  try {
    return readModel(files);
  } finally {
    files.close();
  }
}

/**
 * Reads a model's folder except its numbers, and says where in which file each parameter is.
 *
 * @throws GeorError as {@link loadModel}
 */
export function openModel(folder: string): StoredModel {
  const files = new ModelFolder(folder);
  try {
    return describeModel(files);
  } finally {
    files.close();
  }
}
