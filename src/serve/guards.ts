/**
 * Who may talk to the service.
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './api-error.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Asks for `Authorization: Bearer <token>`, or for the token as the password of `Basic`: engines that
 * know no tokens take `http://any:TOKEN@host`. Digests are compared, in a time that does not depend
 * on how much of a token is right, nor on its length.
 */
export function requireToken(token: string): MiddlewareHandler {
  const wanted = digest(token);
  return async (context, next) => {
    const given = tokenOf(context.req.header('authorization') ?? '');
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
 * Answers only what is addressed to one of `hosts`. A page of the web that had its own name point to
 * this machine (DNS rebinding) would otherwise be on the same origin as the service.
 *
 * @param hosts - names and addresses without port, in lower case; IPv6 in brackets
 */
export function requireHost(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set(hosts);
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    if (!allowed.has(host.replace(/:\d+$/, '').toLowerCase()))
      throw new ApiError(
        403,
        'wrong-host',
        'the request is addressed to another host',
        `address the service as ${hosts.join(' or ')}`,
      );
    await next();
  };
}
