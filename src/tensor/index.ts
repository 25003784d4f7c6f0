/** Graphs built and differentiated here, executed by ONNX Runtime. @module */
export { AdamW, type AdamWOptions, type Arrays, clippingScale, globalNorm } from './adamw.ts';
export { checkRuntime, type OperationCheck, requireRight } from './check/check-provider.ts';
export { examineProvider, type ProviderReport } from './check/examine-provider.ts';
export { requireProvider, useProvider } from './check/use-provider.ts';
export { GradientSum, gradientOutput } from './gradient-sum.ts';
export {
  type DataType,
  type Dimension,
  Graph,
  type StoredElements,
  sizeOf,
  type Tensor,
} from './graph.ts';
export { measureProducts, type ProductOptions } from './measure-products.ts';
export { Muon, type MuonOptions, type MuonParameter } from './muon.ts';
export { encodeModel } from './onnx/encode-model.ts';
export * as ops from './ops/index.ts';
export { defaultRuntime, type Runtime, useRuntime } from './runtime.ts';
export {
  decodeElements,
  readSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from './safetensors.ts';
export {
  BYTES_PER_ELEMENT,
  readSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsEntry,
} from './safetensors-header.ts';
export { learningRateAt, type Schedule, type ScheduleOptions } from './schedule.ts';
export {
  type MemoryOptions,
  Session,
  type SessionOptions,
  type Shaped,
  type Values,
} from './session.ts';
