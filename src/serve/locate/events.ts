/**
 * What `POST /v1/locate` says while it works, one JSON object a line.
 *
 * The page's own model says the same in the page, so one view shows both.
 * @module
 */
import type { Backend, LocateResult } from '../../locate/index.ts';

/** One line of the stream; `answer` or `error` is the last. */
export type LocateEvent =
  /** The picture was read: what its file held besides pixels, by kind. */
  | { readonly event: 'accepted'; readonly carried?: NonNullable<LocateResult['carried']> }
  /** An answer grows. */
  | { readonly event: 'text'; readonly sample: number; readonly append: string }
  | { readonly event: 'answer'; readonly result: LocateResult }
  | { readonly event: 'error'; readonly error: LocateError };

/** What went wrong, as in every other answer of the service. */
export interface LocateError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A model as it presents itself. */
export type ModelCard = Pick<Backend, 'name' | 'reads' | 'host' | 'isRemote' | 'tile'>;

/** Which models there are: `GET /v1/model`. */
export interface ModelCards {
  /** Behind `POST /v1/locate`; absent when the service locates nothing. */
  readonly server?: ModelCard;
  /** Whose files the service gives away, to run in a browser; `files` is their folder. */
  readonly browser?: ModelCard & { readonly files: string };
}
