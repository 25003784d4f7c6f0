/**
 * What the page and its worker say to each other. The worker cuts tiles and runs the small model, so
 * that the page never stands still.
 * @module
 */
import type { LocateEvent, TileCut } from '../shared/events.ts';

/** Where the worker finds its files: addresses on the server the page came from. */
export interface Addresses {
  readonly earth: string;
  readonly gazetteer: string;
  /** The folder of the model, with a slash at the end. */
  readonly model: string;
}

/** From the page. */
export type ToWorker =
  | { readonly kind: 'start'; readonly addresses: Addresses }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly cut: TileCut;
      readonly samples: number;
    }
  | { readonly kind: 'stop'; readonly id: number };

/** From the worker; `id` is that of what was asked. */
export type FromWorker =
  | { readonly kind: 'loading'; readonly id: number; readonly words: string }
  | { readonly kind: 'event'; readonly id: number; readonly event: LocateEvent };
