/**
 * Prints the inputs of every operation case as JSON, for make_operations_golden.py. Needs `npm run
 * build`.
 */
import { operationCases } from '../dist/tensor/check/cases.js';
import { drawInputs, nameOf } from '../dist/tensor/check/operation-case.js';

const inputs = Object.fromEntries(
  operationCases.map((each) => [
    nameOf(each),
    Object.fromEntries(
      Object.entries(drawInputs(each)).map(([name, { data, shape }]) => [
        name,
        { shape, isInteger: data instanceof BigInt64Array, values: Array.from(data, Number) },
      ]),
    ),
  ]),
);
process.stdout.write(JSON.stringify(inputs));
