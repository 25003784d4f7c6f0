import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { AttemptsFile } from './attempts.ts';
import { systemClock } from './clock.ts';
import { RewardService, type RewardServiceOptions } from './reward-service.ts';
import { isRunning } from './running-process.ts';

const { folder, write } = temporaryFolder();
let count = 0;

/** A stand-in for `geor serve`: listens, announces itself, writes its arguments down. */
const SERVICE = `
const http = require('node:http');
const fs = require('node:fs');
const at = (name) => process.argv[process.argv.indexOf(name) + 1];
fs.writeFileSync(at('--log'), JSON.stringify(process.argv.slice(1)));
const server = http.createServer((_, response) => response.end('ok'));
server.listen(Number(at('--port')), '127.0.0.1', () =>
  console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port + '/', pid: process.pid, config: 'sha256:0' })));
process.on('SIGTERM', () => { fs.writeFileSync(at('--log') + '.drained', ''); process.exit(0); });
`;

const setUp = (script = SERVICE) => {
  const run = join(folder, `run-${++count}`);
  write(`run-${count}/x`, '');
  const restarts: string[] = [];
  const options: RewardServiceOptions = {
    folder: run,
    manifest: exampleManifest(run, {
      reward: { url: null, config: { recipe: 'geo-r', variant: 'released' }, groupSize: 4 },
    }),
    attempts: new AttemptsFile(run),
    command: [process.execPath, '-e', script, '--'],
    environment: process.env,
    clock: systemClock,
    onRestart: (reason) => restarts.push(reason),
  };
  return { run, options, restarts };
};
const gone = async (pid: number): Promise<void> => {
  while (isRunning(pid, null)) await systemClock.wait(10);
};

describe('the reward service of a run', () => {
  it('is started with the configuration of the manifest, and ended kindly', async () => {
    const { run, options } = setUp();
    const service = await RewardService.start(options);
    expect(await (await fetch(service.url)).text()).toBe('ok');
    expect(JSON.parse(readFileSync(join(run, 'logs/reward-config.json'), 'utf8'))).toEqual({
      ...{ recipe: 'geo-r', variant: 'released' },
    });
    expect(JSON.parse(readFileSync(join(run, 'rewards.jsonl'), 'utf8'))).toEqual(
      [
        ...['--', '--port', '0', '--json', '--rewards', join(run, 'logs/reward-config.json')],
        ...['--log', join(run, 'rewards.jsonl')],
      ].slice(1),
    );
    await service.stop();
    expect(readFileSync(join(run, 'rewards.jsonl.drained'), 'utf8')).toBe('');
    expect(isRunning(options.attempts.service!.pid, options.attempts.service!.startedAt)).toBe(
      false,
    );
  });

  it('is found again while it runs, and started again at the same address when it died', async () => {
    const { options, restarts } = setUp();
    const first = await RewardService.start(options);
    const { pid } = options.attempts.service!;
    const found = await RewardService.start(options);
    expect(found.url).toBe(first.url);
    expect(options.attempts.service!.pid).toBe(pid);
    await found.tend();
    expect(restarts).toEqual([]);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    await found.tend();
    expect(restarts).toHaveLength(1);
    expect(options.attempts.service!.pid).not.toBe(pid);
    expect(found.url).toBe(first.url);
    expect(await (await fetch(first.url)).text()).toBe('ok');
    await found.stop();
  });

  it('that does not come up says why', async () => {
    const { options } = setUp('console.error("no recipe of that name"); process.exit(2)');
    await expect(RewardService.start(options)).rejects.toMatchObject({
      ...{ code: 'engine', hint: 'no recipe of that name' },
    });
  });
});
