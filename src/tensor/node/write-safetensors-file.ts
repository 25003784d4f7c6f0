/**
 * A safetensors file written tensor by tensor: one tensor is in memory at a time.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { encodeElements, layOutSafetensors, type TensorPlan } from '../safetensors-layout.ts';

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
  const layout = layOutSafetensors(plans, metadata);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.partial`;
  const file = openSync(temporary, 'w');
  try {
    writeAll(file, layout.header);
    for (const { name, shape, dtype, begin, end } of layout.tensors) {
      const elements = elementsOf(name);
      let bytes: Uint8Array;
      if (elements instanceof Float32Array && dtype === 'F32')
        bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
      else if (elements instanceof Float32Array) {
        bytes = new Uint8Array(elements.length * 2);
        encodeElements(elements, dtype, bytes);
      } else bytes = elements;
      if (bytes.length !== end - begin)
        throw new GeorError(
          'data',
          `${name}: shape [${shape}] does not fit ${bytes.length} bytes of ${dtype}`,
        );
      writeAll(file, bytes);
    }
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(file);
  renameSync(temporary, path);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30));
}
