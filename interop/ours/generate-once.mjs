// Loads a model folder with its weights left in their files, and generates: times and peak memory as a
// line of JSON. The peer is bench/peers/generate_once.py; both are run by interop/measure_big.py.
//
//     node interop/ours/generate-once.mjs FOLDER WIDTH HEIGHT TOKENS [lean]
import { Policy } from '../../dist/model/index.js';
import { openModel } from '../../dist/model/node/index.js';

const [folder, width, height, maxTokens, mode] = process.argv.slice(2);
const seconds = () => performance.now() / 1000;
const began = seconds();
const isLean = mode === 'lean';
const policy = await Policy.create(openModel(folder), {
  weights: folder,
  threads: 2,
  memory: { arena: false, pattern: false, prepack: false, foldConstants: !isLean },
});
const loaded = seconds();
const image = {
  width: Number(width),
  height: Number(height),
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251),
};
const times = [];
const [[completion]] = await policy.generate(
  [{ messages: [{ role: 'user', content: [{ type: 'image', image }, { type: 'text', text: 'Where?' }] }] }],
  { maxTokens: Number(maxTokens), temperature: 0, stop: [], onToken: () => times.push(seconds()) },
);
console.log(
  JSON.stringify({
    load_s: loaded - began,
    first_token_s: times[0] - loaded,
    tokens_per_s: (times.length - 1) / (times.at(-1) - times[0]),
    peak_rss_gb: process.resourceUsage().maxRSS / 1e6,
    tokens: completion.tokens,
  }),
);
await policy.release();
