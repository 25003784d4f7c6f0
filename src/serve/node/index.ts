/** The part of `serve` that needs Node: sockets. @module */
export {
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
