/**
 * Lines of a file, a megabyte at a time: the file is never in memory as a whole.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';

/** Told how far reading has come. */
export type ReadProgress = (bytesRead: number, bytesTotal: number) => void;

const CHUNK_BYTES = 1 << 20;
/** A longer line is not text with line breaks. */
const MAX_LINE_BYTES = 1 << 28;
const LINE_FEED = 0x0a;

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const unreadable = (path: string, cause: unknown): GeorError =>
  new GeorError(
    'data',
    `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { hint: 'check the path', cause },
  );

function* chunks(path: string, onProgress: ReadProgress | undefined): Generator<Buffer> {
  const file = open(path);
  try {
    const { size } = fstatSync(file);
    for (let done = 0; ; ) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      let count: number;
      try {
        count = readSync(file, buffer);
      } catch (cause) {
        throw unreadable(path, cause);
      }
      if (count === 0) return;
      done += count;
      onProgress?.(done, size);
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Buffer, from: number, to: number): string {
  const end = to > from && bytes[to - 1] === 0x0d ? to - 1 : to;
  return bytes.toString('utf8', from, end);
}

/**
 * Lines without their line breaks (LF or CRLF) and without a byte order mark; bytes that are no UTF-8
 * become U+FFFD.
 *
 * @throws GeorError `data` when the file cannot be read or a line exceeds 256 MiB.
 */
export function* readLines(path: string, onProgress?: ReadProgress): Generator<string> {
  let open: Buffer[] = [];
  let openBytes = 0;
  let isFirst = true;
  const text = (line: string): string => {
    const plain = isFirst ? line.replace(/^\uFEFF/, '') : line;
    isFirst = false;
    return plain;
  };
  for (const chunk of chunks(path, onProgress)) {
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(LINE_FEED, from);
      if (to < 0) break;
      if (open.length === 0) yield text(decode(chunk, from, to));
      else {
        const whole = Buffer.concat([...open, chunk.subarray(from, to)]);
        open = [];
        openBytes = 0;
        yield text(decode(whole, 0, whole.length));
      }
      from = to + 1;
    }
    if (from === chunk.length) continue;
    open.push(chunk.subarray(from));
    openBytes += chunk.length - from;
    if (openBytes > MAX_LINE_BYTES)
      throw new GeorError('data', `${path} has a line of more than 256 MiB`, {
        hint: 'check that it is a CSV or JSONL file',
      });
  }
  if (openBytes > 0) {
    const rest = Buffer.concat(open);
    yield text(decode(rest, 0, rest.length));
  }
}
