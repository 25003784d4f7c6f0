/**
 * The HTTP application, free of sockets: requests in, answers out.
 *
 * There is no CORS: a page of another origin can neither read answers nor send JSON.
 *
 * @example
 * const app = createApp({ version: '1', rewards: { reward: geoRReward(), config: 'sha256:...' } });
 * const answer = await app.request('/v1/rewards', { method: 'POST', headers, body });
 * @module
 */
import { Hono } from 'hono';
import { ApiError, errorResponse, toApiError } from './api-error.ts';
import type { AppPart } from './app-part.ts';
import type { Gate } from './gate.ts';
import { requireHost, requireToken } from './guards.ts';
import { healthPart } from './health-routes.ts';
import type { Metrics } from './metrics.ts';
import { metricsPart } from './metrics-routes.ts';
import { bodiesGate, countRequests, limitBodies, refuseWhenStopping } from './middleware.ts';
import { openApiDocument, openApiPart } from './openapi.ts';
import { openRlhfPart } from './rewards/openrlhf-routes.ts';
import type { RewardService } from './rewards/reward-service.ts';
import { rewardsPart } from './rewards/rewards-routes.ts';
import { slimePart } from './rewards/slime-routes.ts';

/** What an app serves, and to whom. */
export interface AppOptions {
  /** Version of the package, for `/health` and the OpenAPI document. */
  readonly version: string;
  readonly rewards?: RewardService;
  /** Further groups of routes. */
  readonly parts?: readonly AppPart[];
  /** Counts every request. */
  readonly metrics?: Metrics;
  /** The text of `/metrics`; without it there is no such route. */
  readonly renderMetrics?: () => string | Promise<string>;
  /** Asked for by every route that is not public. */
  readonly token?: string;
  /** What requests may be addressed to, without port; default: anything. */
  readonly hosts?: readonly string[];
  /** Whether the service is about to stop: nothing new is taken then. */
  readonly isStopping?: () => boolean;
  /** Room for bodies, where others read some beside the app. */
  readonly bodies?: Gate;
  /** Told of every fault of the service itself, which clients are not told. */
  readonly onFault?: (error: unknown) => void;
}

/** Puts an app together. */
export function createApp(options: AppOptions): Hono {
  const { version, rewards, metrics, renderMetrics, token, hosts, isStopping, onFault } = options;
  const parts: AppPart[] = [
    healthPart({
      version,
      ...(rewards && { config: rewards.config }),
    }),
    openApiPart(() => document),
    ...(rewards ? [rewardsPart(rewards), openRlhfPart(rewards), slimePart(rewards)] : []),
    ...(renderMetrics ? [metricsPart(renderMetrics)] : []),
    ...(options.parts ?? []),
  ];
  const document = openApiDocument(parts, version, token !== undefined);
  const app = new Hono();
  app.onError((error, context) => {
    const told = toApiError(error);
    if (told.status === 500) onFault?.(error);
    return errorResponse(context, told);
  });
  if (metrics) app.use(countRequests(metrics, (path) => methods.has(path)));
  if (isStopping) app.use(refuseWhenStopping(isStopping));
  if (hosts) app.use(requireHost(hosts));
  app.use(limitBodies(options.bodies ?? bodiesGate()));
  // what needs a token stands behind it; so do unknown paths, which tell nothing without one
  for (const part of parts) if (part.isPublic) app.route('/', part.routes);
  if (token !== undefined) app.use(requireToken(token));
  for (const part of parts) if (!part.isPublic) app.route('/', part.routes);
  const methods = methodsByPath(app);
  app.notFound((context) => {
    const { method, path } = context.req;
    const allowed = methods.get(path);
    if (!allowed)
      return errorResponse(
        context,
        new ApiError(404, 'not-found', `there is nothing at ${path}`, 'see /openapi.json'),
      );
    context.header('allow', allowed.join(', '));
    return errorResponse(
      context,
      new ApiError(405, 'wrong-method', `${path} has no ${method}`, `use ${allowed.join(' or ')}`),
    );
  });
  return app;
}

/** The methods of each path without parameters. */
function methodsByPath({ routes }: Hono): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes) {
    if (method === 'ALL') continue;
    const list = methods.get(path) ?? [];
    methods.set(path, list);
    list.push(...(method === 'GET' ? ['GET', 'HEAD'] : [method]));
  }
  return methods;
}
