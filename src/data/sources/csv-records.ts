/**
 * Lines to records of comma-separated values, after RFC 4180.
 *
 * A record that cannot be read costs its first line and no more: the next line begins a new one. So a
 * quote that is never closed does not swallow the rest of the file.
 * @module
 */
import { LONGEST_LINE } from './lines.ts';

/** A record with the line it begins on, or what is wrong with that line. */
export interface CsvRecord {
  /** From 1. */
  readonly line: number;
  /** As it stood in the file, without its line end. */
  readonly raw: string;
  readonly fields?: readonly string[];
  readonly error?: string;
}

/** How one text splits into fields. */
export type Split =
  | { readonly kind: 'fields'; readonly fields: string[] }
  /** A quote is not closed before the end. */
  | { readonly kind: 'open' }
  | { readonly kind: 'error'; readonly error: string };

/** Splits a record that may have quotes. */
export function splitQuoted(text: string, delimiter: string): Split {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const found = text.indexOf(delimiter, at);
      const end = found < 0 ? text.length : found;
      const field = text.slice(at, end);
      if (field.includes('"')) return { kind: 'error', error: 'a quote inside a bare field' };
      fields.push(field);
      at = end;
    } else {
      let field = '';
      for (;;) {
        const close = text.indexOf('"', at + 1);
        if (close < 0) return { kind: 'open' };
        field += text.slice(at + 1, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
      fields.push(field);
      if (at < text.length && text[at] !== delimiter)
        return { kind: 'error', error: 'text after a closing quote' };
    }
    if (at >= text.length) return { kind: 'fields', fields };
    at++;
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

const quoteCount = (text: string): number => text.split('"').length - 1;

/** Assembles records from lines given one by one. Empty lines are skipped. */
export class CsvRecords {
  readonly #delimiter: string;
  /** Number of the next line to be looked at. */
  #line: number;
  /** Lines of a record whose quote is open. */
  #open: string[] = [];
  #openCharacters = 0;
  #openQuotes = 0;

  /** @param line - number of the first line that will be pushed */
  constructor(delimiter: string, line: number = 1) {
    this.#delimiter = delimiter;
    this.#line = line;
  }

  /** Takes the next line, without its `\n`; gives what it completes. */
  push(line: string, out: CsvRecord[]): void {
    if (this.#open.length === 0 && !line.includes('"')) {
      const raw = withoutReturn(line);
      if (raw !== '') out.push({ line: this.#line, raw, fields: raw.split(this.#delimiter) });
      this.#line++;
    } else this.#take([line], out);
  }

  /** The end of the file: an open record is an error, and the lines behind its first are read again. */
  end(out: CsvRecord[]): void {
    while (this.#open.length > 0) this.#take(this.#giveUp('a quote is never closed', out), out);
  }

  /** Looks at lines that may be part of a record with quotes. */
  #take(lines: readonly string[], out: CsvRecord[]): void {
    const waiting = lines.toReversed();
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      if (this.#open.length === 0 && !line.includes('"')) {
        this.push(line, out);
        continue;
      }
      this.#open.push(line);
      this.#openCharacters += line.length + 1;
      this.#openQuotes += quoteCount(line);
      const again = this.#tryToClose(out);
      for (let i = again.length - 1; i >= 0; i--) waiting.push(again[i]!);
    }
  }

  /** Gives the open record if it is whole; else the lines to look at again. */
  #tryToClose(out: CsvRecord[]): readonly string[] {
    // Inside quotes every quote is doubled, so a whole record has an even number of them.
    const canBeWhole = this.#openQuotes % 2 === 0 || this.#open.length === 1;
    if (canBeWhole) {
      const raw = withoutReturn(this.#open.join('\n'));
      const split = splitQuoted(raw, this.#delimiter);
      if (split.kind === 'error') return this.#giveUp(split.error, out);
      if (split.kind === 'fields') {
        out.push({ line: this.#line, raw, fields: split.fields });
        this.#line += this.#open.length;
        this.#clear();
        return [];
      }
    }
    if (this.#openCharacters <= LONGEST_LINE) return [];
    return this.#giveUp(`a quote is not closed within ${LONGEST_LINE} characters`, out);
  }

  /** Records the first open line as an error; gives the others. */
  #giveUp(error: string, out: CsvRecord[]): readonly string[] {
    const [first = '', ...others] = this.#open;
    out.push({ line: this.#line, raw: withoutReturn(first), error });
    this.#line++;
    this.#clear();
    return others;
  }

  #clear(): void {
    this.#open = [];
    this.#openCharacters = 0;
    this.#openQuotes = 0;
  }
}
