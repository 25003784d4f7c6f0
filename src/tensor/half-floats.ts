/**
 * Sixteen-bit floats, IEEE binary16 (F16) and bfloat16 (BF16), to and from 32-bit ones.
 *
 * JavaScript engines of Node 20 have no `Float16Array`. Encoding rounds to nearest, ties to even,
 * as NumPy and PyTorch do; too large becomes infinity; NaN stays NaN, written as one quiet NaN.
 * @module
 */

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** Value of an F16 bit pattern. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** F16 bit pattern nearest to a 32-bit float. */
export function toFloat16(value: number): number {
  floats[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65520 to 65536 get there by rounding
  if (magnitude < 0x38800000) {
    // Below 2^-14 the result is subnormal, a multiple of 2^-24. Adding 0.5 makes the 32-bit adder
    // round at that very bit.
    floats[0] = Math.abs(floats[0]!) + 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  const isOdd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + isOdd) >>> 13);
}

/** Value of a BF16 bit pattern: the upper half of a 32-bit float. */
export function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return floats[0]!;
}

/** BF16 bit pattern nearest to a 32-bit float. */
export function toBfloat16(value: number): number {
  floats[0] = value;
  const word = bits[0]!;
  if ((word & 0x7fffffff) > 0x7f800000) return ((word >>> 16) & 0x8000) | 0x7fc0;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16; // no overflow: the largest is -inf
}

/** F16 values of many bit patterns, through a table of all 65,536 when there are many. */
export function decodeFloat16(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  if (halves.length < 4096 && table === undefined) {
    for (let i = 0; i < out.length; i++) out[i] = fromFloat16(halves[i]!);
    return out;
  }
  table ??= Float32Array.from({ length: 65536 }, (_, half) => fromFloat16(half));
  for (let i = 0; i < out.length; i++) out[i] = table[halves[i]!]!;
  return out;
}
let table: Float32Array | undefined;

/** BF16 values of many bit patterns. */
export function decodeBfloat16(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < out.length; i++) words[i] = halves[i]! << 16;
  return out;
}
