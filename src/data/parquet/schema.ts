/**
 * What the columns of a Parquet file hold, written as a plain object.
 *
 * Source: the Parquet format, LogicalTypes.md: text is a byte array with the STRING annotation, a
 * list has three levels (`list`, then `element`), which is what pyarrow and `datasets` expect.
 * @module
 */
import type { SchemaElement } from 'hyparquet-writer';

/** A value without parts. */
export type ParquetScalar = 'string' | 'double' | 'int32' | 'int64' | 'boolean';

type RequiredColumn =
  | ParquetScalar
  | { readonly list: ParquetColumn }
  | { readonly struct: ParquetColumns };

/** A column, or a part of one. `optional` may be null; everything else may not. */
export type ParquetColumn = RequiredColumn | { readonly optional: RequiredColumn };

/** Columns by name, in their order. */
export interface ParquetColumns {
  readonly [name: string]: ParquetColumn;
}

interface ScalarValues {
  readonly string: string;
  readonly double: number;
  readonly int32: number;
  readonly int64: bigint;
  readonly boolean: boolean;
}

// An interface, because the compiler looks into it only where it must: columns nest without end.
interface ParquetList<E> extends ReadonlyArray<ParquetValue<E>> {}

type RequiredValue<C> = C extends ParquetScalar
  ? ScalarValues[C]
  : C extends { readonly list: infer E }
    ? ParquetList<E>
    : C extends { readonly struct: infer S }
      ? ParquetRow<S>
      : never;

/** The TypeScript type of a column's values. */
export type ParquetValue<C> = C extends { readonly optional: infer O }
  ? RequiredValue<O> | null
  : RequiredValue<C>;

/** The TypeScript type of a row. */
export type ParquetRow<S> = { readonly [name in keyof S]: ParquetValue<S[name]> };

const scalars: Readonly<Record<ParquetScalar, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  double: { type: 'DOUBLE' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
};

function elementsOf(
  name: string,
  column: ParquetColumn,
  repetition_type: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED',
): SchemaElement[] {
  if (typeof column === 'string') return [{ name, repetition_type, ...scalars[column] }];
  if ('optional' in column) return elementsOf(name, column.optional, 'OPTIONAL');
  if ('list' in column) {
    const outer: SchemaElement = {
      ...{ name, repetition_type, num_children: 1 },
      ...{ converted_type: 'LIST', logical_type: { type: 'LIST' } },
    };
    const repeated: SchemaElement = { name: 'list', repetition_type: 'REPEATED', num_children: 1 };
    return [outer, repeated, ...elementsOf('element', column.list)];
  }
  const children = Object.entries(column.struct);
  return [
    { name, repetition_type, num_children: children.length },
    ...children.flatMap(([child, inner]) => elementsOf(child, inner)),
  ];
}

/** The schema as it stands in a file: the tree from its root, depth first. */
export function schemaElements(columns: ParquetColumns): SchemaElement[] {
  const names = Object.entries(columns);
  return [
    { name: 'schema', num_children: names.length },
    ...names.flatMap(([name, column]) => elementsOf(name, column)),
  ];
}
