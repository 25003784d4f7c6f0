/**
 * Every operation in several cases: what an execution provider is checked with, and what the tests
 * compare with PyTorch and with finite differences.
 * @module
 */
import { elementwiseCases } from './elementwise-cases.ts';
import { matrixCases } from './matrix-cases.ts';
import { movementCases } from './movement-cases.ts';
import type { OperationCase } from './operation-case.ts';

/** Every case of every operation. */
export const operationCases: readonly OperationCase[] = [
  ...elementwiseCases,
  ...matrixCases,
  ...movementCases,
];
