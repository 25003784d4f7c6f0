// Log-probabilities of completions, as JSON: node interop/ours/score.mjs MODEL [ADAPTER] < request
//
// The request: { messages, image: { width, height, data: base64 of RGB bytes }, completions: [[ids]] }.
import { readFileSync } from 'node:fs';
import { Policy } from '../../dist/model/index.js';
import { loadAdapter, loadModel } from '../../dist/model/node/index.js';

const [folder, adapterFolder] = process.argv.slice(2);
const { messages, image, completions } = JSON.parse(readFileSync(0, 'utf8'));
const loaded = loadModel(folder);
const model = adapterFolder
  ? { ...loaded, adapter: loadAdapter(adapterFolder, loaded.config) }
  : loaded;
const picture = { ...image, data: new Uint8Array(Buffer.from(image.data, 'base64')) };
for (const { content } of messages)
  if (typeof content !== 'string')
    for (const part of content) if (part.type === 'image') part.image = picture;

const policy = await Policy.create(model);
const [logs] = await policy.logProbabilities([{ messages }], [completions]);
await policy.release();
process.stdout.write(JSON.stringify(logs.map((own) => [...own])));
