/**
 * The OpenAPI 3.1 document, put together from what the parts say of themselves. Its schemas are the
 * very ones that check requests, by zod's own translation to JSON Schema.
 * @module
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { errorSchema } from './api-error.ts';
import type { AppPart, OpenApiValue } from './app-part.ts';

const PROBLEMS = {
  400: 'Not JSON in UTF-8',
  401: 'The token is missing or wrong',
  403: 'Addressed to another host',
  404: 'There is nothing at this path',
  405: 'Another method is asked for',
  413: 'The body is too long',
  415: 'The body is of another type, or encoded',
  422: 'The body is not what is expected',
  429: 'Too much at once; try again after Retry-After seconds',
  503: 'No room for this now, or a model does not answer; try again after Retry-After seconds',
  504: 'It took too long; try again',
} as const;

/** A status that tells an error. */
export type Problem = keyof typeof PROBLEMS;

/** An operation with a JSON answer. */
export interface JsonOperation {
  /** A name for generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Header parameters by name, none of them required. */
  readonly headers?: Readonly<Record<string, Readonly<Record<string, OpenApiValue>>>>;
  /** Name of the body's schema; without one there is no body. */
  readonly request?: string;
  /** Name of the answer's schema. */
  readonly response: string;
  /** What can go wrong besides what can everywhere. */
  readonly problems?: readonly Problem[];
  /** Needs no token. */
  readonly isPublic?: boolean;
}

const json = (schema: string): OpenApiValue => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});

/** Describes an operation. */
export function jsonOperation(operation: JsonOperation): OpenApiValue {
  const { id, summary, description, headers = {}, request, response, isPublic } = operation;
  const common: readonly Problem[] = isPublic ? [403] : [401, 403];
  const answers = [...common, ...(operation.problems ?? [])].map(
    (status) => [status, { description: PROBLEMS[status], content: json('Error') }] as const,
  );
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(isPublic && { security: [] }),
    parameters: Object.entries(headers).map(([name, header]) => ({
      name,
      in: 'header',
      ...header,
    })),
    ...(request && { requestBody: { required: true, content: json(request) } }),
    responses: {
      200: { description: 'Done', content: json(response) },
      ...Object.fromEntries(answers),
    },
  };
}

/** Schemas, and those inside them, by the `id` of their metadata. */
export function schemasOf(schemas: readonly z.ZodType[]): Readonly<Record<string, OpenApiValue>> {
  const named: Record<string, unknown> = {};
  for (const schema of schemas) {
    const { $defs, $schema: _, ...rest } = z.toJSONSchema(schema);
    named[z.globalRegistry.get(schema)!.id!] = rest;
    Object.assign(named, $defs);
  }
  // what zod gathers beside a schema, OpenAPI gathers in one place
  return JSON.parse(JSON.stringify(named).replaceAll('#/$defs/', '#/components/schemas/'));
}

/** The document of an app made of `parts`. */
export function openApiDocument(
  parts: readonly AppPart[],
  version: string,
  needsToken: boolean,
): OpenApiValue {
  return {
    openapi: '3.1.0',
    info: { title: 'geor', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.assign({}, ...parts.map(({ paths }) => paths ?? {})) as OpenApiValue,
    components: {
      schemas: Object.assign(
        {},
        schemasOf([errorSchema]),
        ...parts.map(({ schemas }) => schemas ?? {}),
      ) as OpenApiValue,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    ...(needsToken && { security: [{ token: [] }] }),
  };
}

/** `GET /openapi.json`. */
export function openApiPart(document: () => OpenApiValue): AppPart {
  const routes = new Hono();
  routes.get('/openapi.json', (context) => context.json(document()));
  return { routes };
}
