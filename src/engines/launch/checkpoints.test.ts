import { describe, expect, it } from 'vitest';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { lastCheckpoint } from './checkpoints.ts';

const { folder, write } = temporaryFolder();

const save = (run: string, step: number, files: readonly string[]): void => {
  for (const file of files)
    write(
      `${run}/checkpoints/checkpoint-${step}/${file}`,
      file === 'trainer_state.json' ? `{"global_step":${step}}` : '',
    );
};
const WHOLE = [
  'adapter_model.safetensors',
  'rng_state_0.pth',
  'rng_state_1.pth',
  'trainer_state.json',
];
const last = (run: string) => lastCheckpoint(exampleManifest(folder), `${folder}/${run}`);

describe('the last checkpoint', () => {
  it('is the highest that is whole', () => {
    save('a', 2, WHOLE);
    save('a', 10, WHOLE);
    expect(last('a')).toEqual({ step: 10, path: 'checkpoints/checkpoint-10' });
  });

  it.each(WHOLE)('is not one without %s', (missing) => {
    const run = `without-${missing}`;
    save(run, 2, WHOLE);
    save(
      run,
      4,
      WHOLE.filter((file) => file !== missing),
    );
    expect(last(run)?.step).toBe(2);
  });

  it('is not one whose state is cut off, or of another step', () => {
    save('torn', 4, WHOLE);
    write('torn/checkpoints/checkpoint-4/trainer_state.json', '{"global_st');
    expect(last('torn')).toBeUndefined();
    write('torn/checkpoints/checkpoint-4/trainer_state.json', '{"global_step":3}');
    expect(last('torn')).toBeUndefined();
  });

  it('needs no random state of other processes where there is one', () => {
    save('alone', 4, ['model-00001-of-00002.safetensors', 'trainer_state.json']);
    const manifest = exampleManifest(folder);
    const alone = { ...manifest, cluster: { ...manifest.cluster, processesPerNode: 1 } };
    expect(lastCheckpoint(alone, `${folder}/alone`)?.step).toBe(4);
    expect(last('alone')).toBeUndefined();
  });

  it('of ms-swift lies a folder deeper', () => {
    for (const file of WHOLE)
      write(`deep/checkpoints/v1-20260101-1/checkpoint-4/${file}`, '{"global_step":4}');
    write('deep/checkpoints/v0-20260101-0/logging.jsonl', '');
    expect(last('deep')).toEqual({
      step: 4,
      path: 'checkpoints/v1-20260101-1/checkpoint-4',
    });
  });

  it('of verl is named in its file', () => {
    const manifest = exampleManifest(folder, {
      checkpoints: { folder: 'checkpoints', latest: 'latest_checkpointed_iteration.txt' },
    });
    expect(lastCheckpoint(manifest, `${folder}/verl`)).toBeUndefined();
    write('verl/checkpoints/latest_checkpointed_iteration.txt', '50');
    expect(lastCheckpoint(manifest, `${folder}/verl`)).toEqual({
      step: 50,
      path: 'checkpoints/global_step_50',
    });
    write('verl/checkpoints/latest_checkpointed_iteration.txt', '');
    expect(lastCheckpoint(manifest, `${folder}/verl`)).toBeUndefined();
  });
});
