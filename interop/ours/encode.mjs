// Encodes texts: node interop/ours/encode.mjs TOKENIZER.json < texts as a JSON list > [{ids, text}]
import { readFileSync } from 'node:fs';
import { loadTokenizer } from '../../dist/model/index.js';

const tokenizer = loadTokenizer(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const texts = JSON.parse(readFileSync(0, 'utf8'));
const encoded = texts.map((text) => {
  const ids = tokenizer.encode(text);
  return {
    ids,
    text: tokenizer.decode(ids),
    plain: tokenizer.decode(ids, { skipSpecialTokens: true }),
  };
});
process.stdout.write(JSON.stringify(encoded));
