/** Every operation, with its shape rule, its gradient and its ONNX form. @module */
export {
  add,
  div,
  equal,
  erf,
  exp,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  sigmoid,
  sqrt,
  stopGradient,
  sub,
  toFloat,
  where,
} from './elementwise.ts';
export { gemm, linear, matmul } from './matmul.ts';
export { gelu, mean, rmsNorm, silu, softmax, tokenLogProbabilities } from './neural.ts';
export { expandLike, maxOfLastAxis, sum } from './reduce.ts';
export { gatherRows, replaceRows } from './rows.ts';
export { concat, reshape, slice, split, transpose } from './shape.ts';
