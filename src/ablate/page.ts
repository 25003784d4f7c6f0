/**
 * Findings as what the page is made of.
 * @module
 */
import type { AblationReport } from '../report/index.ts';
import { cellRows, contrastText, differenceText, HEAD } from './cells.ts';
import { type Findings, LIMITS } from './findings.ts';
import { MEASURES } from './measures.ts';
import { sftTiles } from './recipe.ts';
import type { AblateRecord } from './run-folder.ts';
import { COLUMNS, RULE, restsOn } from './text.ts';

/** Minus signs as a page sets them. */
const withMinus = (text: string): string => text.replace(/-(?=\d)/g, '−').replaceAll(' - ', ' − ');

/** The page's content, without the time it was made. */
export function ablationReport(findings: Findings, asked: AblateRecord): AblationReport {
  const { recipe, seeds, minutes, version } = asked;
  const { sft, grpo } = recipe;
  const settings = (title: string, entries: object) => ({
    title,
    entries: entries as Record<string, string | number>,
  });
  return {
    title: 'The papers’ tables in miniature',
    trained:
      `Models of two million parameters from nothing: up to ${sftTiles(recipe).toLocaleString('en')} supervised tiles, ` +
      `then ${grpo.steps} GRPO steps of ${grpo.prompts} tiles with ${grpo.groupSize} answers each.`,
    ...{ restsOn: restsOn(findings), rule: RULE, columns: COLUMNS, limits: LIMITS },
    claims: findings.claims.map((claim) => {
      const { text, source, verdict, caveat, difference } = claim;
      const { title, decimals } = MEASURES[claim.measure];
      return {
        ...{
          text,
          source,
          verdict,
          decimals,
          measure: title,
          contrast: withMinus(contrastText(claim)),
        },
        ...(caveat !== undefined && { caveat }),
        difference: withMinus(differenceText(claim)),
        value: difference.value,
        ...difference.interval,
      };
    }),
    tables: findings.tables.map((table) => ({
      ...{ title: table.title, source: table.source, head: HEAD },
      rows: cellRows(table),
    })),
    record: [
      settings('Run', { geor: version, seeds: seeds.join(', '), minutes, node: process.version }),
      settings('Data', recipe.data),
      settings('SFT', sft),
      settings('GRPO', grpo),
      settings('Hard tiles', recipe.hard),
    ],
  };
}
