/** Low-rank adapters: made, read and written as PEFT's, merged. @module */

export { type AdaptedLayers, adaptLayers } from './adapted-layers.ts';
export { type Adapter, adapterShapes, loraNames, newAdapter } from './adapter.ts';
export { adapterJson, type LoraConfig, parseAdapterConfig } from './adapter-config.ts';
export {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  fromPeftName,
  peftName,
  readAdapter,
} from './files.ts';
export { addLowRank, mergeAdapter } from './merge.ts';
export { type LoraTarget, loraTargets, lowRankScale, patternValue } from './targets.ts';
