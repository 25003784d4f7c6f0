/**
 * The layouts in which Hugging Face has written a Qwen2.5-VL `config.json`, brought into one.
 *
 * The published checkpoints are flat: the language model's fields lie beside `vision_config`.
 * transformers 4.52 and later nest them in `text_config`, and version 5 calls the rotary settings
 * `rope_parameters`. geor keeps and writes the flat form, which all of them read.
 * @module
 */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is about the file that a configuration came from, not about the model. */
const ABOUT_THE_FILE = new Set(['transformers_version', 'dtype', 'torch_dtype', '_name_or_path']);

const without = (json: Json, names: ReadonlySet<string>): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.has(name)));

/**
 * The flat form of a configuration. What is no object, or of another layout, comes back as it is:
 * the check of its fields says what is wrong.
 */
export function flatConfig(json: unknown): unknown {
  if (!isObject(json)) return json;
  const { text_config: text, ...outer } = without(json, ABOUT_THE_FILE);
  let flat: Record<string, unknown> = { ...outer };
  if (isObject(text)) {
    // transformers 5 ties by the outer field, 4 by either
    const tied = outer['tie_word_embeddings'] === true || text['tie_word_embeddings'] === true;
    const inner = without(text, new Set([...ABOUT_THE_FILE, 'model_type', 'architectures']));
    flat = { ...inner, ...outer, tie_word_embeddings: tied };
  }
  const { rope_parameters: rope, ...rest } = flat;
  if (!isObject(rope)) return dropNulls(flat);
  const { rope_theta, mrope_section } = rope;
  return dropNulls({
    ...rest,
    ...(rope_theta !== undefined && { rope_theta }),
    rope_scaling: { type: ropeType(rope), mrope_section },
  });
}

/** Version 5 says `default` where version 4 said `mrope`; anything else is another rotary. */
const ropeType = ({ rope_type: type = 'default', mrope_section }: Json): unknown =>
  type === 'default' && mrope_section !== undefined ? 'mrope' : type;

/** In JSON `null` stands for what is not there. */
const dropNulls = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
