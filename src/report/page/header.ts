/**
 * The top of a page: what it is about, what was measured, the few figures to remember.
 * @module
 */
import { type Content, html, type Markup } from '../markup.ts';

/** A figure to remember. */
export interface Fact {
  readonly name: string;
  readonly value: Content;
  /** Each on its own line. */
  readonly notes: readonly Content[];
}

/** What a header says. */
export interface PageHeader {
  readonly overline: Content;
  readonly title: string;
  /** One sentence in larger type. */
  readonly lede: Content;
  /** What the figures measure and what they do not. */
  readonly measured: Content;
  readonly facts: readonly Fact[];
}

/** The header of a page. */
export function pageHeader({ overline, title, lede, measured, facts }: PageHeader): Markup {
  return html`<header>
<p class="overline">${overline}</p>
<h1>${title}</h1>
<p class="lede">${lede}</p>
<div class="measured"><p><strong>What is measured.</strong> ${measured}</p></div>
<dl class="facts">${facts.map(
    ({ name, value, notes }) =>
      html`<div><dt>${name}</dt><dd class="big">${value}</dd>${notes.map((note) => note && html`<dd class="quiet">${note}</dd>`)}</div>`,
  )}</dl>
</header>`;
}
