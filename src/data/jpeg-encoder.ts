/**
 * A baseline JPEG encoder for small pictures.
 *
 * Why not jpeg-js: its encoder builds tables of 65,536 little arrays for every picture, 25 ms of
 * processor time, and tiles come by the thousand. This one takes under a millisecond for a tile.
 *
 * Source: ITU-T T.81, annex K for the quantisation and Huffman tables, scaled by quality as the
 * Independent JPEG Group does. Deviations from the usual: colour at full resolution (4:4:4), and the
 * luminance Huffman tables serve all three components.
 * @module
 */
import type { Picture } from './picture.ts';

/** Where each coefficient of a row-by-row block stands in the file (figure A.6). */
const ZIGZAG = [
  ...[0, 1, 5, 6, 14, 15, 27, 28, 2, 4, 7, 13, 16, 26, 29, 42],
  ...[3, 8, 12, 17, 25, 30, 41, 43, 9, 11, 18, 24, 31, 40, 44, 53],
  ...[10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38, 46, 51, 55, 60],
  ...[21, 34, 37, 47, 50, 56, 59, 61, 35, 36, 48, 49, 57, 58, 62, 63],
] as const;

/** Table K.1, row by row. */
const LUMINANCE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
] as const;

/** Table K.2, row by row: the corner where it is not 99. */
const CHROMINANCE = LUMINANCE.map((_, i) => {
  const corner = [17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99];
  return i % 8 < 4 && i < 32 ? corner[(i >> 3) * 4 + (i % 8)]! : 99;
});

/** Codes of each length (from 1) and the symbols in order of their codes: tables K.3 and K.5. */
const DC = { counts: '00010501010101010100000000000000', symbols: '000102030405060708090a0b' };
const AC = {
  counts: '0002010303020403050504040000017d',
  symbols:
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a' +
    '25262728292a3435363738393a434445464748494a535455565758595a636465666768696a73747576777879' +
    '7a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9' +
    'cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
};

interface HuffmanTable {
  /** Counts and symbols as they stand in the file. */
  readonly spec: readonly number[];
  readonly code: Uint16Array;
  readonly length: Uint8Array;
}

/** Canonical Huffman codes (annex C). */
function huffman({ counts, symbols }: { counts: string; symbols: string }): HuffmanTable {
  const bytes = (hex: string) => (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  const table = {
    spec: [...bytes(counts), ...bytes(symbols)],
    code: new Uint16Array(256),
    length: new Uint8Array(256),
  };
  let code = 0;
  let next = 16;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let i = 0; i < table.spec[length - 1]!; i++) {
      const symbol = table.spec[next++]!;
      table.code[symbol] = code++;
      table.length[symbol] = length;
    }
  }
  return table;
}

const dcTable = huffman(DC);
const acTable = huffman(AC);

/** `cosines[u * 8 + x]`: the orthonormal DCT-II of eight values. */
const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const [u, x] = [i >> 3, i & 7];
  return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

/** Bytes, and bits with the zero that T.81 wants after every 255. */
class Output {
  readonly bytes: number[] = [];
  #bits = 0;
  #count = 0;

  word(value: number): void {
    this.bytes.push(value >> 8, value & 255);
  }

  segment(marker: number, content: readonly number[]): void {
    this.word(marker);
    this.word(content.length + 2);
    this.bytes.push(...content);
  }

  bits(value: number, length: number): void {
    this.#bits = (this.#bits << length) | (value & ((1 << length) - 1));
    this.#count += length;
    for (; this.#count >= 8; this.#count -= 8) {
      const byte = (this.#bits >> (this.#count - 8)) & 255;
      this.bytes.push(byte);
      if (byte === 255) this.bytes.push(0);
    }
    this.#bits &= 255;
  }

  symbol({ code, length }: HuffmanTable, symbol: number): void {
    this.bits(code[symbol]!, length[symbol]!);
  }

  /** A number's magnitude bits (table F.1): negatives are written less one. */
  magnitude(value: number, size: number): void {
    this.bits(value < 0 ? value - 1 : value, size);
  }
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

/** Transforms and quantises `block` (row by row) into `levels` (zigzag). */
function quantise(block: Float64Array, table: readonly number[], levels: Int16Array): void {
  const rows = new Float64Array(64); // rows transformed: y, u
  for (let y = 0; y < 8; y++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += block[y * 8 + x]! * cosines[u * 8 + x]!;
      rows[y * 8 + u] = sum;
    }
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += rows[y * 8 + u]! * cosines[v * 8 + y]!;
      levels[ZIGZAG[v * 8 + u]!] = Math.round(sum / table[v * 8 + u]!);
    }
}

/** Writes a block and returns its first level, which the next block of the component starts from. */
function writeBlock(out: Output, levels: Int16Array, previous: number): number {
  const difference = levels[0]! - previous;
  const size = sizeOf(difference);
  out.symbol(dcTable, size);
  out.magnitude(difference, size);
  let run = 0;
  let last = 63;
  while (last > 0 && levels[last] === 0) last--;
  for (let i = 1; i <= last; i++) {
    const level = levels[i]!;
    if (level === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) out.symbol(acTable, 0xf0);
    out.symbol(acTable, (run << 4) | sizeOf(level));
    out.magnitude(level, sizeOf(level));
    run = 0;
  }
  if (last < 63) out.symbol(acTable, 0);
  return levels[0]!;
}

const scaled = (table: readonly number[], quality: number): number[] => {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return table.map((step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))));
};

const inZigzag = (table: readonly number[]): number[] => {
  const out = new Array<number>(64);
  for (let i = 0; i < 64; i++) out[ZIGZAG[i]!] = table[i]!;
  return out;
};

/** RGB to one of Y, Cb, Cr (JFIF), less 128. */
const channels: readonly (readonly [number, number, number, number])[] = [
  [0.299, 0.587, 0.114, -128],
  [-0.168736, -0.331264, 0.5, 0],
  [0.5, -0.418688, -0.081312, 0],
];

/** The bytes of a picture as a baseline JFIF file, quality 1 to 100. */
export function encodeBaselineJpeg({ width, height, data }: Picture, quality: number): Uint8Array {
  const tables = [scaled(LUMINANCE, quality), scaled(CHROMINANCE, quality)] as const;
  const out = new Output();
  out.word(0xffd8);
  out.segment(0xffe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  out.segment(0xffdb, [0, ...inZigzag(tables[0]), 1, ...inZigzag(tables[1])]);
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  out.segment(0xffc0, [8, ...size, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
  out.segment(0xffc4, [0, ...dcTable.spec, 0x10, ...acTable.spec]);
  out.segment(0xffda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);

  const block = new Float64Array(64);
  const levels = new Int16Array(64);
  const previous = [0, 0, 0];
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8)
      for (let channel = 0; channel < 3; channel++) {
        const [red, green, blue, shift] = channels[channel]!;
        for (let i = 0; i < 64; i++) {
          // The last row and column fill up what a block reaches beyond them.
          const y = Math.min(top + (i >> 3), height - 1);
          const x = Math.min(left + (i & 7), width - 1);
          const at = (y * width + x) * 3;
          block[i] = red * data[at]! + green * data[at + 1]! + blue * data[at + 2]! + shift;
        }
        quantise(block, tables[channel === 0 ? 0 : 1], levels);
        previous[channel] = writeBlock(out, levels, previous[channel]!);
      }
  out.bits(0x7f, 7); // ones to the next byte
  out.word(0xffd9);
  return Uint8Array.from(out.bytes);
}
