/**
 * The frame of every page: no script, no network, no font to load.
 *
 * The theme follows the system and can be switched by three radio buttons, in CSS alone, so a strict
 * content policy can forbid scripts altogether: text that a model wrote is shown here.
 * @module
 */
import { type Content, html } from '../markup.ts';
import { STYLE } from './style.ts';
import { THEME } from './theme.ts';

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const themes = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** What a page holds. */
export interface Page {
  readonly title: string;
  /** When it was made, ISO 8601. */
  readonly madeAt?: string | undefined;
  /** The header, and sections with an `h2` each; one has the id `results`. */
  readonly sections: readonly Content[];
}

/** A whole HTML document. */
export function renderPage({ title, madeAt, sections }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="referrer" content="no-referrer"/>
<meta name="generator" content="geor"/>
<title>${title}</title>
<style>${THEME}${STYLE}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
<aside aria-label="Display"><fieldset class="themes"><legend>Colours</legend>${themes.map(
    ([id, label]) =>
      html`<label><input type="radio" name="theme" id="theme-${id}"${id === 'auto' && html` checked="checked"`}/><span>${label}</span></label>`,
  )}</fieldset></aside>
<main>
${sections.map(
  (section) => html`${section}
`,
)}</main>
<footer><p>Made by geor${madeAt && html`, <time datetime="${madeAt}">${madeAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`}. Self-contained: nothing on this page was or will be fetched. Map outline: Natural Earth, public domain.</p></footer>
</body>
</html>
`.text;
}
