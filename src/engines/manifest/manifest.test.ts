import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-manifest-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = 'a'.repeat(64);
const example: Manifest = {
  ...{ version: 1, geor: '0.1.0', run: 'geo-r-7b', stage: 'grpo', seed: 1, totalSteps: 10 },
  engine: { name: 'trl', version: '1.13.0' },
  recipe: { name: 'geo-r', variant: 'paper', condition: 'cor' },
  model: { path: '/models/7b', preset: 'qwen2.5-vl-7b', adaptation: 'lora', maxPixels: 200704 },
  cluster: { nodes: 1, gpusPerNode: 8, processesPerNode: 8, root: '/shared/run' },
  reward: { url: null, config: { recipe: 'geo-r', variant: 'paper' }, groupSize: 8 },
  data: {
    train: { file: 'data/train.jsonl', rows: 80, sha256 },
    ...{ validation: null, images: { count: 80, sha256 } },
  },
  files: [{ path: 'engine/config.yaml', sha256 }],
  launch: {
    ...{ kind: 'process', command: ['accelerate', 'launch'], environment: {}, perNode: true },
    ...{ workingDirectory: 'engine', resumeArguments: ['--resume', '{checkpoint}'] },
  },
  metrics: { file: 'metrics/attempt-{attempt}.jsonl', format: 'trl' },
  checkpoints: { folder: 'checkpoints', latest: null },
  estimates: { steps: 10 },
};

describe('the manifest', () => {
  it('comes back as it was written', () => {
    writeManifest(folder, example);
    expect(readManifest(folder)).toEqual(example);
  });

  it('is refused with the field that is wrong', () => {
    const path = join(folder, 'manifest.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"version": 1', '"version": 2'));
    expect(() => readManifest(folder)).toThrow(/version/);
    writeFileSync(path, '{');
    expect(() => readManifest(folder)).toThrow(/cannot be read/);
    expect(() => readManifest(join(folder, 'none'))).toThrow(/not the folder of an exported run/);
  });

  it.each(['/etc/passwd', '../other', 'a/../../b', 'C:\\x'])(
    'keeps %s out of its paths',
    (path) => {
      const outside = { ...example, files: [{ path, sha256 }] };
      expect(() => writeManifest(folder, outside)).toThrow(/inside the folder/);
    },
  );
});
