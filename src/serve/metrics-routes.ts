/**
 * `GET /metrics`, for Prometheus.
 * @module
 */
import { Hono } from 'hono';
import type { AppPart } from './app-part.ts';

/** The route. */
export function metricsPart(render: () => string | Promise<string>): AppPart {
  const routes = new Hono();
  routes.get('/metrics', async (context) =>
    context.body(await render(), 200, { 'content-type': 'text/plain; version=0.0.4' }),
  );
  return {
    routes,
    paths: {
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Counts since the start, in the text format of Prometheus',
          responses: {
            200: { description: 'Done', content: { 'text/plain': { schema: { type: 'string' } } } },
            401: {
              description: 'The token is missing or wrong',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
            },
          },
        },
      },
    },
  };
}
