/** Adapters and their base, file by file. @module */
export { isAdapterFolder, type LoraAdapter, openLoraAdapter } from './lora-adapter.ts';
export type { MergeCheck } from './merge-check.ts';
export { type MergeLoraOptions, type MergeReport, mergeLora } from './merge-lora.ts';
