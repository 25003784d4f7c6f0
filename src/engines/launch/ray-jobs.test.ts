import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleManifest, fakeClock, temporaryFolder } from '../run.test-support.ts';
import { planAttempt } from './launch-plan.ts';
import { RayJob, submitRayJob } from './ray-job.ts';
import { RayJobs } from './ray-jobs.ts';
import { type RayStub, rayStub } from './ray-stub.test-support.ts';

const { folder } = temporaryFolder();
let stub: RayStub;
let ray: RayJobs;
beforeEach(async () => {
  stub = await rayStub();
  ray = new RayJobs(`${stub.address}/`);
});
afterEach(() => stub.close());

const submit = () => {
  const manifest = exampleManifest('/shared/run');
  const plan = planAttempt(
    { ...manifest, launch: { ...manifest.launch, command: ['python', 'main.py', 'a b'] } },
    { attempt: 2, checkpoint: undefined, rewardUrl: 'http://10.0.0.1:8731' },
  );
  return submitRayJob(ray, plan, { run: 'tiny', attempt: 2, folder });
};

describe('a job on a Ray cluster', () => {
  it('is submitted with its command, folder and environment, under a name of its own', async () => {
    const job = await submit();
    expect(job.reference).toEqual({
      ...{ kind: 'ray-job', address: stub.address, submissionId: 'geor-tiny-a2' },
    });
    expect(stub.jobs.get('geor-tiny-a2')).toMatchObject({
      entrypoint: "cd /shared/run/engine && python main.py 'a b'",
      environment: { GEOR_ATTEMPT: '2', GEOR_REWARD_URL: 'http://10.0.0.1:8731' },
    });
  });

  it('that was submitted although its answer was lost is not submitted twice', async () => {
    await submit();
    await expect(submit()).resolves.toBeInstanceOf(RayJob);
    expect(stub.jobs.size).toBe(1);
  });

  it.each([
    ['PENDING', { state: 'running', isWaiting: true }],
    ['RUNNING', { state: 'running', isWaiting: false }],
    ['SUCCEEDED', { state: 'succeeded' }],
    ['STOPPED', { state: 'stopped' }],
    ['FAILED', { state: 'failed', exitCode: 1, message: 'Job entrypoint command failed' }],
  ] as const)('is %s as Ray says', async (status, state) => {
    const job = await submit();
    const known = stub.jobs.get('geor-tiny-a2')!;
    Object.assign(known, { status, exitCode: 1, message: 'Job entrypoint command failed' });
    expect(await job.state()).toEqual(state);
  });

  it('that the cluster has forgotten has failed', async () => {
    const job = await submit();
    stub.jobs.clear();
    expect(await job.state()).toMatchObject({ state: 'failed', exitCode: null });
  });

  it('leaves its whole log in the folder of the run', async () => {
    const job = await submit();
    stub.jobs.get('geor-tiny-a2')!.logs = 'one\ntwo\n\u001b[36m(pid=3)\u001b[0m three\n';
    expect(await job.logTail(2)).toEqual(['two', '(pid=3) three']);
    expect(readFileSync(join(folder, 'logs/attempt-2.log'), 'utf8')).toContain('one\ntwo');
  });

  it('is stopped, and waited for no longer than it takes', async () => {
    await submit();
    stub.jobs.get('geor-tiny-a2')!.status = 'RUNNING';
    const reference = {
      kind: 'ray-job',
      address: stub.address,
      submissionId: 'geor-tiny-a2',
    } as const;
    const job = new RayJob(ray, reference, join(folder, 'x.log'), fakeClock());
    await job.stop();
    expect(await job.state()).toEqual({ state: 'stopped' });
  });
});

describe('a cluster', () => {
  it('tells its version', async () => {
    expect(await ray.version()).toBe('2.60.0');
  });

  it('that asks for a token gets it, and one is asked for where it is missing', async () => {
    stub.instead = ({ headers }) =>
      headers.authorization === 'Bearer secret' ? undefined : { status: 401, text: 'Unauthorized' };
    await expect(ray.version()).rejects.toMatchObject({
      code: 'engine',
      hint: expect.stringContaining('RAY_AUTH_TOKEN'),
    });
    expect(await new RayJobs(stub.address, 'secret').version()).toBe('2.60.0');
  });

  it('that refuses says why, in its last line', async () => {
    stub.instead = () => ({
      status: 500,
      text: 'Traceback (most recent call last):\n  File "x.py"\nRuntimeError: no agent\n',
    });
    await expect(submit()).rejects.toThrow(/\(500\): RuntimeError: no agent/);
  });

  it.each(['<html>', '{"ray_version": 2}', ''])('that answers %j is none of Ray', async (text) => {
    stub.instead = () => ({ status: 200, text });
    await expect(ray.version()).rejects.toThrow(/not Ray's/);
  });

  it('that is not there is named, with what to do', async () => {
    await expect(new RayJobs('http://127.0.0.1:1').version()).rejects.toMatchObject({
      message: 'Ray at http://127.0.0.1:1 does not answer',
      hint: expect.stringContaining('--address'),
    });
  });
});
