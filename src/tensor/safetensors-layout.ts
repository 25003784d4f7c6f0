/**
 * How a safetensors file is laid out and its elements encoded: what a writer in memory and a writer
 * to a file share.
 *
 * Tensors lie as the reference implementation lays them (wider types first, then by name), so equal
 * tensors give equal bytes, here and in Python.
 * @module
 */
import { toBfloat16, toFloat16 } from './half-floats.ts';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  refuse,
  type SafetensorsDtype,
} from './safetensors-header.ts';

/** A tensor that is to be written. */
export interface TensorPlan {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
}

/** Where a tensor of a file goes, counted from the first byte after the header. */
export interface PlacedTensor extends TensorPlan {
  readonly name: string;
  readonly elements: number;
  readonly begin: number;
  readonly end: number;
}

/** A file before its elements: the header's bytes, then the tensors in the order they lie in. */
export interface SafetensorsLayout {
  readonly header: Uint8Array;
  readonly tensors: readonly PlacedTensor[];
}

/** Wider first; BF16 before F16 as in the reference implementation. */
const ORDER: readonly SafetensorsDtype[] = ['F32', 'BF16', 'F16'];

/**
 * Lays tensors out.
 *
 * @throws GeorError `data` for a shape that is none or a name the format forbids
 */
export function layOutSafetensors(
  plans: ReadonlyMap<string, TensorPlan>,
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsLayout {
  const sorted = Array.from(plans, ([name, { dtype, shape }]) => {
    if (name === '__metadata__' || name === '__proto__' || /\p{Surrogate}/u.test(name))
      throw refuse(`no tensor can be named ${JSON.stringify(name)}`);
    if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
      throw refuse(`${name}: shape ${shape} is not one`);
    return { name, key: new TextEncoder().encode(name), dtype, shape };
  }).sort((a, b) => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || byBytes(a.key, b.key));

  const parts: string[] = [];
  const about = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (about.length > 0) parts.push(`"__metadata__":${JSON.stringify(Object.fromEntries(about))}`);
  const tensors: PlacedTensor[] = [];
  let end = 0;
  for (const { name, dtype, shape } of sorted) {
    const begin = end;
    const elements = elementCount(name, shape);
    end += elements * BYTES_PER_ELEMENT[dtype];
    parts.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
    );
    tensors.push({ name, dtype, shape, elements, begin, end });
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return { header, tensors };
}

/**
 * Elements as the file holds them, into `out` from byte `at`, which is aligned to the type. F16 and
 * BF16 round to nearest, ties to even.
 */
export function encodeElements(
  data: Float32Array,
  dtype: SafetensorsDtype,
  out: Uint8Array,
  at = 0,
): void {
  const begin = out.byteOffset + at;
  if (dtype === 'F32') {
    new Float32Array(out.buffer, begin, data.length).set(data);
    return;
  }
  const encode = dtype === 'BF16' ? toBfloat16 : toFloat16;
  const halves = new Uint16Array(out.buffer, begin, data.length);
  for (let i = 0; i < data.length; i++) halves[i] = encode(data[i]!);
}

/** Order of UTF-8 bytes, which is the order of code points (JavaScript's `<` is not). */
function byBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
