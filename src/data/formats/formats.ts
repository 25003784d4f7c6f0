/**
 * The formats by name.
 * @module
 */
import { messagesFormat } from './messages.ts';
import type { RowFormat } from './row-format.ts';
import { trlFormat } from './trl.ts';
import { verlFormat } from './verl.ts';

/** Names of the formats, the usual one first. */
export const ROW_FORMATS = ['messages', 'verl', 'trl'] as const;

/** A format by its name. */
export type RowFormatName = (typeof ROW_FORMATS)[number];

const formats: Readonly<Record<RowFormatName, RowFormat>> = {
  messages: messagesFormat,
  verl: verlFormat,
  trl: trlFormat,
};

/** The format of a name. */
export function rowFormat(name: RowFormatName): RowFormat {
  return formats[name];
}
