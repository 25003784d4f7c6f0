/**
 * An app on a socket of Node, with the time limits that training engines need.
 * @module
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { GeorError } from '../../core/index.ts';
import type { Direct } from './direct-rewards.ts';

/**
 * Longer than the 60 seconds that clients keep a connection: were it shorter, a client would now and
 * then write on a connection that is just being closed, and see it reset.
 */
export const KEEP_ALIVE_MS = 75_000;
/** Until the headers of a request are there. */
export const HEADERS_TIMEOUT_MS = 15_000;
/** Until all of a request is there; the largest body comes at 280 kB a second. */
export const REQUEST_TIMEOUT_MS = 60_000;
/** How often late requests are looked for. */
const CHECK_INTERVAL_MS = 5_000;
/** Connections that wait to be accepted: a whole training step may connect at once. */
const BACKLOG = 2048;

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Gets each request first. */
  readonly direct?: Direct;
  /** Other limits on how long a request may take to arrive. */
  readonly limits?: ArrivalLimits;
}

/** How long a request may take to arrive, milliseconds. */
export interface ArrivalLimits {
  /** Until the headers are there; default {@link HEADERS_TIMEOUT_MS}. */
  readonly headersMs?: number;
  /** Until all is there; default {@link REQUEST_TIMEOUT_MS}. */
  readonly requestMs?: number;
  /** How often late requests are looked for. */
  readonly checkMs?: number;
}

/** A service that listens. */
export interface Listening {
  readonly server: Server;
  /** E.g. `http://127.0.0.1:8080`. */
  readonly url: string;
}

/** Whether an address is this machine's own. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);

/** What requests to a loopback address may be addressed to. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the server of an app and starts to listen.
 *
 * @throws GeorError `usage` when the address cannot be listened on.
 */
export async function listen(
  app: Hono,
  { host, port, direct, limits = {} }: ListenOptions,
): Promise<Listening> {
  const toApp = getRequestListener(app.fetch);
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: limits.headersMs ?? HEADERS_TIMEOUT_MS,
      requestTimeout: limits.requestMs ?? REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: limits.checkMs ?? CHECK_INTERVAL_MS,
    },
    direct ? (request, response) => direct(request, response) || toApp(request, response) : toApp,
  );
  await bind(server, { host, port });
  const { address, port: bound } = server.address() as AddressInfo;
  return { server, url: addressOf(address, bound) };
}

/** The URL of an address, without a path. */
export const addressOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * Makes sure that an address can be listened on, for a process that leaves the listening to others.
 *
 * @returns the port: the same, or for 0 one that is free
 * @throws GeorError `usage` when it cannot.
 */
export async function checkAddress(options: ListenOptions): Promise<number> {
  const server = createServer();
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  try {
    server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port, backlog: BACKLOG });
    await once(server, 'listening');
  } catch (cause) {
    throw new GeorError(
      'usage',
      `cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : cause}`,
      { hint: 'give another --port (0 for any that is free) or --host', cause },
    );
  }
}
