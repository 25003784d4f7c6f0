import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { geoRReward, type RecipeReward } from '../../rewards/index.ts';
import type { AppOptions } from '../app.ts';
import { createApp } from '../app.ts';
import { Metrics } from '../metrics.ts';
import { bodiesGate } from '../middleware.ts';
import { BODY_LIMIT_BYTES } from '../read-json.ts';
import { SAMPLES_LIMIT } from '../rewards/protocol.ts';
import type { RewardService } from '../rewards/reward-service.ts';
import { directRewards } from './direct-rewards.ts';
import { type Listening, listen } from './listen.ts';

const sample = { id: 'a', completion: '(48.8566, 2.3522)', target: { lat: 48.8566, lon: 2.3522 } };
const fine = JSON.stringify({ v: 1, samples: [sample] });
const JSON_TYPE = { 'content-type': 'application/json' };

/** One service with the direct way and one without. */
interface Pair {
  readonly both: readonly Listening[];
  readonly metrics: readonly Metrics[];
  /** How many requests went past the app. */
  readonly direct: () => number;
}

async function openPair(options: Partial<AppOptions> & { rewards: RewardService }): Promise<Pair> {
  const metrics = [new Metrics(), new Metrics()];
  const of = (i: number) => ({
    version: '1',
    bodies: bodiesGate(),
    metrics: metrics[i]!,
    ...options,
  });
  const direct = directRewards(of(0));
  let count = 0;
  const at = { host: '127.0.0.1', port: 0 };
  const both = [
    await listen(createApp(of(0)), {
      ...at,
      direct: (request, response) => {
        const isTaken = direct(request, response);
        if (isTaken) count++;
        return isTaken;
      },
    }),
    await listen(createApp(of(1)), at),
  ];
  return { both, metrics, direct: () => count };
}

/** Sends bytes and reads the answer: status, headers but for the date, body. */
async function exchange({ server }: Listening, bytes: string | Buffer) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  const [head = '', ...body] = Buffer.concat(pieces).toString().split('\r\n\r\n');
  const [status, ...headers] = head
    .split('\r\n')
    .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()));
  return {
    status: status?.split(' ')[1],
    headers: headers.filter((line) => !line.startsWith('date:')).sort(),
    body: body.join('\r\n\r\n'),
  };
}

function requestOf(
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
  path = '/v1/rewards',
) {
  const all = {
    host: '127.0.0.1',
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
    Buffer.from(body),
  ]);
}

const broken: RecipeReward = () => {
  throw new TypeError('a bug');
};

let pair: Pair;
const open = async (options: Partial<AppOptions> & { rewards: RewardService }): Promise<void> => {
  pair = await openPair(options);
};
const geoR = { reward: geoRReward(), config: 'sha256:c' };
beforeEach(() => open({ rewards: geoR }));
afterEach(() => {
  for (const { server } of pair.both) server.close();
});

/** Both answers, which must be the same, and whether the first went past the app. */
async function ask(bytes: Buffer) {
  const before = pair.direct();
  const [own, apps] = [await exchange(pair.both[0]!, bytes), await exchange(pair.both[1]!, bytes)];
  expect(own).toEqual(apps);
  return { ...own, isDirect: pair.direct() > before };
}

