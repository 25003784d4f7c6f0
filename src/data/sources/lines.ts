/**
 * The lines of a text file, as a stream.
 *
 * Ends at `\n` only: Node's `readline` also breaks at U+2028, which JSON strings may hold. UTF-8, or
 * UTF-16 with a byte order mark. Bytes that are neither become U+FFFD, and {@link textFault} tells.
 * @module
 */
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { GeorError } from '../../core/index.ts';

/** Longer lines are cut behind this many characters, so that no file can fill the memory. */
export const LONGEST_LINE = 1 << 20;

const READ_BYTES = 1 << 16;

/** Decodes the pieces of one text; `end` gives what was held back. */
interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
}

function decoderFor(start: Buffer): Decoder {
  const encoding =
    start[0] === 0xff && start[1] === 0xfe
      ? 'utf-16le'
      : start[0] === 0xfe && start[1] === 0xff
        ? 'utf-16be'
        : undefined;
  // For UTF-8 Node's own decoder is several times faster than TextDecoder.
  if (encoding === undefined) return new StringDecoder('utf8');
  const decoder = new TextDecoder(encoding);
  return {
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

/**
 * The lines of a file without their `\n`, in batches; a byte order mark is dropped, a `\r` is not.
 *
 * @throws GeorError `data` when the file cannot be read
 */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  let decoder: Decoder | undefined;
  let rest = '';
  const take = (text: string): string[] => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!.slice(0, LONGEST_LINE + 1);
    return parts;
  };
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) {
      const isFirst = decoder === undefined;
      decoder ??= decoderFor(bytes as Buffer);
      const text = decoder.write(bytes as Buffer);
      yield take(isFirst ? text.replace(/^\uFEFF/, '') : text);
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new GeorError('data', `cannot read ${path}: ${cause.message}`, { cause });
  }
  const last = [...take(decoder?.end() ?? ''), rest];
  if (last.some((line) => line !== '')) yield last;
}

/** What is wrong with a line or a record as text, if anything. */
export function textFault(text: string): string | undefined {
  if (text.length > LONGEST_LINE) return `longer than ${LONGEST_LINE} characters`;
  if (text.includes('\uFFFD')) return 'holds bytes that are not UTF-8';
  return undefined;
}
