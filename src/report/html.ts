/**
 * A training report as one HTML file.
 * @module
 */
import { curves } from './page/curves.ts';
import { errorFigures } from './page/errors.ts';
import { renderPage } from './page/frame.ts';
import { headline } from './page/headline.ts';
import { record } from './page/record.ts';
import { results } from './page/results.ts';
import { samples } from './page/samples.ts';
import type { ReportInput } from './report-input.ts';
import type { WorldTopology } from './svg/world-map.ts';
import { worldAtlas } from './world-atlas.ts';

/**
 * Renders a report.
 *
 * @param world - outline for the maps; the one that ships with geor when left out
 * @returns a whole HTML document
 */
export function renderReport(input: ReportInput, world: WorldTopology = worldAtlas()): string {
  return renderPage({
    title: input.title,
    madeAt: input.madeAt,
    sections: [
      headline(input),
      results(input),
      curves(input),
      errorFigures(input, world),
      samples(input),
      record(input),
    ],
  });
}
