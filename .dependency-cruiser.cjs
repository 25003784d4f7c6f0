/** The arrows of docs/architecture.md, as rules. Nothing points up; no circles. */
const rooms = {
  core: [],
  geo: ['core'],
  tensor: ['core'],
  chain: ['core', 'geo'],
  model: ['core', 'tensor'],
  data: ['core', 'geo', 'chain'],
  rewards: ['core', 'geo', 'chain'],
  evaluate: ['core', 'geo', 'chain', 'data', 'rewards'],
  train: ['core', 'geo', 'chain', 'data', 'rewards', 'tensor', 'model', 'evaluate'],
  report: ['core', 'geo', 'evaluate'],
  engines: ['core', 'geo', 'chain', 'data', 'rewards'],
  locate: ['core', 'geo', 'chain', 'data', 'rewards', 'model'],
  serve: ['core', 'geo', 'chain', 'data', 'rewards', 'locate', 'report'],
  quickstart: [
    'core',
    'geo',
    'chain',
    'data',
    'rewards',
    'tensor',
    'model',
    'evaluate',
    'train',
    'report',
  ],
  ablate: [
    'core',
    'geo',
    'chain',
    'data',
    'rewards',
    'model',
    'evaluate',
    'train',
    'report',
    'quickstart',
  ],
};
const test = '\\.(test|bench)\\.ts$';
/** Rooms that run in a browser; what needs Node.js is in a room's own `node/`. */
const pure = '^src/(core|tensor|model|geo|chain|rewards|locate|report/svg)/.+\\.ts$';
const nodePart = '^src/[^/]+/node/';
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room}-imports-only-downwards`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: test },
      to: { path: '^src/', pathNot: `^src/(${[room, ...below].join('|')})/` },
    })),
    {
      name: 'rooms-are-entered-by-their-index',
      comment:
        'src/<room>/index.ts is the door; what needs Node has its own, src/<room>/node/index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: test },
      to: {
        path: '^src/[^/]+/.',
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/[^/]+/node/index\\.ts$'],
      },
    },
    {
      name: 'pure-rooms-use-no-node',
      comment:
        'core, tensor, model and locate without their node/, geo, chain, rewards, the SVG of report.',
      severity: 'error',
      from: { path: pure, pathNot: [nodePart, test] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-rooms-use-no-room-of-node',
      severity: 'error',
      from: { path: pure, pathNot: [nodePart, test] },
      to: { path: nodePart },
    },
    {
      name: 'what-of-data-runs-in-a-browser-uses-no-node',
      comment: 'src/data/browser/index.ts is the door; what stands behind it is pure.',
      severity: 'error',
      from: {
        path: '^src/data/(browser/.+|jpeg.*|picture|earth/(box-filter|earth|split|tile|water))\\.ts$',
        pathNot: test,
      },
      to: { path: ['^src/core/node/', '^node:'] },
    },
    {
      name: 'the-page-enters-pure-rooms-by-their-doors',
      severity: 'error',
      from: { path: '^web/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(core|geo|chain|tensor|model)/index\\.ts$',
          '^src/data/browser/index\\.ts$',
          '^src/locate/index\\.ts$',
          '^src/serve/locate/(events|growing-texts)\\.ts$',
        ],
      },
    },
    {
      name: 'the-page-uses-no-node',
      severity: 'error',
      from: { path: '^web/src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-the-page',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^web/' },
    },
    {
      name: 'only-the-guard-opens-photographs',
      comment:
        'What reads metadata or keeps it sits in one folder, so that nothing else can leak it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/data/guard/', test] },
      to: { path: '(^|/)node_modules/(exifr|sharp)/' },
    },
    {
      name: 'coordinates-of-photographs-are-truth-only',
      comment: 'Only the photo folder reads them, as the truth of its rows; no predictor can.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/data/sources/photo-folder\\.ts$', test] },
      to: { path: '^src/data/guard/photo-truth\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
};
