/**
 * Safetensors files, HF's format for weights: named tensors in and out.
 *
 * Numbers are little-endian in the file and read in place: the host must be little-endian, as every
 * platform with ONNX Runtime is.
 * @module
 */
import { decodeBfloat16, decodeFloat16 } from './half-floats.ts';
import {
  BYTES_PER_ELEMENT,
  readSafetensorsHeader,
  refuse,
  type SafetensorsDtype,
} from './safetensors-header.ts';
import { encodeElements, layOutSafetensors } from './safetensors-layout.ts';

/** A tensor of a file. */
export interface SafetensorsTensor {
  /** Type in the file; `data` holds its values as 32-bit floats whatever it is. */
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/**
 * All tensors of a file, in the order of the file. An aligned F32 tensor is a view of `bytes`, not
 * a copy; F16 and BF16 are decoded.
 *
 * @throws GeorError `data` when the file is not sound.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, SafetensorsTensor> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name, dtype, shape, begin, end } of readSafetensorsHeader(bytes).entries)
    tensors.set(name, { dtype, shape, data: decodeElements(bytes.subarray(begin, end), dtype) });
  return tensors;
}

/** Elements of a file as 32-bit floats; aligned F32 elements are a view of `bytes`. */
export function decodeElements(bytes: Uint8Array, dtype: SafetensorsDtype): Float32Array {
  const width = BYTES_PER_ELEMENT[dtype];
  // a copy, also of a Buffer, whose slice() is none
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const { buffer, byteOffset: offset } = aligned;
  const length = bytes.length / width;
  if (dtype === 'F32') return new Float32Array(buffer, offset, length);
  const halves = new Uint16Array(buffer, offset, length);
  return dtype === 'F16' ? decodeFloat16(halves) : decodeBfloat16(halves);
}

/**
 * A file from tensors. `dtype` (default F32) is the type to write; F16 and BF16 round to nearest,
 * ties to even.
 *
 * @throws GeorError `data` for a shape that does not fit its data or a name the format forbids.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Omit<SafetensorsTensor, 'dtype'> & { dtype?: SafetensorsDtype }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const plans = new Map(
    Array.from(tensors, ([name, { dtype = 'F32', shape }]) => [name, { dtype, shape }]),
  );
  const layout = layOutSafetensors(plans, metadata);
  const start = layout.header.length;
  const bytes = new Uint8Array(start + (layout.tensors.at(-1)?.end ?? 0));
  bytes.set(layout.header);
  for (const { name, shape, dtype, begin, elements } of layout.tensors) {
    const { data } = tensors.get(name)!;
    if (elements !== data.length)
      throw refuse(`${name}: shape [${shape}] does not fit ${data.length} values`);
    encodeElements(data, dtype, bytes, start + begin);
  }
  return bytes;
}
