// Makes an adapter of ours whose both matrices are random: node interop/ours/make-adapter.mjs MODEL TO SETTINGS.json
import { readFileSync } from 'node:fs';
import { newAdapter } from '../../dist/model/index.js';
import { loadModel, saveAdapter } from '../../dist/model/node/index.js';

const [model, to, settings] = process.argv.slice(2);
const adapter = newAdapter(loadModel(model).config, JSON.parse(readFileSync(settings, 'utf8')), 5);
let state = 1;
for (const [name, { data }] of adapter.parameters)
  if (name.includes('lora_B'))
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[i] = (state / 2 ** 32 - 0.5) * 0.4;
    }
saveAdapter(to, adapter);
