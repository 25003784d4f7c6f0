/**
 * `GET /health`: whether the service is ready, and what it would answer with.
 * @module
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { AppPart } from './app-part.ts';
import { jsonOperation, schemasOf } from './openapi.ts';

const healthSchema = z
  .strictObject({
    status: z.literal('ready'),
    version: z.string(),
    config: z.string().optional().meta({ description: 'Of the reward, where one is served.' }),
  })
  .meta({ id: 'Health' });

/** What the route tells. */
export interface HealthOptions {
  readonly version: string;
  readonly config?: string;
}

/** The route; it needs no token, so that whatever watches the service needs none. */
export function healthPart({ version, config }: HealthOptions): AppPart {
  const routes = new Hono();
  routes.get('/health', (context) => {
    const health = { status: 'ready', version, ...(config !== undefined && { config }) } as const;
    return context.json(health satisfies z.output<typeof healthSchema>);
  });
  return {
    routes,
    isPublic: true,
    paths: {
      '/health': {
        get: jsonOperation({
          id: 'health',
          summary: 'Whether the service is ready',
          response: 'Health',
          problems: [503],
          isPublic: true,
        }),
      },
    },
    schemas: schemasOf([healthSchema]),
  };
}
