/**
 * Any server that speaks OpenAI's chat completions with pictures: vLLM, SGLang, llama-server,
 * Ollama, transformers serve, and hosted ones.
 *
 * A request holds the picture as a JPEG without metadata, inside the body, and the question; nothing
 * names a file. Servers differ: some answer once whatever `n` says (then they are asked again for
 * the rest), some refuse fields (then these are left out, see `dialect.ts`).
 * @module
 */
import {
  type Endpoint,
  type EndpointOptions,
  GeorError,
  openEndpoint,
  type RequestFailure,
} from '../../core/index.ts';
import type { Asked, AskFailure, AskOptions, Backend, GuardedPicture, Prompt } from '../backend.ts';
import { base64 } from './base64.ts';
import { completionOf, modelsSchema, type RawChoice } from './chat-answer.ts';
import { Dialect } from './dialect.ts';
import { isLoopback } from './host.ts';
import { readStream, readWhole } from './read-chat.ts';
import { dialectOf, type StructuredDialect, structuredFields } from './structured.ts';

/** How to reach a server. */
export interface OpenAiOptions extends Omit<EndpointOptions, 'model'> {
  /** The model's name there; the only one it serves when left out. */
  readonly model?: string | undefined;
  /** `auto`, the default: where the server is known to offer it. `off`: never. */
  readonly structured?: 'auto' | 'off';
}

/** How long a vision model may take for an answer, milliseconds. */
const TIMEOUT_MS = 120_000;

/** Statuses with which servers refuse what they do not understand. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422]);

/**
 * Connects to a server: finds the model it serves.
 *
 * @throws GeorError `backend` when nobody answers, `usage` when the model has to be named
 */
export async function openAiBackend(options: OpenAiOptions): Promise<Backend> {
  const { model: wanted, structured = 'auto', ...reach } = options;
  const settings = { timeoutMs: TIMEOUT_MS, ...reach, baseUrl: await baseOf(reach) };
  // a server that is not there is told at once
  const served = await findModel(openEndpoint({ ...settings, retries: 0, model: '' }), wanted);
  const endpoint = openEndpoint({ ...settings, model: served.id });
  const { host, hostname } = new URL(endpoint.base);
  const form = structured === 'auto' ? dialectOf(served.ownedBy) : undefined;
  const server = new ChatServer(endpoint, form);
  return {
    name: `${served.id} at ${host}`,
    identity: endpoint.name,
    reads: 'photographs',
    host,
    isRemote: !isLoopback(hostname),
    promptStyle: 'full',
    ask: (picture, prompt, asking) => server.ask(picture, prompt, asking),
    close: async () => undefined,
  };
}

/** The address with `/v1` where it was left out, unless nothing is there. */
async function baseOf(reach: Omit<EndpointOptions, 'model'>): Promise<string> {
  if (!URL.canParse(reach.baseUrl) || new URL(reach.baseUrl).pathname !== '/') return reach.baseUrl;
  const below = `${reach.baseUrl.replace(/\/+$/, '')}/v1`;
  const probe = openEndpoint({ ...reach, baseUrl: below, retries: 0, model: '' });
  const { status } = await probe.get('models', modelsSchema);
  return status === 404 ? reach.baseUrl : below;
}

interface ServedModel {
  readonly id: string;
  readonly ownedBy?: string;
}

async function findModel(endpoint: Endpoint, wanted: string | undefined): Promise<ServedModel> {
  const listed = await endpoint.get('models', modelsSchema);
  if (listed.failure !== undefined) {
    if (wanted !== undefined && listed.fault !== 'unreachable') return { id: wanted };
    throw new GeorError('backend', `no backend answered: ${listed.failure}`, {
      hint: hintFor(listed, endpoint.base),
    });
  }
  const { data } = listed.value;
  const found = wanted === undefined ? data[0] : data.find(({ id }) => id === wanted);
  if (wanted === undefined && (data.length !== 1 || !found))
    throw new GeorError('usage', `${endpoint.base} serves ${data.length} models`, {
      hint:
        data.length === 0
          ? 'name the model with --model'
          : `name one with --model: ${data.map(({ id }) => id).join(', ')}`,
    });
  const ownedBy = (found ?? data[0])?.owned_by;
  return { id: wanted ?? found!.id, ...(ownedBy && { ownedBy }) };
}

