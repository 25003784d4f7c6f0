import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const ask = (url: string, completion: string): Promise<number> =>
  fetch(`${url}/v1/rewards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ v: 1, samples: [{ id: 1, completion, target: { lat: 1, lon: 2 } }] }),
  }).then(
    ({ status }) => status,
    () => 0,
  );

it('replaces a process that hangs; who waits for it is cut off and asks again', async () => {
  const service = spawn(process.execPath, ['test/fixtures/hanging-service.mjs']);
  const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  try {
    const url = await next();
    const lost = ask(url, 'hang');
    expect(await next()).toBe('it hung');
    expect(await lost).toBe(0);
    expect(await ask(url, '(1, 2)')).toBe(200);
    // the one that takes its place may be starting still, which must not keep the service from ending
    service.stdin.end();
    expect(await once(service, 'exit')).toEqual([0, null]);
  } finally {
    service.kill('SIGKILL');
  }
});
