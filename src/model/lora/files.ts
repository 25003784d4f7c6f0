/**
 * An adapter as PEFT's files: `adapter_config.json` and `adapter_model.safetensors`.
 *
 * PEFT calls a matrix by the module inside transformers: `base_model.model.` + the module's name +
 * `.lora_A.weight`. Adapters of transformers before 4.52 have the shorter module names; both are read.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { checkpointName, moduleName } from '../checkpoint/parameter-names.ts';
import type { ModelSource } from '../checkpoint/read-model.ts';
import type { ModelConfig } from '../config.ts';
import type { Parameter } from '../parameters.ts';
import { type Adapter, adapterShapes } from './adapter.ts';
import { parseAdapterConfig } from './adapter-config.ts';
import { loraTargets } from './targets.ts';

/** The files of an adapter. */
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

const PREFIX = 'base_model.model.';

/** What PEFT calls a matrix of an adapter. */
export const peftName = (name: string): string => `${PREFIX}${moduleName(name)}`;

/** The matrix that PEFT calls so; undefined for what is no matrix of an adapter. */
export function fromPeftName(name: string): string | undefined {
  if (!name.startsWith(PREFIX) || !/\.lora_[AB]\.weight$/.test(name)) return undefined;
  return checkpointName(name.slice(PREFIX.length));
}

/**
 * Reads an adapter for a model.
 *
 * Layers that the configuration names and the weights leave out stay unchanged when they are in the
 * vision model: verl writes such adapters. Anything else must be there.
 *
 * @throws GeorError `data` or `config` when a file is missing or malformed, or is for another base
 */
export function readAdapter(source: ModelSource, model: ModelConfig): Adapter {
  const text = source.text(ADAPTER_CONFIG);
  const file = source.weights(ADAPTER_WEIGHTS);
  if (text === undefined || !file)
    throw new GeorError(
      'data',
      `${source.name} holds no ${text === undefined ? ADAPTER_CONFIG : ADAPTER_WEIGHTS}`,
      {
        hint: `an adapter's folder has ${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS}`,
      },
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GeorError('data', `${source.name}: ${ADAPTER_CONFIG} is not JSON`, { cause });
  }
  const config = parseAdapterConfig(json);
  const named = new Map<string, string>();
  for (const name of file.entries.keys()) {
    const own = fromPeftName(name);
    if (own === undefined || named.has(own))
      throw new GeorError(
        'data',
        `${source.name}: ${name} is ${own ? 'there twice' : 'no LoRA matrix'}`,
      );
    named.set(own, name);
  }
  const all = loraTargets(model, config);
  const targets = new Map(
    [...all].filter(
      ([layer]) =>
        !layer.startsWith('visual.') ||
        named.has(`${layer}.lora_A.weight`) ||
        named.has(`${layer}.lora_B.weight`),
    ),
  );
  const shapes = adapterShapes(targets);
  const fault = (what: string): GeorError =>
    new GeorError('data', `${source.name}: ${what}`, {
      hint:
        config.baseModel === undefined
          ? 'the adapter is for another model'
          : `the adapter is for ${config.baseModel}`,
    });
  const parameters = new Map<string, Parameter>();
  for (const [name, shape] of shapes) {
    const stored = named.get(name);
    if (stored === undefined) throw fault(`${peftName(name)} is missing`);
    const entry = file.entries.get(stored)!;
    if (entry.shape.join() !== shape.join())
      throw fault(`${stored} is [${entry.shape}], not [${shape}]`);
    parameters.set(name, { shape, data: file.read(stored).data });
    named.delete(name);
  }
  const [unexpected] = named.values();
  if (unexpected !== undefined) throw fault(`${unexpected} is not expected`);
  return { config, targets, parameters };
}
