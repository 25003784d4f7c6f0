/**
 * A server that speaks OpenAI's protocol and sees Bergen in every picture.
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stub that listens. */
export interface VisionStub {
  /** Its base address, to be given as a backend. */
  readonly url: string;
  /** Bodies of the questions it was asked. */
  readonly asked: readonly string[];
  close(): void;
}

/** Starts the stub on a port of its own. */
export async function visionStub(): Promise<VisionStub> {
  const asked: string[] = [];
  const content = 'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.39, 5.32)';
  const server = createServer((request, response) => {
    const answer = (value: object): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    };
    if (request.url === '/v1/models')
      return answer({ object: 'list', data: [{ id: 'stub', object: 'model' }] });
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      if (asked.length < 32) asked.push(body);
      const { n = 1 } = JSON.parse(body) as { n?: number };
      const message = { role: 'assistant', content };
      answer({
        ...{ id: 'x', object: 'chat.completion', model: 'stub' },
        choices: Array.from({ length: n }, (_, index) => ({
          index,
          message,
          finish_reason: 'stop',
        })),
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, close: () => server.close() };
}
