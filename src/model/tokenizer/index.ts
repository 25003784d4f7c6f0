/** Byte-level BPE tokenizers in HF's file format: train, load, encode, decode. @module */
export { chainPattern, qwen2Pattern } from './patterns.ts';
export { loadTokenizer, type Tokenizer } from './tokenizer.ts';
export type { TokenizerJson } from './tokenizer-json.ts';
export { type TrainTokenizerOptions, trainTokenizer } from './train-tokenizer.ts';
