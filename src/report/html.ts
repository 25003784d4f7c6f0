/**
 * A report as one HTML file: no script, no network, no font to load.
 *
 * The theme follows the system and can be switched by three radio buttons, in CSS alone, so a strict
 * content policy can forbid scripts altogether: text that a model wrote is shown here.
 * @module
 */
import { html } from './markup.ts';
import { curves } from './page/curves.ts';
import { errorFigures } from './page/errors.ts';
import { headline } from './page/headline.ts';
import { record } from './page/record.ts';
import { results } from './page/results.ts';
import { samples } from './page/samples.ts';
import { STYLE } from './page/style.ts';
import { THEME } from './page/theme.ts';
import type { ReportInput } from './report-input.ts';
import type { WorldTopology } from './svg/world-map.ts';
import { worldAtlas } from './world-atlas.ts';

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const themes = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/**
 * Renders a report.
 *
 * @param world - outline for the maps; the one that ships with geor when left out
 * @returns a whole HTML document
 */
export function renderReport(input: ReportInput, world: WorldTopology = worldAtlas()): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="referrer" content="no-referrer"/>
<meta name="generator" content="geor"/>
<title>${input.title}</title>
<style>${THEME}${STYLE}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
<fieldset class="themes"><legend>Colours</legend>${themes.map(
    ([id, label]) =>
      html`<label><input type="radio" name="theme" id="theme-${id}"${id === 'auto' && html` checked="checked"`}/><span>${label}</span></label>`,
  )}</fieldset>
<main>
${headline(input)}
${results(input)}
${curves(input)}
${errorFigures(input, world)}
${samples(input)}
${record(input)}
</main>
<footer><p>Made by geor${input.madeAt && html`, <time datetime="${input.madeAt}">${input.madeAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`}. Self-contained: nothing on this page was or will be fetched. Map outline: Natural Earth, public domain.</p></footer>
</body>
</html>
`.text;
}
