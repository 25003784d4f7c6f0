// Makes a model of ours, as the quick start does: node interop/ours/make-model.mjs FOLDER
import {
  chainPattern,
  DEFAULT_PREPROCESSOR,
  initialParameters,
  loadTokenizer,
  SPECIAL_TOKENS,
  tinyConfig,
  trainTokenizer,
} from '../../dist/model/index.js';
import { saveModel } from '../../dist/model/node/index.js';

const [folder] = process.argv.slice(2);
const corpus = ['Country: Japan\nState: Hokkaido\nCoordinates: (43.45, 142.62)', 'Country: Chad'];
const tokenizer = loadTokenizer(
  trainTokenizer(corpus, {
    vocabSize: 300,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const ids = Object.fromEntries(
  Object.entries(SPECIAL_TOKENS).map(([name, token]) => [name, tokenizer.tokenId(token)]),
);
const config = tinyConfig(tokenizer.vocabSize, ids, { hiddenSize: 64, layers: 2 });
const parameters = initialParameters(config, 7);
const embeddings = parameters.get('model.embed_tokens.weight').data;
for (let i = 0; i < embeddings.length; i++) embeddings[i] *= 10; // else all tokens are as likely
const preprocessor = { ...DEFAULT_PREPROCESSOR, minPixels: 56 * 56, maxPixels: 224 * 224 };
saveModel(folder, { config, tokenizer, parameters, preprocessor });
