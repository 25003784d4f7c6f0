/**
 * A server that speaks OpenAI's chat completions and is strict about it: every field of a request is
 * checked, and every byte kept.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { isBareJpeg } from '../../src/data/index.ts';

const jpegUrl = z
  .string()
  .regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/)
  .refine((url) => isBareJpeg(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')), {
    message: 'not a JPEG without metadata',
  });

/** What geor may ask; anything else is refused, as a name that got out would be. */
const requestSchema = z.strictObject({
  model: z.string(),
  messages: z.tuple([
    z.strictObject({
      role: z.literal('user'),
      content: z.tuple([
        z.strictObject({
          type: z.literal('image_url'),
          image_url: z.strictObject({ url: jpegUrl }),
        }),
        z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
      ]),
    }),
  ]),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  top_p: z.number().gt(0).max(1).optional(),
  n: z.int().min(2).optional(),
  logprobs: z.literal(true).optional(),
  stream: z.literal(true).optional(),
  structured_outputs: z.strictObject({ regex: z.string() }).optional(),
  regex: z.string().optional(),
  response_format: z
    .strictObject({
      type: z.literal('json_schema'),
      json_schema: z.strictObject({
        name: z.string(),
        strict: z.literal(true),
        schema: z.looseObject({}),
      }),
    })
    .optional(),
});

/** A request for completions, checked. */
export type ChatRequest = z.infer<typeof requestSchema>;

/** Headers that a client may send. */
const HEADERS = new Set([
  ...['host', 'connection', 'content-type', 'content-length', 'authorization', 'accept'],
  ...['accept-language', 'sec-fetch-mode', 'user-agent', 'accept-encoding'],
]);

/** How the stub answers one request. */
export type Reply =
  | {
      /** One choice each. */
      readonly texts: readonly string[];
      readonly finish?: string;
      readonly logprobs?: readonly number[];
      readonly reasoning?: string;
    }
  | {
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Pieces of one answer, as server-sent events. */
  | { readonly stream: readonly string[] }
  | 'hang'
  | 'break';

/** A running stub. */
export interface ChatServer {
  /** Base address, with `/v1`. */
  readonly url: string;
  /** Checked requests for completions, in the order in which they came. */
  readonly requests: readonly ChatRequest[];
  /** Everything that came over the wire, headers and bodies, as bytes. */
  bytes(): Buffer;
  /** Requests that broke a rule, and which. */
  readonly offences: readonly string[];
  close(): Promise<void>;
}

/** How a stub behaves. */
export interface ChatServerOptions {
  readonly models?: readonly { readonly id: string; readonly owned_by?: string }[];
  /** The key it wants; without one, a request that carries a key is an offence. */
  readonly key?: string;
  /** Fields that it refuses with status 400, naming them as OpenAI does. */
  readonly refuses?: readonly string[];
  /** The answer to a request; `call` counts from 0. */
  readonly reply: (request: ChatRequest, call: number) => Reply | Promise<Reply>;
}

/** Starts a stub on a free port of 127.0.0.1. */
export async function chatServer(options: ChatServerOptions): Promise<ChatServer> {
  const { models = [{ id: 'stub', owned_by: 'stub' }], key, refuses = [], reply } = options;
  const requests: ChatRequest[] = [];
  const offences: string[] = [];
  const received: Buffer[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(Buffer.from(piece));
    const body = Buffer.concat(pieces);
    received.push(Buffer.from(`${incoming.url}\n${incoming.rawHeaders.join('\n')}\n`), body);
    const offend = (why: string): void => {
      offences.push(why);
      send(response, 400, JSON.stringify({ error: { message: why } }));
    };
    const strange = Object.keys(incoming.headers).filter((name) => !HEADERS.has(name));
    if (strange.length > 0) return offend(`headers ${strange}`);
    const { authorization } = incoming.headers;
    if (authorization !== (key === undefined ? undefined : `Bearer ${key}`))
      return send(
        response,
        401,
        JSON.stringify({ error: { message: `bad key ${authorization}` } }),
      );
    if (incoming.method === 'GET' && incoming.url === '/v1/models')
      return send(response, 200, JSON.stringify({ object: 'list', data: models }));
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions')
      return offend(`${incoming.method} ${incoming.url}`);
    if (incoming.headers['content-type'] !== 'application/json')
      return offend(`content type ${incoming.headers['content-type']}`);
    const json: unknown = JSON.parse(body.toString('utf8'));
    const field = refuses.find((name) => typeof json === 'object' && json && name in json);
    if (field !== undefined)
      return send(
        response,
        400,
        JSON.stringify({
          error: { message: `Unsupported parameter: '${field}' is not supported.` },
        }),
      );
    const request = requestSchema.safeParse(json);
    if (!request.success) return offend(z.prettifyError(request.error));
    const call = requests.push(request.data) - 1;
    const said = await reply(request.data, call);
    if (said === 'hang') return;
    if (said === 'break') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
      return;
    }
    if ('stream' in said) return stream(response, said.stream);
    if ('status' in said) return send(response, said.status, said.body, said.headers);
    send(response, 200, JSON.stringify(completionOf(request.data.model, said)));
  }

  const server: Server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      offences.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    ...{ requests, offences },
    bytes: () => Buffer.concat(received),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): void {
  response.writeHead(status, headers);
  response.end(body);
}

function completionOf(model: string, reply: Extract<Reply, { texts: readonly string[] }>): object {
  const { texts, finish = 'stop', logprobs, reasoning } = reply;
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model,
    choices: texts.map((content, index) => ({
      index,
      message: { role: 'assistant', content, ...(reasoning !== undefined && { reasoning }) },
      finish_reason: finish,
      logprobs: logprobs ? { content: logprobs.map((logprob) => ({ logprob, token: '' })) } : null,
    })),
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function stream(response: ServerResponse, pieces: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const event = (choice: object): string =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [choice] })}\n\n`;
  response.write(event({ index: 0, delta: { role: 'assistant' }, finish_reason: null }));
  for (const content of pieces)
    response.write(event({ index: 0, delta: { content }, finish_reason: null }));
  response.end(`${event({ index: 0, delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`);
}
