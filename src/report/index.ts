/** SVG charts and maps, and the HTML and Markdown reports made of them. @module */
export {
  type AblationReport,
  type ReportedClaim,
  type ReportedTable,
  type ReportedVerdict,
  renderAblation,
} from './ablation/ablation-report.ts';
export { evaluationCharts, type NamedChart } from './evaluation/charts.ts';
export { renderEvaluation } from './evaluation/render.ts';
export type { ComparedRun, EvaluationReport, ShownAnswer } from './evaluation/report.ts';
export { comparisonText, verdictOf } from './facts.ts';
export { renderReport } from './html.ts';
export { renderMarkdown } from './markdown.ts';
export type {
  AccuracyAt,
  Measure,
  RecordGroup,
  ReportChain,
  ReportComparison,
  ReportCurve,
  ReportEvaluation,
  ReportInput,
  ReportMap,
  ReportSample,
  ReportStage,
  ReportSystem,
  ReportTransfer,
  SampleAnswer,
} from './report-input.ts';
export { type CdfChart, type CdfSeries, cdfChart, THRESHOLDS_KM } from './svg/cdf-chart.ts';
export {
  formatCount,
  formatDuration,
  formatInterval,
  formatKm,
  formatNumber,
  formatPercent,
} from './svg/format.ts';
export { type IntervalChart, type IntervalRow, intervalChart } from './svg/interval-chart.ts';
export { type LineChart, type LineSeries, lineChart } from './svg/line-chart.ts';
export {
  type ReliabilityBin,
  type ReliabilityChart,
  reliabilityChart,
} from './svg/reliability-chart.ts';
export { type MapError, type WorldMap, type WorldTopology, worldMap } from './svg/world-map.ts';
export {
  type HeldOutRow,
  renderTraining,
  type TrainingAttempt,
  type TrainingReport,
  type TrainingRun,
} from './training/training-report.ts';
export { worldAtlas } from './world-atlas.ts';
