/**
 * The end of a log, as a person reads it.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 256 * 1024;

/**
 * The last lines of a text as a terminal would show them: of a line that was written over and over
 * (a progress bar), the last state; escape sequences and empty lines left out.
 */
export function readableLines(text: string, lines: number): string[] {
  const sequence = new RegExp(`${'\\u001b'}\\[[0-9;?]*[A-Za-z]`, 'g');
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/\r+$/, '')
        .replace(/^[^\n]*\r/, '')
        .replace(sequence, '')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .slice(-lines);
}

/** The last lines of a file; none when it is not there. */
export function lastLines(path: string, lines: number): string[] {
  return readableLines(lastText(path), lines);
}

/** The end of a file as text, from the start of a line on. */
export function lastText(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    const count = readSync(file, bytes, 0, bytes.length, from);
    const text = bytes.toString('utf8', 0, count);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
