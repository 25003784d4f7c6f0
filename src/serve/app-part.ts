/**
 * A group of routes: what the app is put together from.
 * @module
 */
import type { Hono } from 'hono';

/** A value of the OpenAPI document. */
export type OpenApiValue =
  | string
  | number
  | boolean
  | null
  | readonly OpenApiValue[]
  | { readonly [key: string]: OpenApiValue };

/** The `paths` of an OpenAPI document: operations by path and method. */
export type OpenApiPaths = Readonly<Record<string, Readonly<Record<string, OpenApiValue>>>>;

/** Routes with their description. */
export interface AppPart {
  /** Routes under their whole paths. */
  readonly routes: Hono;
  /** How `/openapi.json` describes them; what is not described is not promised. */
  readonly paths?: OpenApiPaths;
  /** Schemas that the description refers to as `#/components/schemas/<name>`. */
  readonly schemas?: Readonly<Record<string, OpenApiValue>>;
  /** Answered to everybody: what holds nothing private. Default: a token is asked for where there is one. */
  readonly isPublic?: boolean;
}
