/**
 * The one error type geor throws on purpose.
 *
 * A user error says what failed, why, and what to do next; a bug starts with `internal:`. Bad model
 * text and bad data rows are *recorded*, not thrown (see `chain` and `data`).
 * @module
 */

/** Which border an error crossed. The command line maps each to an exit code. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'data'
  | 'image'
  | 'asset'
  | 'backend'
  | 'engine'
  | 'internal';

/** An error with a machine-readable code and a hint for the person who reads it. */
export class GeorError extends Error {
  override readonly name = 'GeorError';
  readonly code: ErrorCode;
  /** What to do about it, one sentence. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/**
 * Asserts what only a bug in geor can break.
 *
 * @throws GeorError with code `internal` when `condition` is false.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new GeorError('internal', `internal: ${message}`);
}
