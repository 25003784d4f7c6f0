/**
 * A light HTTP client for load: connections that are kept, requests that are made once, answers that are
 * only counted to their end. What it costs is small beside what a service costs, so that the service is
 * what is measured.
 * @module
 */
import { connect, type Socket } from 'node:net';

/** What a round of requests took. */
export interface Load {
  readonly seconds: number;
  /** Of each request, milliseconds, in ascending order. */
  readonly latencies: readonly number[];
}

/** A request as it goes over the wire. */
export const requestBytes = (body: string, key: string): Buffer =>
  Buffer.from(
    `POST /v1/rewards HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
      `idempotency-key: ${key}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

/** Sends `count` requests, in turn from `requests`, over some connections at once. */
export async function load(
  port: number,
  requests: readonly Buffer[],
  count: number,
  connections: number,
): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const latencies: number[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = readAnswers(socket);
      while (next < count) {
        const request = requests[next++ % requests.length]!;
        const sent = performance.now();
        socket.write(request);
        await answers.next();
        latencies.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, latencies: latencies.sort((a, b) => a - b) };
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });

/** Waits for one answer at a time; throws at any but 200. */
function readAnswers(socket: Socket) {
  let left = 0;
  let head = '';
  let done: (() => void) | undefined;
  let failed: ((error: Error) => void) | undefined;
  socket.on('close', () => failed?.(new Error('the connection was closed')));
  socket.on('data', (piece: Buffer) => {
    if (left === 0) {
      head += piece.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (!head.startsWith('HTTP/1.1 200 ') || length === undefined)
        return failed?.(new Error(head.slice(0, 500)));
      left = Number(length) - (head.length - end - 4);
      head = '';
    } else left -= piece.length;
    if (left === 0) done?.();
  });
  return {
    next: () =>
      new Promise<void>((resolve, reject) => {
        done = resolve;
        failed = reject;
      }),
  };
}
