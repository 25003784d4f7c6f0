/** The part of `serve` that needs Node: sockets, processes, the log's file. @module */
export { type Direct, type DirectOptions, directRewards } from './direct-rewards.ts';
export { drain } from './drain.ts';
export { type Ledger, openLedger } from './ledger.ts';
export {
  addressOf,
  checkAddress,
  isLoopback,
  type Listening,
  type ListenOptions,
  LOOPBACK_HOSTS,
  listen,
} from './listen.ts';
export { locateService, MAX_UPLOAD_PIXELS } from './locate-service.ts';
export {
  CONTENT_SECURITY_POLICY,
  MODEL_FILES,
  PAGE_HEADERS,
  type PageOptions,
  pagePart,
} from './page-part.ts';
export { linkToPrimary, type PrimaryLink } from './worker.ts';
export { PORT_VARIABLE, WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';
