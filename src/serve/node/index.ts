/** The part of `serve` that needs Node: sockets. @module */
export {
  isLoopback,
  type Listening,
  type ListenOptions,
  LOOPBACK_HOSTS,
  listen,
} from './listen.ts';
