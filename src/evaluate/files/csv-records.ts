/**
 * Records of CSV (RFC 4180) from lines: quoted cells may hold delimiters, quotes and line breaks.
 *
 * More lenient than the standard: text between a closing quote and the next delimiter is kept, and
 * line breaks inside cells come out as LF.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** A record and the line it begins on; without cells when its last quote is never closed. */
export interface CsvRecord {
  readonly line: number;
  readonly cells?: readonly string[];
}

/** An unclosed quote swallows what follows: no cell of an answer is longer than this. */
const MAX_CELL_CHARACTERS = 1 << 26;

/** Takes a record in line by line. */
class OpenRecord {
  readonly cells: string[] = [];
  readonly #delimiter: string;
  #cell = '';
  #isQuoted = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  get openCharacters(): number {
    return this.#cell.length;
  }

  /** @returns whether the record is complete with this line */
  push(line: string): boolean {
    if (this.#isQuoted) this.#cell += '\n';
    for (let at = 0; ; ) {
      if (!this.#isQuoted) {
        if (line[at] === '"') {
          this.#isQuoted = true;
          at++;
          continue;
        }
        const end = line.indexOf(this.#delimiter, at);
        this.cells.push(end < 0 ? line.slice(at) : line.slice(at, end));
        if (end < 0) return true;
        at = end + 1;
        continue;
      }
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        this.#cell += line.slice(at);
        return false;
      }
      this.#cell += line.slice(at, quote);
      if (line[quote + 1] === '"') {
        this.#cell += '"';
        at = quote + 2;
        continue;
      }
      this.#isQuoted = false;
      const end = line.indexOf(this.#delimiter, quote + 1);
      this.cells.push(this.#cell + (end < 0 ? line.slice(quote + 1) : line.slice(quote + 1, end)));
      this.#cell = '';
      if (end < 0) return true;
      at = end + 1;
    }
  }
}

/**
 * Records of lines; empty lines between them are skipped.
 *
 * @throws GeorError `data` for a cell of more than 64 Mi characters.
 */
export function* csvRecords(lines: Iterable<string>, delimiter: string): Generator<CsvRecord> {
  let record: OpenRecord | undefined;
  let begin = 0;
  let line = 0;
  for (const text of lines) {
    line++;
    if (!record) {
      if (text === '') continue;
      if (!text.includes('"')) {
        yield { line, cells: text.split(delimiter) };
        continue;
      }
      record = new OpenRecord(delimiter);
      begin = line;
    }
    if (record.push(text)) {
      yield { line: begin, cells: record.cells };
      record = undefined;
    } else if (record.openCharacters > MAX_CELL_CHARACTERS)
      throw new GeorError('data', `the quote opened on line ${begin} is not closed for 64 MiB`, {
        hint: 'close it, or give JSONL',
      });
  }
  if (record) yield { line: begin };
}
