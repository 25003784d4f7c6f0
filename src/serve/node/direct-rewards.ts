/**
 * `POST /v1/rewards` from Node's request to Node's response: a step of training may ask sample by sample,
 * and then the way through the app takes four times as long as the reward.
 *
 * Only requests that nothing is wrong with by their headers go this way; the app gets all others before
 * a byte of them is read, so that it alone says what is wrong. What is said of bodies both say by the same
 * functions.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorAnswer, toApiError } from '../api-error.ts';
import type { AppOptions } from '../app.ts';
import type { Gate } from '../gate.ts';
import { hostCheck, tokenCheck } from '../guards.ts';
import { BODY_LIMIT_BYTES } from '../read-json.ts';
import type { RewardService } from '../rewards/reward-service.ts';
import { answerRewards, checkKey, REWARDS_PATH } from '../rewards/rewards-routes.ts';

/** What goes past an app: as the app itself is given, with a gate that both count by. */
export type DirectOptions = Omit<AppOptions, 'bodies' | 'rewards'> & {
  readonly rewards: RewardService;
  readonly bodies: Gate;
};

/** Takes a request, or leaves it, untouched, to the app: `false`. */
export type Direct = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Makes the direct way. */
export function directRewards(options: DirectOptions): Direct {
  const { rewards, bodies, metrics, isStopping, onFault } = options;
  const checkHost = options.hosts && hostCheck(options.hosts);
  const checkToken = options.token === undefined ? undefined : tokenCheck(options.token);

  /** Room for the body; throws where the app has to say why not. */
  const admit = ({ headers }: IncomingMessage): (() => void) => {
    checkHost?.(headers.host);
    checkToken?.(headers.authorization);
    checkKey(keyOf(headers));
    return bodies.enter(Number(headers['content-length']));
  };

  const answer = async (bytes: Buffer, key: string | undefined): Promise<Answer> => {
    try {
      return { status: 200, text: await answerRewards(rewards, bytes, key) };
    } catch (error) {
      const told = toApiError(error);
      if (told.status === 500) onFault?.(error);
      const { body, headers } = errorAnswer(told);
      return { status: told.status, text: JSON.stringify(body), headers };
    }
  };

  return (request, response) => {
    if (!isPlain(request) || isStopping?.()) return false;
    let leave: () => void;
    try {
      leave = admit(request);
    } catch {
      return false;
    }
    const start = performance.now();
    const end = (status: number): void => {
      leave();
      metrics?.request(REWARDS_PATH, status, (performance.now() - start) / 1000);
    };
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    // the client broke off, or was too slow
    request.once('error', () => end(400));
    request.once('end', async () => {
      const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      const told = await answer(bytes, keyOf(request.headers));
      if (isStopping?.()) response.setHeader('connection', 'close');
      send(response, told);
      end(told.status);
    });
    return true;
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a request is one for rewards whose body says its length and is JSON as it comes. */
const isPlain = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' &&
  url === REWARDS_PATH &&
  headers['content-type'] === 'application/json' &&
  headers['content-encoding'] === undefined &&
  headers['transfer-encoding'] === undefined &&
  Number(headers['content-length']) <= BODY_LIMIT_BYTES;

const keyOf = (headers: IncomingMessage['headers']): string | undefined =>
  headers['idempotency-key'] as string | undefined;

function send(response: ServerResponse, { status, text, headers }: Answer): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': length,
    ...headers,
  });
  // head and body in one piece, and without looking at each character again where each is a byte
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
