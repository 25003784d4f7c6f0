/**
 * What `geor evaluate` prints: text, Markdown or JSON.
 * @module
 */
import {
  type BenchmarkName,
  type Evaluation,
  formatComparison,
  formatEvaluation,
  formatPublished,
  markdownComparison,
  markdownEvaluation,
  markdownPublished,
  type PublishedComparison,
  type RunComparison,
} from '../evaluate/index.ts';

/** Everything a run of the command found out. */
export interface EvaluateResult {
  readonly evaluation: Evaluation;
  readonly benchmark?: BenchmarkName;
  readonly against?: {
    readonly comparison: RunComparison;
    readonly first: string;
    readonly second: string;
  };
  readonly published?: PublishedComparison;
}

/** The result in a format, without a line break at the end. */
export function printed(format: 'text' | 'markdown' | 'json', result: EvaluateResult): string {
  const { evaluation, benchmark, against, published } = result;
  if (format === 'json')
    return JSON.stringify(
      {
        ...(benchmark !== undefined && { benchmark }),
        ...evaluation,
        ...(against && { against: { file: against.second, ...against.comparison } }),
        ...(published && { published }),
      },
      null,
      2,
    );
  const isMarkdown = format === 'markdown';
  const compared = isMarkdown ? markdownComparison : formatComparison;
  return [
    (isMarkdown ? markdownEvaluation : formatEvaluation)(evaluation),
    ...(against ? [compared(against.comparison, against.first, against.second)] : []),
    ...(published ? [(isMarkdown ? markdownPublished : formatPublished)(published)] : []),
  ].join('\n\n');
}