/** What to do about a server that does not answer as one. */
function hintFor({ fault }: RequestFailure, base: string): string {
  if (fault === 'unreachable' || fault === 'timeout')
    return 'start one, e.g. "vllm serve MODEL" or "llama-server -m MODEL --mmproj FILE"; see geor doctor';
  return `give the base address of the API, which mostly ends in /v1, not ${base}, or --model NAME`;
}

/** Asks one server, and remembers what it understands. */
class ChatServer {
  readonly #endpoint: Endpoint;
  readonly #form: StructuredDialect | undefined;
  readonly #dialect = new Dialect();

  constructor(endpoint: Endpoint, form: StructuredDialect | undefined) {
    this.#endpoint = endpoint;
    this.#form = form;
  }

  async ask(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked> {
    const image = `data:image/jpeg;base64,${base64(await picture.jpeg())}`;
    const request = { image, prompt, options };
    const choices: RawChoice[] = [];
    const failures: AskFailure[] = [];
    if (options.samples > 1 && this.#dialect.takesN) {
      const first = await this.#call(request, options.samples, 0);
      if (first.failure !== undefined) failures.push(...this.#failed(first, options.samples));
      else choices.push(...first.value.slice(0, options.samples));
      // fewer than asked for: the server takes no notice of n
      if (choices.length > 0 && choices.length < options.samples) this.#dialect.omit('n');
    }
    const missing = failures.length > 0 ? 0 : options.samples - choices.length;
    const rest = await Promise.all(
      Array.from({ length: missing }, (_, i) =>
        this.#call(request, 1, options.samples - missing + i),
      ),
    );
    for (const outcome of rest)
      if (outcome.failure !== undefined) failures.push(...this.#failed(outcome, 1));
      else choices.push(...outcome.value.slice(0, 1));
    const notes = [...this.#dialect.notes, ...samenessOf(choices, options)];
    return {
      completions: choices.map((choice) => completionOf(choice, prompt.contract)),
      failures,
      ...(notes.length > 0 && { notes }),
    };
  }

  #failed(failed: RequestFailure, samples: number): AskFailure[] {
    const isBackendLost = failed.fault === 'unreachable';
    const failure = { reason: failed.failure, ...(isBackendLost && { isBackendLost }) };
    return Array.from({ length: samples }, () => failure);
  }

  /** One request for `n` answers, the first of which is sample `from`. */
  async #call(
    { image, prompt, options }: { image: string; prompt: Prompt; options: AskOptions },
    n: number,
    from: number,
  ) {
    const { signal, onText } = options;
    for (;;) {
      const wanted = {
        model: this.#endpoint.model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: image } },
              { type: 'text', text: prompt.text },
            ],
          },
        ],
        temperature: options.temperature,
        max_tokens: options.maxTokens,
        seed: (options.seed + from) % 2 ** 31,
        logprobs: true,
        ...(options.topP !== undefined && options.topP < 1 && { top_p: options.topP }),
        ...(n > 1 && { n }),
        ...(onText && { stream: true }),
        ...structuredFields(this.#form, prompt),
      };
      const body = this.#dialect.adapted(wanted);
      // reads whole answers as well, for servers that do not stream
      const read = onText ? readStream((choice, text) => onText(from + choice, text)) : readWhole;
      const outcome = await this.#endpoint.postReading('chat/completions', body, read, { signal });
      const isRefused = outcome.failure !== undefined && REFUSALS.has(outcome.status ?? 0);
      if (!isRefused || !this.#dialect.learn(body, outcome.said ?? '')) return outcome;
    }
  }
}

/** A server that ignores the temperature gives one answer many times. */
function samenessOf(choices: readonly RawChoice[], { temperature }: AskOptions): string[] {
  const isSame =
    choices.length > 1 && choices.every(({ content }) => content === choices[0]!.content);
  return isSame && temperature > 0
    ? [`all ${choices.length} answers are the same: the server may ignore the temperature`]
    : [];
}
