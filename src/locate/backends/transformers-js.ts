/**
 * A vision-language model of ONNX graphs as a backend, by Transformers.js
 * (`@huggingface/transformers`), an optional package that is loaded when such a model is opened.
 * Nothing leaves the process, and nothing is fetched.
 *
 * Samples are drawn one after the other, pictures wait for each other, and a text is told when it is
 * whole. The package gives no probabilities and, as of 4.3.1, leaves top-p aside.
 *
 * Not run so far: the trained graphs of a real model. Run by hand, with 4.3.1 on a processor: toy graphs
 * behind a Qwen2.5-VL configuration, tokenizer and image processor. The tests use a stand-in for the
 * package, made after its source.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type {
  Asked,
  AskFailure,
  AskOptions,
  Backend,
  Completion,
  GuardedPicture,
  Prompt,
} from '../backend.ts';

const PACKAGE: string = '@huggingface/transformers';

/** The graphs of a vision-language model. */
export const ONNX_GRAPHS = ['embed_tokens', 'vision_encoder', 'decoder_model_merged'] as const;

/** What is known of a model besides its files. */
export interface TransformersJsOptions {
  /** For people. */
  readonly name: string;
  /** Hash of the graphs. */
  readonly identity: string;
  /** Number type of each graph, by which its file is found: `fp32`, `fp16`, `q4` and so on. */
  readonly dtype: Readonly<Record<(typeof ONNX_GRAPHS)[number], string>>;
  /** Where it runs: `cpu`, the default, or what else the package has, e.g. `cuda` or `webgpu`. */
  readonly device?: string;
  readonly threads?: number;
  /** Larger pictures are scaled down to this, and to what the folder says. */
  readonly maxPixels?: number;
  /** For folders whose `tokenizer_config.json` has none, which is all that the package reads. */
  readonly chatTemplate?: string;
  /** Loads the package; default: `import('@huggingface/transformers')`. */
  readonly load?: () => Promise<unknown>;
}

/** What is used of the package; checked by {@link librarySchema}. */
interface Library {
  readonly env: Record<string, unknown>;
  readonly AutoProcessor: Pretrained<Processor>;
  readonly AutoModelForImageTextToText: Pretrained<OnnxModel>;
  readonly RawImage: new (data: Uint8Array, width: number, height: number, channels: 3) => unknown;
  readonly InterruptableStoppingCriteria: new () => { interrupt(): void };
  readonly random: { seed(seed: number): void };
}

interface Pretrained<T> {
  from_pretrained(folder: string, options: Readonly<Record<string, unknown>>): Promise<T>;
}

interface Processor {
  (text: string, image: unknown): Promise<Readonly<Record<string, unknown>>>;
  readonly image_processor?: { max_pixels?: number };
  apply_chat_template(messages: unknown, options: unknown): unknown;
  batch_decode(tokens: readonly bigint[][], options: unknown): unknown;
}

interface OnnxModel {
  generate(inputs: Readonly<Record<string, unknown>>): Promise<unknown>;
  dispose(): Promise<unknown>;
}

const part = (value: unknown, name: string): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? Reflect.get(value, name)
    : undefined;
const canCall = (value: unknown, name: string): boolean => typeof part(value, name) === 'function';

const librarySchema = z.custom<Library>(
  (value) =>
    typeof part(value, 'env') === 'object' &&
    canCall(value, 'RawImage') &&
    canCall(value, 'InterruptableStoppingCriteria') &&
    canCall(part(value, 'AutoProcessor'), 'from_pretrained') &&
    canCall(part(value, 'AutoModelForImageTextToText'), 'from_pretrained') &&
    canCall(part(value, 'random'), 'seed'),
  'not the package that was expected',
);
const promptTokensSchema = z.object({ dims: z.tuple([z.literal(1), z.number().int()]) });
const sequenceSchema = z.tuple([z.array(z.bigint())]);
const tensorSchema = z.custom<{ tolist(): unknown }>((value) => canCall(value, 'tolist'));

/**
 * Opens a model.
 *
 * @param folder - absolute: a path below `env.localModelPath` could not hold every name
 * @throws GeorError `backend` when the package or the model cannot be loaded
 */
export async function transformersJsBackend(
  folder: string,
  options: TransformersJsOptions,
): Promise<Backend> {
  const { name, identity } = options;
  const library = await loadLibrary(options.load ?? (() => import(PACKAGE)));
  const asker = await loadModel(library, folder, options);
  return {
    ...{ name, identity },
    reads: 'photographs',
    isRemote: false,
    promptStyle: 'full',
    ask: (picture, prompt, asking) => asker.ask(picture, prompt, asking),
    close: () => asker.close(),
  };
}

