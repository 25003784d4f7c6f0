import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/node/index.ts';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { checkFolder, checkVersions, parseVersions, versionQuery } from './preflight.ts';

const { folder, write } = temporaryFolder();
write('data/train.jsonl', '{}\n');
write('model/config.json', '{}');
write('engine/config.yaml', 'a: 1\n');
const manifest = exampleManifest(folder, {
  files: [{ path: 'engine/config.yaml', sha256: sha256('a: 1\n') }],
});

describe('versions of an engine', () => {
  it('have to be the ones exported for', () => {
    checkVersions(manifest, { trl: '1.13.0' }, 'python');
    expect(() => checkVersions(manifest, { trl: '1.12.0' }, 'python')).toThrow(
      /trl is 1.12.0; the run was exported for 1.13.0/,
    );
    expect(() => checkVersions(manifest, { trl: null }, '/env/bin/python')).toThrow(
      /\/env\/bin\/python has no trl/,
    );
    const swift = { ...manifest, engine: { name: 'swift', version: '4.5.2' } } as const;
    expect(() => checkVersions(swift, { 'ms-swift': '4.6.0' }, 'python')).toThrow(
      /ms-swift is 4.6.0/,
    );
  });

  it('are asked of Python in a way that Python understands', ({ skip }) => {
    let text: string;
    try {
      text = execFileSync('python3', versionQuery('trl'), { encoding: 'utf8' });
    } catch {
      return skip('there is no python3 here');
    }
    expect(Object.keys(parseVersions(text))).toEqual([
      'trl',
      'transformers',
      'peft',
      'accelerate',
      'torch',
    ]);
  });
});

describe('the folder of a run', () => {
  it('is in order when everything is where it was', () => {
    expect(checkFolder(folder, manifest)).toEqual([]);
  });

  it('may have settings that were changed by hand, which is said', () => {
    const files = [{ path: 'engine/config.yaml', sha256: '0'.repeat(64) }];
    expect(checkFolder(folder, { ...manifest, files })).toEqual([
      'engine/config.yaml was changed after the export',
    ]);
  });

  it('is refused when it was moved, or something of it is missing', () => {
    const cluster = { ...manifest.cluster, root: '/mnt/elsewhere/run' };
    expect(() => checkFolder(folder, { ...manifest, cluster })).toThrow(/now lies in/);
    const data = { ...manifest.data, validation: { ...manifest.data.train, file: 'data/v.jsonl' } };
    expect(() => checkFolder(folder, { ...manifest, data })).toThrow(/v.jsonl is missing/);
    const files = [{ path: 'engine/train.py', sha256: '0'.repeat(64) }];
    expect(() => checkFolder(folder, { ...manifest, files })).toThrow(/train.py is missing/);
    const model = { ...manifest.model, path: '/mnt/unmounted/model' };
    expect(() => checkFolder(folder, { ...manifest, model })).toThrow(
      /the model's folder \/mnt\/unmounted\/model is missing/,
    );
  });

  it('of a cluster may have another path there', () => {
    const onCluster = {
      ...manifest,
      cluster: { ...manifest.cluster, root: '/shared/run' },
      launch: { ...manifest.launch, kind: 'ray-job' as const },
    };
    expect(checkFolder(folder, onCluster)).toEqual([]);
  });
});
