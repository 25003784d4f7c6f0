/**
 * The lines of a text file, as a stream.
 *
 * Ends at `\n` or `\r\n` only: Node's `readline` also breaks at U+2028, which JSON strings may hold.
 * @module
 */
import { createReadStream } from 'node:fs';

/** The lines of a UTF-8 file without their ends, in batches; a byte order mark is dropped. */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop()!;
    yield parts.map((part) => (part.endsWith('\r') ? part.slice(0, -1) : part));
  }
  rest += decoder.decode();
  if (rest) yield [rest];
}
