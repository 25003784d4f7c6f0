/** What of the tensor room needs Node: weights in files. @module */

export { examineApart, examineSafely } from './examine-apart.ts';
export { SafetensorsFile } from './safetensors-file.ts';
export { SafetensorsWriter } from './safetensors-writer.ts';
export { sharedFloats, type WorkerRuntime, workerRuntime } from './worker-runtime.ts';
export { writeSafetensorsFile } from './write-safetensors-file.ts';
