/**
 * The header of a safetensors file, checked before any of its numbers is believed.
 *
 * Layout (https://github.com/huggingface/safetensors): 8 bytes header length, little-endian; that
 * many bytes of JSON, `name -> { dtype, shape, data_offsets }` and optionally
 * `__metadata__: { string: string }`; then the data, which the ranges cover without gap or overlap.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { findRepeatedKey } from './repeated-key.ts';

/** Element types that geor reads and writes. */
export type SafetensorsDtype = 'F32' | 'F16' | 'BF16';

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Readonly<Record<SafetensorsDtype, number>> = {
  F32: 4,
  BF16: 2,
  F16: 2,
};

/** Where one tensor lies. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly begin: number;
  /** Byte after the last. */
  readonly end: number;
}

/** A whole header. */
export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

// The reference implementation's limit. Headers of the largest models are below 1 MB.
const MAX_HEADER_BYTES = 100_000_000;

const size = z.int().min(0); // z.int() is a safe integer
const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'F16', 'BF16']),
  shape: z.array(size).max(64),
  data_offsets: z.tuple([size, size]),
});
const metadataSchema = z.record(z.string(), z.string());

/** The error for a bad file. */
export const refuse = (why: string, cause?: unknown): GeorError =>
  new GeorError('data', `safetensors: ${why}`, {
    hint: 'the file is damaged, not safetensors, or holds a type geor does not read',
    cause,
  });

/**
 * How many bytes a file's header takes, its length included.
 *
 * @param first - at least the first 8 bytes of the file, or all of it
 * @param fileBytes - the size of the file
 * @throws GeorError `data` when the file cannot hold such a header
 */
export function headerBytes(first: Uint8Array, fileBytes: number): number {
  if (first.length < 8) throw refuse(`${fileBytes} bytes are too few for a header`);
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > Math.min(fileBytes - 8, MAX_HEADER_BYTES))
    throw refuse(`header of ${length} bytes in a file of ${fileBytes}`);
  return 8 + length;
}

/**
 * Reads and checks the header of a file.
 *
 * @param bytes - the file, or as much of its beginning as the header takes
 * @param fileBytes - the size of the file
 * @returns entries by position in the file
 * @throws GeorError `data` for anything the format does not allow, and for other element types.
 */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  fileBytes: number = bytes.length,
): SafetensorsHeader {
  const start = headerBytes(bytes, fileBytes);
  const { headers, metadata } = parseHeader(bytes.subarray(8, start));
  const entries = Object.entries(headers).map(([name, value]): SafetensorsEntry => {
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw refuse(`${show(name)}: ${issue?.path.join('.')} ${issue?.message}`, parsed.error);
    }
    const { dtype, shape, data_offsets: range } = parsed.data;
    const needed = elementCount(name, shape) * BYTES_PER_ELEMENT[dtype];
    if (range[1] - range[0] !== needed) {
      throw refuse(`${show(name)}: ${needed} bytes by shape, ${range[1] - range[0]} by offsets`);
    }
    return { name, dtype, shape, begin: start + range[0], end: start + range[1] };
  });
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = start;
  for (const { name, begin, end } of entries) {
    if (begin !== at) throw refuse(`${show(name)}: ${begin < at ? 'overlap' : 'gap'} before it`);
    at = end;
  }
  if (at !== fileBytes) throw refuse(`the tensors end at byte ${at}, the file at ${fileBytes}`);
  return { entries, metadata };
}

function parseHeader(bytes: Uint8Array): {
  headers: Record<string, unknown>;
  metadata: Record<string, string>;
} {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse('the header is not JSON in UTF-8', cause);
  }
  if (bytes[0] !== 0x7b) throw refuse('the header is not a JSON object'); // must start with '{'
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) throw refuse(`${show(repeated)} is there twice`);
  if (Object.hasOwn(json as object, '__proto__')) throw refuse('a tensor is named __proto__');
  const { __metadata__: about = {}, ...headers } = json as Record<string, unknown>;
  const metadata = metadataSchema.safeParse(about);
  if (!metadata.success) throw refuse('__metadata__ does not map strings to strings');
  return { headers, metadata: metadata.data };
}

/** Product of a shape; exact, or refused. */
export function elementCount(name: string, shape: readonly number[]): number {
  let count = 1;
  for (const extent of shape) {
    count *= extent;
    if (!Number.isSafeInteger(count * 4))
      throw refuse(`${show(name)}: shape ${shape} is too large`);
  }
  return count;
}

const show = (name: string): string => JSON.stringify(name.slice(0, 80));