async function loadLibrary(load: () => Promise<unknown>): Promise<Library> {
  try {
    return librarySchema.parse(await load());
  } catch (cause) {
    throw new GeorError(
      'backend',
      `${PACKAGE} cannot be loaded, which runs folders of ONNX graphs`,
      {
        hint: `npm install ${PACKAGE}@4, or serve the model and give the server's address`,
        cause,
      },
    );
  }
}

async function loadModel(
  library: Library,
  folder: string,
  options: TransformersJsOptions,
): Promise<OnnxAsker> {
  const { device = 'cpu', dtype, threads, maxPixels } = options;
  library.env['allowRemoteModels'] = false;
  const local = { local_files_only: true };
  try {
    const processor = await library.AutoProcessor.from_pretrained(folder, local);
    const limits = processor.image_processor;
    if (maxPixels !== undefined && limits)
      limits.max_pixels = Math.min(maxPixels, limits.max_pixels ?? maxPixels);
    const model = await library.AutoModelForImageTextToText.from_pretrained(folder, {
      ...local,
      ...{ device, dtype },
      ...(threads !== undefined && { session_options: { intraOpNumThreads: threads } }),
    });
    return new OnnxAsker(library, processor, model, options.chatTemplate);
  } catch (cause) {
    throw new GeorError('backend', `${folder} cannot be loaded: ${messageOf(cause)}`, {
      hint: `${PACKAGE} 4 runs Qwen-VL and SmolVLM as converted for it; others by a server's address`,
      cause,
    });
  }
}

class OnnxAsker {
  readonly #library: Library;
  readonly #processor: Processor;
  readonly #model: OnnxModel;
  readonly #chatTemplate: string | undefined;
  /** The package has one random generator: pictures at once would take each other's numbers. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(library: Library, processor: Processor, model: OnnxModel, chatTemplate?: string) {
    this.#library = library;
    this.#processor = processor;
    this.#model = model;
    this.#chatTemplate = chatTemplate;
  }

  ask(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked> {
    const asked = this.#turn.then(() => this.#answers(picture, prompt, options));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #answers(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked> {
    const { width, height, data } = await picture.pixels();
    const completions: Completion[] = [];
    const failures: AskFailure[] = [];
    let inputs: Promise<Readonly<Record<string, unknown>>> | undefined;
    for (let sample = 0; sample < options.samples; sample++)
      try {
        options.signal?.throwIfAborted();
        inputs ??= this.#inputs(new this.#library.RawImage(data, width, height, 3), prompt.text);
        const completion = await this.#sample(await inputs, sample, options);
        options.onText?.(sample, completion.text);
        completions.push(completion);
      } catch (error) {
        const reason = options.signal?.aborted
          ? 'cancelled'
          : `the model failed: ${messageOf(error)}`;
        failures.push({ reason });
      }
    const isCut = options.topP !== undefined && options.topP < 1 && options.temperature > 0;
    const notes = isCut ? ['Transformers.js has no top-p: all tokens were sampled from'] : [];
    return { completions, failures, ...(notes.length > 0 && { notes }) };
  }

  #inputs(image: unknown, text: string): Promise<Readonly<Record<string, unknown>>> {
    const content = [{ type: 'image' }, { type: 'text', text }];
    const chat = this.#processor.apply_chat_template([{ role: 'user', content }], {
      add_generation_prompt: true,
      ...(this.#chatTemplate !== undefined && { chat_template: this.#chatTemplate }),
    });
    return this.#processor(z.string().parse(chat), image);
  }

  async #sample(
    inputs: Readonly<Record<string, unknown>>,
    sample: number,
    { temperature, maxTokens, seed, signal }: AskOptions,
  ): Promise<Completion> {
    const { dims } = promptTokensSchema.parse(inputs['input_ids']);
    const stopping = new this.#library.InterruptableStoppingCriteria();
    const interrupt = () => stopping.interrupt();
    signal?.addEventListener('abort', interrupt);
    this.#library.random.seed((seed + sample) % 2 ** 31);
    try {
      const output = await this.#model.generate({
        ...inputs,
        max_new_tokens: maxTokens,
        // generation_config.json has its own: Qwen2.5-VL samples from one token and penalises others
        ...{ top_k: 0, repetition_penalty: 1, do_sample: temperature > 0 },
        ...(temperature > 0 && { temperature }),
        stopping_criteria: stopping,
      });
      signal?.throwIfAborted();
      const [sequence] = sequenceSchema.parse(tensorSchema.parse(output).tolist());
      const answer = sequence.slice(dims[1]);
      const decoded = this.#processor.batch_decode([answer], { skip_special_tokens: true });
      const [text] = z.tuple([z.string()]).parse(decoded);
      const tokens = answer.length;
      // an end that is the very last token allowed counts as cut
      return { text, finish: tokens < maxTokens ? 'stop' : 'length', tokens };
    } finally {
      signal?.removeEventListener('abort', interrupt);
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#model.dispose();
  }
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
