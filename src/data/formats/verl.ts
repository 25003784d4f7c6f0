/**
 * Parquet for verl.
 *
 * GRPO, verl 0.9 (`verl/utils/dataset/rl_dataset.py`): `prompt` as messages with `<image>`, `images`
 * as objects, `data_source`, `ability`, `reward_model` with the truth as JSON text, `extra_info` with
 * the row's `index` and `split`. SFT, verl 0.9 (`multiturn_sft_dataset.py`): `messages` and the same `images`.
 * No field is ever null.
 *
 * The rows are first written as lines, which can be taken up again after a kill, and become Parquet
 * at the end.
 * @module
 */
import { z } from 'zod';
import { writeParquet } from '../parquet/write-parquet.ts';
import { readLines } from '../sources/lines.ts';
import { messagesFormat } from './messages.ts';
import type { RowFormat, RowSettings } from './row-format.ts';

const line = z.object({
  id: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  images: z.array(z.string()).optional(),
  lat: z.number(),
  lon: z.number(),
  solution: z.string().optional(),
});

const text = 'string' as const;
const conversation = { list: { struct: { role: text, content: text } } } as const;
const pictures = { list: { struct: { image: text } } } as const;

const about = {
  struct: { index: 'int64', id: text, lat: 'double', lon: 'double', split: text },
} as const;

const sftColumns = { messages: conversation, images: pictures, extra_info: about } as const;

const grpoColumns = {
  ...{ data_source: text, prompt: conversation, images: pictures, ability: text },
  reward_model: { struct: { style: text, ground_truth: text } },
  extra_info: about,
} as const;

/** The rows of a file of lines, with what both stages share. */
async function* rowsOf(path: string, { split = 'train' }: RowSettings) {
  let index = 0n;
  for await (const lines of readLines(path)) {
    for (const text of lines) {
      if (text === '') continue;
      const { id, messages, images = [], lat, lon, solution } = line.parse(JSON.parse(text));
      const paths = images.map((image) => ({ image }));
      const extra_info = { index: index++, id, lat, lon, split };
      yield { messages, images: paths, solution, extra_info };
    }
  }
}

async function* sftRows(path: string, settings: RowSettings) {
  for await (const { messages, images, extra_info } of rowsOf(path, settings))
    yield { messages, images, extra_info };
}

async function* grpoRows(path: string, settings: RowSettings) {
  const rows = rowsOf(path, settings);
  for await (const { messages: prompt, images, solution = '', extra_info } of rows) {
    yield {
      ...{ data_source: 'geor', prompt, images, ability: 'geolocalization', extra_info },
      reward_model: { style: 'rule', ground_truth: solution },
    };
  }
}

/** Rows for verl. */
export const verlFormat: RowFormat = {
  rowWriter: (settings) => messagesFormat.rowWriter(settings),
  convert: async (linesPath, path, settings) => {
    if (settings.stage === 'sft')
      await writeParquet(path, sftColumns, sftRows(linesPath, settings));
    else await writeParquet(path, grpoColumns, grpoRows(linesPath, settings));
  },
};
