/**
 * Safetensors files, HF's format for weights: named tensors in and out.
 *
 * Numbers are little-endian in the file and read in place: the host must be little-endian, as every
 * platform with ONNX Runtime is. The writer lays tensors out as the reference implementation does
 * (wider types first, then by name), so equal tensors give equal bytes, here and in Python.
 * @module
 */
import { decodeBfloat16, decodeFloat16, toBfloat16, toFloat16 } from './half-floats.ts';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  readSafetensorsHeader,
  refuse,
  type SafetensorsDtype,
} from './safetensors-header.ts';

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
  for (const { name, dtype, shape, begin, end } of readSafetensorsHeader(bytes).entries) {
    let buffer = bytes.buffer;
    let offset = bytes.byteOffset + begin;
    if (offset % BYTES_PER_ELEMENT[dtype] !== 0) {
      buffer = bytes.slice(begin, end).buffer;
      offset = 0;
    }
    const length = (end - begin) / BYTES_PER_ELEMENT[dtype];
    const data =
      dtype === 'F32'
        ? new Float32Array(buffer, offset, length)
        : decoders[dtype](new Uint16Array(buffer, offset, length));
    tensors.set(name, { dtype, shape, data });
  }
  return tensors;
}

const decoders = { F16: decodeFloat16, BF16: decodeBfloat16 } as const;

/** Wider first; BF16 before F16 as in the reference implementation. */
const ORDER: readonly SafetensorsDtype[] = ['F32', 'BF16', 'F16'];

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
  const sorted = Array.from(tensors, ([name, { dtype = 'F32', shape, data }]) => {
    if (name === '__metadata__' || name === '__proto__' || /\p{Surrogate}/u.test(name)) {
      throw refuse(`no tensor can be named ${JSON.stringify(name)}`);
    }
    if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
      throw refuse(`${name}: shape ${shape} is not one`);
    }
    if (elementCount(name, shape) !== data.length) {
      throw refuse(`${name}: shape [${shape}] does not fit ${data.length} values`);
    }
    return { name, key: new TextEncoder().encode(name), dtype, shape, data };
  }).sort((a, b) => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || byBytes(a.key, b.key));

  const parts: string[] = [];
  const about = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (about.length > 0) parts.push(`"__metadata__":${JSON.stringify(Object.fromEntries(about))}`);
  let end = 0;
  for (const { name, dtype, shape, data } of sorted) {
    const begin = end;
    end += data.length * BYTES_PER_ELEMENT[dtype];
    const entry = { dtype, shape, data_offsets: [begin, end] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  const start = 8 + Math.ceil(json.length / 8) * 8;

  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { dtype, data } of sorted) {
    if (dtype === 'F32') {
      new Float32Array(bytes.buffer, at, data.length).set(data);
    } else {
      const encode = dtype === 'BF16' ? toBfloat16 : toFloat16;
      const halves = new Uint16Array(bytes.buffer, at, data.length);
      for (let i = 0; i < data.length; i++) halves[i] = encode(data[i]!);
    }
    at += data.length * BYTES_PER_ELEMENT[dtype];
  }
  return bytes;
}

/** Order of UTF-8 bytes, which is the order of code points (JavaScript's `<` is not). */
function byBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
