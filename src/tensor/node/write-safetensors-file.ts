/**
 * A safetensors file written tensor by tensor: one tensor is in memory at a time.
 * @module
 */
import type { TensorPlan } from '../safetensors-layout.ts';
import { SafetensorsWriter } from './safetensors-writer.ts';

/**
 * Writes `path` through a temporary file beside it and a rename. Makes the folder.
 *
 * @param elementsOf - called once per tensor, in the order of the file: 32-bit floats, which are
 *   encoded, or the bytes as the file is to hold them
 * @throws GeorError `data` for a shape that does not fit its elements or a name the format forbids
 */
export function writeSafetensorsFile(
  path: string,
  plans: ReadonlyMap<string, TensorPlan>,
  elementsOf: (name: string) => Float32Array | Uint8Array,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const writer = new SafetensorsWriter(path, plans, metadata);
  try {
    for (const tensor of writer.tensors) {
      writer.write(tensor, elementsOf(tensor.name));
      writer.end(tensor);
    }
  } catch (error) {
    writer.abort();
    throw error;
  }
  writer.finish();
}
