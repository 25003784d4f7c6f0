/**
 * A tiny well-formedness check for tests: balanced tags, quoted attributes, escaped text.
 * @module
 */

const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|#39);)+/y;

/** What is wrong with the markup; `undefined` when it is well-formed. */
export function markupFault(markup: string): string | undefined {
  const source = markup
    .replace(/^<!doctype html>\s*/, '')
    // Style sheets are raw text in HTML.
    .replace(/<style>[^<]*<\/style>/, '<style></style>');
  const open: string[] = [];
  for (let at = 0; at < source.length; ) {
    TAG.lastIndex = at;
    TEXT.lastIndex = at;
    const tag = TAG.exec(source);
    if (tag) {
      const [all, isEnd, name = '', attributes = '', isEmpty] = tag;
      const names = [...attributes.matchAll(/([\w:-]+)="/g)].map((found) => found[1]);
      if (new Set(names).size !== names.length) return `attribute twice: ${all}`;
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(attributes)) return `bare & in ${all}`;
      if (isEnd) {
        if (open.pop() !== name) return `</${name}> closes nothing at ${at}`;
      } else if (!isEmpty) open.push(name);
      at += all.length;
      continue;
    }
    const text = TEXT.exec(source);
    if (!text) return `neither tag nor text at ${at}: ${source.slice(at, at + 60)}`;
    at += text[0].length;
  }
  return open.length > 0 ? `never closed: ${open.join(', ')}` : undefined;
}
