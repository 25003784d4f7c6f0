import { describe, expect, it } from 'vitest';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { nextSteps } from './next-steps.ts';
import { trainedModel } from './trained-model.ts';

const { folder, write } = temporaryFolder();
write('base/config.json', '{}');
const lora = exampleManifest(folder, {
  model: { path: `${folder}/base`, preset: null, adaptation: 'lora', maxPixels: 501_760 },
});
const full = { ...lora, model: { ...lora.model, adaptation: 'full' as const } };
const verl = {
  ...lora,
  engine: { name: 'verl', version: '0.9.0' },
  checkpoints: { folder: 'checkpoints', latest: 'latest_checkpointed_iteration.txt' },
} as const;
const checkpoint = { step: 4, path: 'checkpoints/checkpoint-4' };

describe('what a run of TRL or ms-swift trained', () => {
  it('is an adapter for the base, of a checkpoint or of the end', () => {
    const run = `${folder}/trl`;
    write('trl/checkpoints/checkpoint-4/adapter_model.safetensors', '');
    const base = `${folder}/base`;
    expect(trainedModel({ folder: run, manifest: lora, checkpoint })).toEqual({
      ...{ kind: 'adapter', adapter: `${run}/checkpoints/checkpoint-4`, base },
    });
    expect(() => trainedModel({ folder: run, manifest: lora, checkpoint: undefined })).toThrow(
      /checkpoints holds no adapter/,
    );
    write('trl/checkpoints/adapter_model.safetensors', '');
    expect(trainedModel({ folder: run, manifest: lora, checkpoint: undefined })).toMatchObject({
      adapter: `${run}/checkpoints`,
    });
  });

  it('needs its base here, or another name for it', () => {
    write('hub/checkpoints/adapter_model.safetensors', '');
    const manifest = { ...lora, model: { ...lora.model, path: 'Qwen/Qwen2.5-VL-7B-Instruct' } };
    const options = { folder: `${folder}/hub`, manifest, checkpoint: undefined };
    expect(() => trainedModel(options)).toThrow(
      /Qwen\/Qwen2.5-VL-7B-Instruct is not a model's folder/,
    );
    expect(trainedModel({ ...options, base: `${folder}/base` })).toMatchObject({
      base: `${folder}/base`,
    });
  });

  it('is a whole model where all parameters were trained', () => {
    const run = `${folder}/full`;
    write('full/checkpoints/checkpoint-4/model.safetensors.index.json', '{}');
    expect(trainedModel({ folder: run, manifest: full, checkpoint })).toEqual({
      ...{ kind: 'whole', folder: `${run}/checkpoints/checkpoint-4` },
    });
    expect(() => trainedModel({ folder: run, manifest: full, checkpoint: undefined })).toThrow(
      /holds no model/,
    );
  });
});

describe('what a run of verl trained', () => {
  const saved = { step: 50, path: 'checkpoints/global_step_50' };
  const at = (run: string) =>
    trainedModel({ folder: `${folder}/${run}`, manifest: verl, checkpoint: saved });

  it('are shards until its merger has run, and how to run it is known', () => {
    write('shards/checkpoints/global_step_50/actor/model_world_size_2_rank_0.pt', '');
    const place = `${folder}/shards/checkpoints/global_step_50`;
    expect(at('shards')).toEqual({
      ...{ kind: 'shards', folder: `${place}/actor`, target: `${place}/huggingface` },
      arguments: [
        ...['-m', 'verl.model_merger', 'merge', '--backend', 'fsdp'],
        ...['--local_dir', `${place}/actor`, '--target_dir', `${place}/huggingface`],
      ],
    });
  });

  it('is the adapter beside the untrained base that the merger writes, never that base', () => {
    const place = 'verl/checkpoints/global_step_50/huggingface';
    write(`${place}/model.safetensors`, '');
    expect(() => at('verl')).toThrow(/has no lora_adapter, so it is the base alone/);
    write(`${place}/lora_adapter/adapter_model.safetensors`, '');
    expect(at('verl')).toEqual({
      ...{
        kind: 'adapter',
        adapter: `${folder}/${place}/lora_adapter`,
        base: `${folder}/${place}`,
      },
    });
  });
});

describe('what to do next', () => {
  it('can be pasted', () => {
    expect(nextSteps('/runs/my run/merged', lora)).toEqual({
      serve:
        'vllm serve \'/runs/my run/merged\' --served-model-name tiny --max-model-len 8192 --limit-mm-per-prompt \'{"image":1}\' --mm-processor-kwargs \'{"size":{"shortest_edge":3136,"longest_edge":501760}}\' --generation-config vllm',
      evaluate:
        'geor evaluate --truth TRUTH.csv --photos PHOTOS/ --backend http://127.0.0.1:8000/v1 --model tiny',
    });
  });
});
