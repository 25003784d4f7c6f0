// Writes the merged model of a base and an adapter: node interop/ours/merge-adapter.mjs MODEL ADAPTER TO
import { mergeAdapter } from '../../dist/model/index.js';
import { loadAdapter, loadModel, saveModel } from '../../dist/model/node/index.js';

const [model, adapter, to] = process.argv.slice(2);
const base = loadModel(model);
saveModel(to, {
  ...base,
  parameters: mergeAdapter(base.parameters, loadAdapter(adapter, base.config)),
});
