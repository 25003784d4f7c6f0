/**
 * Whether a regular expression of a file may run: one that backtracks without bound would let a
 * `tokenizer.json` stop the program with a short text.
 *
 * A file's expressions are refused when they are long, repeat what already repeats (`(a+)+`) or
 * offers a choice (`(a|b)*`), refer back, or string more than three open repetitions together. The
 * splits of GPT-2, GPT-4, Qwen2 and Llama 3 pass.
 * @module
 */

const MAX_LENGTH = 4000;
const MAX_OPEN_REPETITIONS = 3;

interface Group {
  /** Holds a repetition or a choice, itself or further in. */
  isLoose: boolean;
  /** Open repetitions of the branch so far, and of the branch that has most. */
  open: number;
  mostOpen: number;
}

/** Why an expression may not run, or undefined when it may. Whether it is one is not asked. */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `it is ${pattern.length} characters long`;
  const groups: Group[] = [{ isLoose: false, open: 0, mostOpen: 0 }];
  let last: Group | undefined; // the group that has just ended, to which a repetition would apply
  for (let i = 0; i < pattern.length; i++) {
    const group = groups.at(-1)!;
    const ended = last;
    last = undefined;
    switch (pattern[i]) {
      case '\\':
        if (/[1-9kg]/.test(pattern[i + 1] ?? '')) return 'it refers back';
        i++;
        break;
      case '[':
        i = classEnd(pattern, i);
        break;
      case '(':
        groups.push({ isLoose: false, open: 0, mostOpen: 0 });
        break;
      case ')':
        if (groups.length === 1) return 'its brackets do not match';
        last = groups.pop()!;
        last.mostOpen = Math.max(last.mostOpen, last.open);
        groups.at(-1)!.isLoose ||= last.isLoose;
        groups.at(-1)!.open += last.mostOpen;
        break;
      case '|':
        group.isLoose = true;
        group.mostOpen = Math.max(group.mostOpen, group.open);
        group.open = 0;
        break;
      case '*':
      case '+':
      case '{': {
        const range = /^\{(\d+)(,?)(\d*)\}/.exec(pattern.slice(i, i + 32));
        if (pattern[i] === '{' && !range) break; // an ordinary character
        if (range) i += range[0].length - 1;
        if (range && Number(range[3] || range[1]) > 1000) return 'it repeats more than 1000 times';
        const isOpen = !range || (range[2] === ',' && range[3] === '');
        const repeatsOnce = range !== null && Number(range[3] || range[1]) <= 1 && !isOpen;
        if (ended?.isLoose && !repeatsOnce) return 'it repeats what repeats or offers a choice';
        group.isLoose = true;
        if (isOpen && ++group.open > MAX_OPEN_REPETITIONS)
          return 'it strings too many open repetitions together';
        break;
      }
      default:
    }
  }
  return groups.length > 1 ? 'its brackets do not match' : undefined;
}

/** The index of the bracket that ends the class that begins at `from`; classes may nest. */
function classEnd(pattern: string, from: number): number {
  let depth = 0;
  for (let i = from; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '[') depth++;
    else if (pattern[i] === ']' && --depth === 0) return i;
  }
  return pattern.length;
}

/** Every `Regex` in a part of a `tokenizer.json`, however deep. */
export function patternsOf(part: unknown): string[] {
  const found: string[] = [];
  const waiting: unknown[] = [part]; // a list, not recursion: a file may nest deeper than the stack
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, value] of Object.entries(next)) {
      if (name === 'Regex' && typeof value === 'string') found.push(value);
      else waiting.push(value);
    }
  }
  return found;
}
