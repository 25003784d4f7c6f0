/**
 * What the thread of an application and the thread of its sessions say to each other.
 * @module
 */
import type { InferenceSession } from 'onnxruntime-node';

/** A value on its way. Memory that is shared stays where it is; other memory is copied. */
export interface Parcel {
  readonly type: 'float32' | 'int64';
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** Values by name. */
export type Parcels = Readonly<Record<string, Parcel>>;

/** What is asked of the sessions' thread. */
export type Order =
  | {
      readonly do: 'create';
      readonly model: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | {
      readonly do: 'run';
      readonly session: number;
      readonly feeds: Parcels;
      /** Shared memory for a result, or nothing for a result of its own. */
      readonly fetches: Readonly<Record<string, Parcel | null>>;
    }
  | { readonly do: 'release'; readonly session: number };

/** An order and its number, which comes back with the answer. */
export interface Numbered {
  readonly number: number;
  readonly order: Order;
}

/** An answer: the number of a new session, the results that had no shared memory, or an error. */
export interface Answer {
  readonly number: number;
  readonly session?: number;
  readonly results?: Parcels;
  readonly error?: string;
}

/** Whether two threads see the same memory in it. */
export const isShared = ({ data }: Parcel): boolean => data.buffer instanceof SharedArrayBuffer;
