import type { EngineWriter } from '../export/engine-files.ts';
export const swift: EngineWriter = {
  versions: ['4.5.2'],
  rows: { format: 'messages', end: 'jsonl' },
  write: () => {
    throw new Error('soon');
  },
};
