import type { EngineWriter } from '../export/engine-files.ts';
export const verl: EngineWriter = {
  versions: ['0.9.0'],
  rows: { format: 'verl', end: 'parquet' },
  write: () => {
    throw new Error('soon');
  },
};
