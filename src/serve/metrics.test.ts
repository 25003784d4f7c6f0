import { describe, expect, it } from 'vitest';
import { geoRReward } from '../rewards/index.ts';
import { createApp } from './app.ts';
import { Metrics, seriesOf } from './metrics.ts';

describe('Metrics', () => {
  it('renders what Prometheus reads', () => {
    const metrics = new Metrics();
    metrics.request('/a', 200, 0.003);
    metrics.request('/a', 200, 0.005);
    metrics.request('/a', 503, 99);
    const text = metrics.render({ geor_workers: 2 });
    expect(text).toContain('# TYPE geor_requests_total counter\n');
    expect(text).toContain('geor_requests_total{route="/a",status="200"} 2\n');
    expect(text).toContain('# TYPE geor_request_seconds histogram\n');
    const bucket = (le: string) =>
      Number(new RegExp(`_bucket\\{route="/a",le="${le}"\\} (\\d+)`).exec(text)?.[1]);
    expect(['0.001', '0.0025', '0.005', '60', '\\+Inf'].map(bucket)).toEqual([0, 0, 2, 2, 3]);
    expect(text).toContain('geor_request_seconds_count{route="/a"} 3\n');
    expect(text).toContain('geor_request_seconds_sum{route="/a"} 99.008\n');
    expect(text).toContain('geor_workers 2\n');
    expect(text).not.toContain('geor_reward_samples_total');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('adds up over processes', () => {
    const [worker, service] = [new Metrics(), new Metrics()];
    worker.request('/a', 200, 0.1);
    service.absorb(worker.take());
    worker.request('/a', 200, 0.1);
    service.absorb(worker.take());
    service.absorb(worker.take());
    const direct = new Metrics();
    for (let i = 0; i < 2; i++) direct.request('/a', 200, 0.1);
    expect(service.render()).toBe(direct.render());
  });

  it('escapes labels', () => {
    expect(seriesOf('geor_workers', { a: 'x"\\\ny' })).toBe('geor_workers{a="x\\"\\\\\\ny"}');
  });

  it('counts the requests of an app by route, unknown paths as one', async () => {
    const metrics = new Metrics();
    const app = createApp({
      version: '1',
      rewards: { reward: geoRReward(), config: 'c' },
      metrics,
      renderMetrics: () => metrics.render(),
    });
    await app.request('/health');
    await app.request('/v1/rewards');
    for (let i = 0; i < 3; i++) await app.request(`/scan/${i}`);
    const answer = await app.request('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('geor_requests_total{route="/health",status="200"} 1\n');
    expect(text).toContain('geor_requests_total{route="/v1/rewards",status="405"} 1\n');
    expect(text).toContain('geor_requests_total{route="other",status="404"} 3\n');
  });
});
