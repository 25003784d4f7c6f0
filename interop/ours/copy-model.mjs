// Reads a model's folder and writes it again: node interop/ours/copy-model.mjs FROM TO [DTYPE] [BYTES PER SHARD]
import { loadModel, saveModel } from '../../dist/model/node/index.js';

const [from, to, dtype = 'F32', maxShardBytes = '5000000000'] = process.argv.slice(2);
saveModel(to, loadModel(from), { dtype, maxShardBytes: Number(maxShardBytes) });
