/**
 * What happens to every request, whatever it asks for.
 * @module
 */
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './api-error.ts';
import { Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { BODY_LIMIT_BYTES } from './read-json.ts';

/** Room for bodies in memory at once: sixteen of the longest. */
export const bodiesGate = (): Gate => new Gate(16 * BODY_LIMIT_BYTES, 'bytes of requests', 1);

/** Counts requests by route, status and time; unknown paths are one route. */
export function countRequests(
  metrics: Metrics,
  isRoute: (path: string) => boolean,
): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now();
    await next();
    const route = isRoute(context.req.path) ? context.req.path : 'other';
    metrics.request(route, context.res.status, (performance.now() - start) / 1000);
  };
}

/** Once the service is stopping: answers what is under way, refuses what is new, ends connections. */
export function refuseWhenStopping(isStopping: () => boolean): MiddlewareHandler {
  return async (context, next) => {
    if (isStopping()) {
      context.header('connection', 'close');
      throw new ApiError(503, 'stopping', 'the service is stopping', 'try again, or elsewhere', 1);
    }
    await next();
    if (isStopping()) context.header('connection', 'close');
  };
}

/**
 * Turns requests away while the bodies of others fill the memory set aside for them. A body that does
 * not say its length counts as the longest.
 */
export function limitBodies(gate: Gate): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') return await next();
    const declared = Number(context.req.header('content-length') ?? BODY_LIMIT_BYTES);
    const leave = gate.enter(Number.isFinite(declared) ? declared : BODY_LIMIT_BYTES);
    try {
      await next();
    } finally {
      leave();
    }
  };
}
