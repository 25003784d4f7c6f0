// Computes what interop/model_cases.py asks of a model folder: `cases.json` and `sampled` in, one
// safetensors file of all results out.
//
//     node interop/ours/run-model-cases.mjs FOLDER CASE.json OUT.safetensors
import { readFileSync, writeFileSync } from 'node:fs';
import * as model from '../../dist/model/index.js';
import { loadModel } from '../../dist/model/node/index.js';
import { promptPositions } from '../../dist/model/positions.js';
import { Session, writeSafetensors } from '../../dist/tensor/index.js';
import { nextTokenLoss } from '../../dist/train/index.js';
import { modelOutputs } from './model-outputs.mjs';

const [folder, casePath, outPath] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(casePath, 'utf8'));
const found = await modelOutputs(
  { ...model, promptPositions, Session, nextTokenLoss },
  loadModel(folder),
  { ...asked, sampled: (example) => asked.sampled[example] },
  (number) => new Uint8Array(readFileSync(`${casePath}.${number}.rgb`)),
);
const tensors = new Map(
  Array.from(found, ([name, { data, shape }]) => [
    name,
    { dtype: 'F32', shape, data: Float32Array.from(data) },
  ]),
);
writeFileSync(outPath, writeSafetensors(tensors, {}));
