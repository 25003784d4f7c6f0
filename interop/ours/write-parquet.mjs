// Writes a file in the shape that verl reads into a folder, for interop/tests/test_parquet.py.
import { writeParquet } from '../../dist/data/index.js';

const columns = {
  data_source: 'string',
  prompt: { list: { struct: { role: 'string', content: 'string' } } },
  images: { list: { struct: { image: 'string', max_pixels: 'int32' } } },
  reward_model: { struct: { style: 'string', ground_truth: 'string' } },
  extra_info: {
    struct: { index: 'int64', lat: 'double', note: { optional: 'string' }, tested: 'boolean' },
  },
  scores: { optional: { list: 'double' } },
};

function* rows() {
  for (let i = 0; i < 2500; i++) {
    yield {
      data_source: 'geor',
      prompt: [
        { role: 'system', content: 'Réponds.' },
        { role: 'user', content: `<image>Where is ${i}?` },
      ],
      images: i % 3 === 0 ? [] : [{ image: `/data/${i}.jpg`, max_pixels: 501760 }],
      reward_model: { style: 'rule', ground_truth: JSON.stringify({ lat: i / 100, lon: -i / 50 }) },
      extra_info: { index: BigInt(i), lat: i / 100, note: i % 2 ? null : `n${i}`, tested: i > 9 },
      scores: [null, [], [i, 0.5]][i % 3],
    };
  }
}

const folder = process.argv[2];
await writeParquet(`${folder}/verl.parquet`, columns, rows(), { rowGroupRows: 1000 });
