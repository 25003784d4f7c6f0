/**
 * Reads the objects of a text that is meant to be JSON, mending what models get wrong.
 *
 * A reader of its own, character by character, because every mend has to be named, and because the
 * text around and inside an object may hold anything: it never backtracks and looks ahead only over
 * white space or a window of fixed length, so the time is linear in the text. An object read without
 * a repair is one that `JSON.parse` accepts, with the same value.
 * @module
 */
import type { JsonRepair } from '../answer.ts';

/** What can be read. Objects are maps, so that no key of a model's text meets a prototype. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object's entries; of equal keys the last counts. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** An outermost object of a text. */
export interface FoundObject {
  readonly value: JsonObject;
  /** Offsets of its `{` and past its `}`. */
  readonly start: number;
  readonly end: number;
  readonly repairs: readonly JsonRepair[];
}

/** Deeper braces and brackets are skipped: no contract nests beyond four. */
const DEEPEST = 32;

const SPACE = new Set(' \t\n\r');
const OTHER_SPACE = /[\s\ufeff]/;
const CLOSERS: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”"', '‘': '’' };
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const pythonWords: ReadonlyMap<string, boolean | null> = new Map([
  ['None', null],
  ['True', true],
  ['False', false],
]);
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
// The start of the next entry, or the end of the object: where an unclosed string must have ended.
const nextEntry = /\s{0,40}(?:["“'][\w /-]{1,40}["”']\s{0,8}:|[}\]])/y;
// What may follow the comma after a bare value in an object: anything else belongs to the value.
const afterBareComma = /,\s{0,40}(?:$|["'“}\]]|\/[/*]|[A-Za-z_]\w{0,30}\s{0,4}[:=])/y;

const matches = (sticky: RegExp, text: string, at: number): boolean => {
  sticky.lastIndex = at;
  return sticky.test(text);
};

type Place = 'key' | 'entry' | 'item';

class Reader {
  readonly #text: string;
  readonly #repairs = new Set<JsonRepair>();
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): FoundObject {
    const start = this.#at;
    const value = this.#object(1);
    return { value, start, end: this.#at, repairs: [...this.#repairs] };
  }

  /** Past white space and comments. */
  #skip(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) return;
      if (SPACE.has(c)) this.#at++;
      else if (c === '/' && '/*'.includes(this.#text[this.#at + 1] ?? ' ')) {
        const end = this.#text[this.#at + 1] === '/' ? '\n' : '*/';
        const at = this.#text.indexOf(end, this.#at + 2);
        this.#at = at < 0 ? this.#text.length : at + end.length;
        this.#repairs.add('json-comment');
      } else if (OTHER_SPACE.test(c)) {
        this.#at++;
        this.#repairs.add('json-syntax');
      } else return;
    }
  }

  #object(depth: number): JsonObject {
    const entries = new Map<string, JsonValue>();
    let isAfterComma = true;
    let isFirst = true;
    this.#at++;
    for (;;) {
      this.#skip();
      const c = this.#text[this.#at];
      if (c === undefined) {
        this.#repairs.add('json-unclosed');
        return entries;
      }
      if (c === '}') {
        this.#at++;
        if (isAfterComma && !isFirst) this.#repairs.add('json-comma');
        return entries;
      }
      if (c === ',') {
        this.#at++;
        if (isAfterComma) this.#repairs.add('json-comma');
        isAfterComma = true;
        isFirst = false;
        continue;
      }
      if (c === ']') {
        this.#at++;
        this.#repairs.add('json-syntax');
        continue;
      }
      if (!isAfterComma) this.#repairs.add('json-comma');
      isFirst = isAfterComma = false;
      if (c === '{' || c === '[') {
        // No key: kept under the empty one, for whoever searches what is nested.
        this.#repairs.add('json-syntax');
        entries.set('', this.#value(depth, 'entry') ?? null);
        continue;
      }
      const key = c in CLOSERS ? this.#string(c, 'key') : this.#bareKey();
      this.#skip();
      const colon = this.#text[this.#at];
      if (colon !== ':') this.#repairs.add('json-syntax');
      if (colon !== ':' && colon !== '=') continue;
      this.#at++;
      this.#skip();
      const value = this.#value(depth, 'entry');
      if (value !== undefined) entries.set(key, value);
    }
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    let isAfterComma = true;
    this.#at++;
    for (;;) {
      this.#skip();
      const c = this.#text[this.#at];
      if (c === undefined || c === '}') {
        this.#repairs.add('json-unclosed');
        return items;
      }
      if (c === ']') {
        this.#at++;
        if (isAfterComma && items.length > 0) this.#repairs.add('json-comma');
        return items;
      }
      if (c === ',') {
        this.#at++;
        if (isAfterComma) this.#repairs.add('json-comma');
        isAfterComma = true;
        continue;
      }
      if (!isAfterComma) this.#repairs.add('json-comma');
      isAfterComma = false;
      const value = this.#value(depth, 'item');
      if (value !== undefined) items.push(value);
    }
  }

  /** A value, or nothing where a comma or closing brace stands in its place. */
  #value(depth: number, place: Place): JsonValue | undefined {
    const c = this.#text[this.#at];
    if (c === '{' || c === '[') {
      if (depth < DEEPEST) return c === '{' ? this.#object(depth + 1) : this.#array(depth + 1);
      this.#at++;
      this.#repairs.add('json-syntax');
      return undefined;
    }
    if (c !== undefined && c in CLOSERS) return this.#string(c, place);
    return this.#bareValue(place);
  }

  #string(quote: string, place: Place): string {
    const text = this.#text;
    const closers = CLOSERS[quote]!;
    let value = '';
    let from = this.#at + 1;
    let at = from;
    if (quote !== '"') this.#repairs.add('json-quotes');
    for (; at < text.length; at++) {
      const c = text[at]!;
      if (c === '\\') {
        value += text.slice(from, at);
        const [character, length] = this.#escape(at + 1);
        value += character;
        at += length;
        from = at + 1;
      } else if (closers.includes(c)) {
        if (this.#closes(at + 1, place)) {
          this.#at = at + 1;
          return value + text.slice(from, at);
        }
        this.#repairs.add('json-quotes');
        if (place !== 'key' && matches(nextEntry, text, at)) break;
      } else if (c < ' ') {
        this.#repairs.add(c === '\n' || c === '\r' ? 'json-quotes' : 'json-syntax');
        if (place === 'key' || matches(nextEntry, text, at)) break;
      }
    }
    this.#repairs.add(at < text.length ? 'json-quotes' : 'json-unclosed');
    this.#at = at;
    return (value + text.slice(from, at)).replace(/[\s,]{1,40}$/, '');
  }

  /** The character of the escape after a backslash, and how many characters spell it. */
  #escape(at: number): readonly [string, number] {
    const c = this.#text[at];
    if (c === 'u') {
      const hex = this.#text.slice(at + 1, at + 5);
      if (/^[\da-fA-F]{4}$/.test(hex)) return [String.fromCharCode(Number.parseInt(hex, 16)), 5];
    }
    const known = c === undefined ? undefined : ESCAPES[c];
    if (known !== undefined) return [known, 1];
    // Before a line break or the end nothing is swallowed, so that both are still seen.
    this.#repairs.add('json-syntax');
    return c === undefined || c < ' ' ? ['', 0] : [c, 1];
  }

  /** Whether a quote before `at` ends its string: by what follows, because models forget escapes. */
  #closes(at: number, place: Place): boolean {
    let next = this.#pastSpace(at);
    const c = this.#text[next];
    if (c === undefined || c === '}') return true;
    if (place === 'key') return c === ':' || c === '=' || c === ',';
    if (c === ']') return true;
    if (c === '/') return '/*'.includes(this.#text[next + 1] ?? ' ');
    if (c === '"') return matches(nextEntry, this.#text, next);
    if (c !== ',') return false;
    next = this.#pastSpace(next + 1);
    const after = this.#text[next];
    if (after === undefined || '"\'“}]/,'.includes(after)) return true;
    return place === 'item'
      ? /[[{\d\-tfn]/.test(after)
      : matches(afterBareComma, `,${this.#text.slice(next, next + 40)}`, 0);
  }

  #pastSpace(at: number): number {
    let next = at;
    while (next < this.#text.length && SPACE.has(this.#text[next]!)) next++;
    return next;
  }

  #bareKey(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !':=,{}[]\n\r'.includes(this.#text[this.#at]!))
      this.#at++;
    this.#repairs.add('json-quotes');
    return unquoted(this.#text.slice(start, this.#at));
  }

  #bareValue(place: Place): JsonValue | undefined {
    const text = this.#text;
    const start = this.#at;
    for (; this.#at < text.length; this.#at++) {
      const c = text[this.#at]!;
      if ('}]\n\r'.includes(c)) break;
      if (c === ',' && (place === 'item' || matches(afterBareComma, text, this.#at))) break;
      const isComment = c === '/' && '/*'.includes(text[this.#at + 1] ?? ' ');
      if (isComment && this.#at > start && SPACE.has(text[this.#at - 1]!)) break;
    }
    const raw = text.slice(start, this.#at).trim();
    if (raw === 'true' || raw === 'false') return raw === 'true';
    if (raw === 'null') return null;
    if (jsonNumber.test(raw)) return Number(raw);
    const python = raw === '' ? undefined : pythonWords.get(raw);
    this.#repairs.add(raw === '' || python !== undefined ? 'json-syntax' : 'json-quotes');
    if (raw === '' || python !== undefined) return python;
    return unquoted(raw);
  }
}

/** Without white space, stray quotes and commas at the ends. */
function unquoted(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && ' \t"“”'.includes(text[start]!)) start++;
  while (end > start && ' \t"“”,'.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** The outermost objects of a text, in order; a `{` that nothing closes opens one to the end. */
export function findObjects(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const object = new Reader(text, at).read();
    found.push(object);
    at = object.end;
  }
  return found;
}
