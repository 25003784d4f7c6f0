/**
 * Finds keys that a JSON object holds twice. `JSON.parse` keeps the last and says nothing, other
 * parsers keep the first: two readers of one file would see different tensors.
 * @module
 */

/**
 * The first key repeated within one object, at any depth, or undefined.
 *
 * @param json - text that `JSON.parse` accepts
 */
export function findRepeatedKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // keys of each open object; undefined for an array
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      let next = end;
      while (' \t\n\r'.includes(json[next] ?? '.')) next++;
      if (json[next] === ':') {
        const key: string = JSON.parse(json.slice(at, end)); // `"a"` and "\u0061" are the same key
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
