// Writes tokenizers and weights of ours into a folder, for interop/tests/test_files.py.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  chainPattern,
  loadTokenizer,
  qwen2Pattern,
  trainTokenizer,
} from '../../dist/model/tokenizer/index.js';
import { readSafetensors, writeSafetensors } from '../../dist/tensor/safetensors.js';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const golden = (name) => readFileSync(new URL(`../../test/golden/${name}`, import.meta.url));

const corpus = JSON.parse(golden('tokenizer-corpus.json'));
const { cases } = JSON.parse(golden('tokenizer.json'));
const texts = cases[0].encodings.map(({ text }) => text);
for (const [name, pattern] of [
  ['chain', chainPattern],
  ['qwen2', qwen2Pattern],
]) {
  const specialTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
  const tokenizer = loadTokenizer(
    trainTokenizer(corpus, { vocabSize: 1000, specialTokens, pattern }),
  );
  const encodings = texts.map((text) => ({ text, ids: tokenizer.encode(text) }));
  writeFileSync(`${folder}/tokenizer-${name}.json`, JSON.stringify(tokenizer.json));
  writeFileSync(`${folder}/encodings-${name}.json`, JSON.stringify(encodings));
}

const tensors = readSafetensors(golden('weights.safetensors'));
for (const dtype of ['F32', 'F16', 'BF16']) {
  const same = new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, dtype }]));
  writeFileSync(`${folder}/weights-${dtype}.safetensors`, writeSafetensors(same, { by: 'geor' }));
}
