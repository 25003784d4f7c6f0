/**
 * HTML by template, safe by construction: what is put into a template is escaped unless it is
 * {@link Markup} already.
 * @module
 */
import { escapeText } from './svg/escape.ts';

/** A piece of finished HTML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; absent values print nothing. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const render = (content: Content): string => {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeText(String(content));
};

/** A template literal of HTML. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.map((text, i) => text + render(contents[i])).join(''));
}

/** Marks text made by our own drawing functions as finished HTML. Never for text from outside. */
export function trusted(markup: string): Markup {
  return new Markup(markup);
}

/** A table; the first cell of each row is its header. Scrolls by itself where it is too wide. */
export function table(options: {
  readonly caption: string;
  /** A heading above says the same: the caption is only read aloud. */
  readonly isTitled?: boolean;
  readonly head: readonly Content[];
  readonly rows: readonly { readonly kind?: string; readonly cells: readonly Content[] }[];
}): Markup {
  const { caption, isTitled = false, head, rows } = options;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption${isTitled && html` class="unseen"`}>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ kind, cells }) =>
      html`<tr class="${kind ?? 'row'}">${cells.map((cell, i) =>
        i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>`;
}
