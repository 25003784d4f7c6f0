// How a sentence encoder and the gazetteer judge the same pairs of names (interop/name_pairs.json).
//
//     npm run build
//     python interop/embeddings_server.py MODEL_FOLDER 8900
//     node interop/compare_names.mjs http://127.0.0.1:8900/v1 NAME
//
// Cosine is what GeoAgent's semantic reward sees, match what `nameMatch` sees.
import { readFileSync } from 'node:fs';
import { defaultGazetteer } from '../dist/data/index.js';
import { isSamePlaceName } from '../dist/geo/index.js';
import { clippedCosine } from '../dist/rewards/geoagent/semantic.js';
import { endpointEmbedder } from '../dist/rewards/index.js';

const [baseUrl, model = 'encoder'] = process.argv.slice(2);
if (!baseUrl) throw new Error('give the address of an embeddings endpoint');
const pairs = JSON.parse(readFileSync(new URL('name_pairs.json', import.meta.url), 'utf8'));
const vectors = await endpointEmbedder({ baseUrl, model }).embed(pairs.flatMap(([, a, b]) => [a, b]));
const failed = vectors.find(({ failure }) => failure);
if (failed) throw new Error(failed.failure);

const rows = pairs.map(([level, a, b, same], i) => {
  const { value: cosine } = clippedCosine(vectors[2 * i].value, vectors[2 * i + 1].value);
  return { level, a, b, same, cosine, match: isSamePlaceName(defaultGazetteer(), level, a, b) };
});
for (const { level, a, b, same, cosine, match } of rows)
  console.log(
    `${level.padEnd(8)}${same ? 'same ' : 'other'}  cosine ${cosine.toFixed(3)}  match ${match ? 1 : 0}  ${a} | ${b}`,
  );
for (const same of [true, false]) {
  const chosen = rows.filter((row) => row.same === same);
  const over = (limit) => chosen.filter(({ cosine }) => cosine >= limit).length;
  console.log(
    `${same ? 'one place' : 'two places'}: n ${chosen.length}, mean cosine ` +
      `${(chosen.reduce((sum, { cosine }) => sum + cosine, 0) / chosen.length).toFixed(3)}, ` +
      `cosine >= 0.7: ${over(0.7)}, >= 0.5: ${over(0.5)}, match: ${chosen.filter(({ match }) => match).length}`,
  );
}
