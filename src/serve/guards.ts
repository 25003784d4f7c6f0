/**
 * Who may talk to the service.
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './api-error.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Looks at a header; throws ApiError where the request must not be answered. */
export type HeaderCheck = (header: string | undefined) => void;

/**
 * Wants `Bearer <token>` in the header `authorization`, or the token as the password of `Basic`:
 * engines that know no tokens take `http://any:TOKEN@host`. Digests are compared, in a time that does
 * not depend on how much of a token is right, nor on its length.
 *
 * @returns throws ApiError 401
 */
export function tokenCheck(token: string): HeaderCheck {
  const wanted = digest(token);
  return (authorization) => {
    const given = tokenOf(authorization ?? '');
    if (given === undefined)
      throw new ApiError(
        401,
        'no-token',
        'this service asks for a token',
        'send the header Authorization: Bearer <token>',
      );
    if (!timingSafeEqual(digest(given), wanted))
      throw new ApiError(
        401,
        'wrong-token',
        'the token is not the one of this service',
        'check it',
      );
  };
}

/** Puts {@link tokenCheck} before routes. */
export function requireToken(token: string): MiddlewareHandler {
  const check = tokenCheck(token);
  return async (context, next) => {
    check(context.req.header('authorization'));
    await next();
  };
}

function tokenOf(authorization: string): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (value === undefined || scheme?.toLowerCase() === 'bearer') return value;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
  return password;
}

/**
 * Wants the header `host` to be one of `hosts`. A page of the web that had its own name point to this
 * machine (DNS rebinding) would otherwise be on the same origin as the service.
 *
 * @param hosts - names and addresses without port, in lower case; IPv6 in brackets
 * @returns throws ApiError 403
 */
export function hostCheck(hosts: readonly string[]): HeaderCheck {
  const allowed = new Set(hosts);
  return (host = '') => {
    if (!allowed.has(host.replace(/:\d+$/, '').toLowerCase()))
      throw new ApiError(
        403,
        'wrong-host',
        'the request is addressed to another host',
        `address the service as ${hosts.join(' or ')}`,
      );
  };
}

/** Puts {@link hostCheck} before routes. */
export function requireHost(hosts: readonly string[]): MiddlewareHandler {
  const check = hostCheck(hosts);
  return async (context, next) => {
    check(context.req.header('host') ?? new URL(context.req.url).host);
    await next();
  };
}
