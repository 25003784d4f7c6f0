/**
 * The names that parameters have had in Qwen2.5-VL checkpoints.
 *
 * Published checkpoints, and whatever transformers saves: `visual.…`, `model.layers.…`,
 * `lm_head.weight`. Inside transformers since 4.52, and in files of engines that save their modules
 * as they stand: `model.visual.…`, `model.language_model.layers.…`, `lm_head.weight`.
 * @module
 */

/** Computed at load by transformers; old files hold them. */
const BUFFERS = /(^|\.)rotary_emb\.inv_freq$/;

/**
 * The published name of a parameter, whichever layout it is written in; undefined for a tensor that
 * is no parameter.
 */
export function checkpointName(name: string): string | undefined {
  if (BUFFERS.test(name)) return undefined;
  if (name.startsWith('model.visual.')) return name.slice('model.'.length);
  if (name.startsWith('model.language_model.'))
    return `model.${name.slice('model.language_model.'.length)}`;
  return name;
}

/** The name that the module has inside transformers since 4.52: what PEFT calls it. */
export function moduleName(name: string): string {
  if (name.startsWith('visual.')) return `model.${name}`;
  if (name.startsWith('model.')) return `model.language_model.${name.slice('model.'.length)}`;
  return name;
}