describe('the direct way to rewards', () => {
  it('answers each body as the app does', async () => {
    const many = Array.from({ length: SAMPLES_LIMIT }, (_, id) => ({
      ...sample,
      id,
      group: id >> 3,
    }));
    const bodies: readonly (readonly [string | Buffer, string])[] = [
      [fine, '200'],
      [JSON.stringify({ v: 1, samples: many }), '200'],
      [JSON.stringify({ v: 1, samples: [...many, sample] }), '422'],
      [JSON.stringify({ v: 1, samples: [{ ...sample, id: 'Łódź "ę"', group: '東京' }] }), '200'],
      [JSON.stringify({ v: 1, samples: [{ ...sample, target: { lat: 99, lon: 0 } }] }), '200'],
      [`\ufeff${fine}`, '200'],
      [` ${fine}\n`, '200'],
      ['', '400'],
      ['{', '400'],
      ['NaN', '400'],
      [Buffer.from('{"v":1,"samples":"\xff"}', 'latin1'), '400'],
      [JSON.stringify({ v: 2, samples: [sample] }), '422'],
      [JSON.stringify({ v: 1, samples: [{ ...sample, extra: 1 }] }), '422'],
      [
        JSON.stringify({
          v: 1,
          group_size: 1,
          samples: [1, 2].map((id) => ({ ...sample, id, group: 1 })),
        }),
        '422',
      ],
      ['['.repeat(5_000_000), '413'],
    ];
    for (const [body, status] of bodies)
      expect(await ask(requestOf(JSON_TYPE, body))).toMatchObject({ status, isDirect: true });
  });

  it('leaves to the app what is wrong before the body', async () => {
    const rows: readonly (readonly [Readonly<Record<string, string>>, string, boolean])[] = [
      [{ ...JSON_TYPE, authorization: 'Bearer right' }, '200', true],
      [{ ...JSON_TYPE, authorization: `Basic ${btoa('any:right')}` }, '200', true],
      [{ ...JSON_TYPE, authorization: 'Bearer right', host: 'LOCALHOST:80' }, '200', true],
      [{ ...JSON_TYPE, authorization: 'Bearer right', 'idempotency-key': 'k' }, '200', true],
      [JSON_TYPE, '401', false],
      [{ ...JSON_TYPE, authorization: 'Bearer wrong' }, '401', false],
      [{ ...JSON_TYPE, authorization: 'Bearer right', host: 'evil.test' }, '403', false],
      [{ ...JSON_TYPE, authorization: 'Bearer right', 'idempotency-key': '' }, '400', false],
      [
        { ...JSON_TYPE, authorization: 'Bearer right', 'idempotency-key': 'k'.repeat(257) },
        '400',
        false,
      ],
      [{ authorization: 'Bearer right' }, '415', false],
      [{ authorization: 'Bearer right', 'content-type': 'text/plain' }, '415', false],
      [
        { authorization: 'Bearer right', 'content-type': 'application/json; charset=utf-8' },
        '200',
        false,
      ],
      [{ ...JSON_TYPE, authorization: 'Bearer right', 'content-encoding': 'gzip' }, '415', false],
      [
        {
          ...JSON_TYPE,
          authorization: 'Bearer right',
          'content-length': `${BODY_LIMIT_BYTES + 1}`,
        },
        '413',
        false,
      ],
    ];
    await open({ rewards: geoR, token: 'right', hosts: ['localhost', '127.0.0.1'] });
    for (const [headers, status, isDirect] of rows)
      expect(await ask(requestOf(headers, fine)), JSON.stringify(headers)).toMatchObject({
        status,
        isDirect,
      });
    const chunked = `POST /v1/rewards HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer right\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${fine.length.toString(16)}\r\n${fine}\r\n0\r\n\r\n`;
    expect(await ask(Buffer.from(chunked))).toMatchObject({ status: '200', isDirect: false });
    for (const path of ['/v1/rewards?x=1', '/v1/rewards/', '/v1/other'])
      expect(
        (await ask(requestOf({ ...JSON_TYPE, authorization: 'Bearer right' }, fine, path)))
          .isDirect,
      ).toBe(false);
  });

  it('tells a fault of the service to the service alone, and counts as the app does', async () => {
    const faults: unknown[] = [];
    await open({ rewards: { ...geoR, reward: broken }, onFault: (error) => faults.push(error) });
    expect(await ask(requestOf(JSON_TYPE, fine))).toMatchObject({ status: '500', isDirect: true });
    expect(faults).toEqual([new TypeError('a bug'), new TypeError('a bug')]);
    await ask(requestOf(JSON_TYPE, '{'));
    const totals = pair.metrics.map((metrics) =>
      metrics.render().match(/geor_requests_total.*\d$/gm),
    );
    expect(totals[0]).toEqual(totals[1]);
    expect(pair.metrics[0]!.render()).toContain('{route="/v1/rewards",status="500"} 1');
  });

  it('takes nothing new once the service is stopping, and ends the connections it answers', async () => {
    let isStopping = false;
    const reward: RecipeReward = (batch) => {
      isStopping = true;
      return geoRReward()(batch);
    };
    await open({ rewards: { ...geoR, reward }, isStopping: () => isStopping });
    for (const server of pair.both) {
      isStopping = false;
      const { headers } = await exchange(
        server,
        requestOf({ ...JSON_TYPE, connection: 'keep-alive' }, fine),
      );
      expect(headers).toContain('connection: close');
    }
    expect(await ask(requestOf(JSON_TYPE, fine))).toMatchObject({ status: '503', isDirect: false });
  });

  it('gives back the room of a body that breaks off', async () => {
    const bodies = bodiesGate();
    await open({ rewards: geoR, bodies });
    const [{ server }] = pair.both as [Listening];
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const request = once(server, 'request');
    socket.write(requestOf({ ...JSON_TYPE, 'content-length': '1000' }, fine));
    const [incoming] = await request;
    expect(bodies.used).toBe(1000);
    socket.destroy();
    await new Promise((resolve) => incoming.once('close', resolve));
    expect(bodies.used).toBe(0);
    expect(pair.metrics[0]!.render()).toContain('{route="/v1/rewards",status="400"} 1');
  });
});
