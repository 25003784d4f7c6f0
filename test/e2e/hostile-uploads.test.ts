/**
 * `geor serve` under uploads that want to harm it: each gets a clear answer, memory and time stay
 * within bounds, and a photograph in between is located as if nothing had happened.
 *
 * One of eight by default; all with GEOR_HOSTILE=all.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  formOf,
  type HostileUpload,
  hostileUploads,
  wholePhotograph,
} from '../support/hostile/index.ts';
import { type VisionStub, visionStub } from '../support/vision-stub.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const isAll = process.env['GEOR_HOSTILE'] === 'all';

/** Resident memory at its highest, MiB; where the system says. */
const LIMIT_MIB = 1536;

const errorShape = z.strictObject({
  error: z.strictObject({
    code: z.string().min(1),
    message: z.string().min(1).max(2000),
    hint: z.string().min(1),
  }),
});

const peakMiB = (pid: number): number | undefined => {
  try {
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
};

describe('geor serve under hostile uploads', () => {
  let stub: VisionStub;
  let child: ReturnType<typeof spawn>;
  let url = '';
  let photo: Buffer;
  const faults: string[] = [];

  beforeAll(async () => {
    stub = await visionStub();
    photo = await wholePhotograph();
    const flags = ['serve', '--port', '0', '--json', '--no-page', '--backend', stub.url];
    child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: child.stderr! }).on('line', (line) => faults.push(line));
    for await (const line of createInterface({ input: child.stdout! })) {
      ({ url } = z.object({ url: z.string() }).parse(JSON.parse(line)));
      break;
    }
  });
  afterAll(() => {
    child?.kill();
    stub?.close();
  });

  const send = ({ body, type, headers }: Pick<HostileUpload, 'body' | 'type' | 'headers'>) =>
    fetch(`${url}/v1/locate`, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body: body as Uint8Array<ArrayBuffer>,
    });

  async function locatesAPhotograph(): Promise<void> {
    const type = 'multipart/form-data; boundary=hostile';
    const response = await send({ body: formOf(photo), type });
    const result = (await response.json()) as { levels: { name: string }[] };
    expect([response.status, result.levels.at(-1)?.name]).toEqual([200, 'Bergen']);
  }

  it(`answers every one${isAll ? '' : ' of eight'}, and stays well`, async () => {
    const all = await hostileUploads();
    expect(all.length).toBeGreaterThanOrEqual(200);
    const some = isAll ? all : all.filter((_, i) => i % 8 === 0);
    await locatesAPhotograph();
    const slow: [number, string][] = [];
    const wrong: string[] = [];
    for (const one of some) {
      const start = performance.now();
      const response = await send(one);
      const text = await response.text();
      slow.push([performance.now() - start, one.name]);
      const isError = response.status !== 200;
      const isClear = !isError || errorShape.safeParse(JSON.parse(text)).success;
      if (!one.allowed.includes(response.status) || !isClear)
        wrong.push(`${one.name}: ${response.status} ${text.slice(0, 160)}`);
    }
    expect(wrong).toEqual([]);
    await locatesAPhotograph();
    const peak = peakMiB(child.pid!);
    if (peak !== undefined) expect(peak).toBeLessThan(LIMIT_MIB);
    expect(faults.filter((line) => /^\s+at /.test(line))).toEqual([]);
    if (isAll) {
      slow.sort(([a], [b]) => b - a);
      const seconds = slow.slice(0, 5).map(([ms, name]) => `${(ms / 1000).toFixed(1)} s ${name}`);
      process.stderr.write(
        `${some.length} uploads, peak ${peak?.toFixed(0) ?? '?'} MiB; slowest: ${seconds.join('; ')}\n`,
      );
    }
  });

  it('outlives connections that lie about their length, and many at once', async () => {
    const port = Number(new URL(url).port);
    const head = (length: number): string =>
      `POST /v1/locate HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: multipart/form-data; boundary=hostile\r\nContent-Length: ${length}\r\n\r\n`;
    /** Sends, closes its side, and gives what comes back. */
    const raw = (text: string | Buffer): Promise<string> =>
      new Promise((resolve) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.end(text));
        socket.on('data', (piece) => {
          answer += piece.toString('latin1');
        });
        socket.on('close', () => resolve(answer));
        socket.on('error', () => resolve(answer));
      });
    const body = formOf(photo);
    expect(await raw(Buffer.concat([Buffer.from(head(body.length + 5000)), body]))).not.toMatch(
      / 200 /,
    );
    expect(await raw(Buffer.concat([Buffer.from(head(100)), body]))).toMatch(/^HTTP\/1.1 4/);
    expect(await raw(head(1e12))).toMatch(/^HTTP\/1.1 413/);
    expect(await raw(head(-1))).toMatch(/^HTTP\/1.1 400/);
    const type = 'multipart/form-data; boundary=hostile';
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await send({ body, type })).status),
    );
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses).toContain(200);
    await locatesAPhotograph();
  });

  it('shows the model pixels and no name', () => {
    expect(stub.asked.length).toBeGreaterThan(1);
    for (const body of stub.asked) expect(body).not.toMatch(/filename|etc\/passwd|script/i);
  });
});
