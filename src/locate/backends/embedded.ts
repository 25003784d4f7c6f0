/**
 * A model of geor's own engine as a backend: nothing leaves the process.
 *
 * Works wherever the engine does; in a browser with the same model and seed it gives the same
 * answers.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { Model, Policy } from '../../model/index.ts';
import type { Asked, AskOptions, Backend, Completion, GuardedPicture, Prompt } from '../backend.ts';

/** How the quick start cuts tiles; see `recipes/quickstart.yaml`. */
export const QUICKSTART_TILE = { spanDegrees: 12, sizePx: 56 } as const;

/** What is known of a model besides its weights. */
export interface EmbeddedOptions {
  /** For people. */
  readonly name: string;
  /** Hash of the weights. */
  readonly identity: string;
  /**
   * The tiles it was trained on; `null` for a model of photographs. By default a model that sees
   * pictures of one size only is one of the quick start's.
   */
  readonly tile?: Backend['tile'] | null;
  readonly threads?: number;
}

/** Makes the backend. Graphs are compiled when the first picture comes. */
export function embeddedBackend(model: Model, options: EmbeddedOptions): Backend {
  const { name, identity } = options;
  const tile = options.tile === undefined ? tileOf(model) : options.tile;
  const asker = new EmbeddedAsker(model, tile ?? undefined, options.threads);
  return {
    ...{ name, identity },
    ...(tile && { tile }),
    reads: tile ? 'satellite-tiles' : 'photographs',
    isRemote: false,
    promptStyle: tile ? 'short' : 'full',
    ask: (picture, prompt, asking) => asker.ask(picture, prompt, asking),
    close: () => asker.close(),
  };
}

/** The tiles of a model that sees one size of picture; `undefined` for one that sees any. */
function tileOf({ preprocessor }: Model): Backend['tile'] {
  if (!preprocessor) return QUICKSTART_TILE;
  if (preprocessor.minPixels !== preprocessor.maxPixels) return undefined;
  return { ...QUICKSTART_TILE, sizePx: Math.round(Math.sqrt(preprocessor.maxPixels)) };
}

class EmbeddedAsker {
  readonly #model: Model;
  readonly #tile: Backend['tile'];
  readonly #threads: number | undefined;
  #policy: Promise<Policy> | undefined;

  constructor(model: Model, tile: Backend['tile'], threads: number | undefined) {
    this.#model = model;
    this.#tile = tile;
    this.#threads = threads;
  }

  async ask(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked> {
    const image = await picture.pixels();
    const { sizePx } = this.#tile ?? {};
    if (sizePx !== undefined && (image.width !== sizePx || image.height !== sizePx))
      throw new GeorError(
        'usage',
        `a picture of ${image.width} x ${image.height} pixels, where the model reads tiles of ${sizePx} x ${sizePx}`,
      );
    const { samples, temperature, topP, maxTokens, seed, signal, onText } = options;
    const policy = await this.#policyOnce();
    const content = [
      { type: 'image', image } as const,
      { type: 'text', text: prompt.text } as const,
    ];
    try {
      const [generated = []] = await policy.generate([{ messages: [{ role: 'user', content }] }], {
        ...{ samples, temperature, maxTokens, seed },
        ...(topP !== undefined && topP < 1 && { topP }),
        ...(signal && { signal }),
        ...(onText && { onToken: ({ sample, text }) => onText(sample, text) }),
      });
      return {
        completions: generated.map(
          ({ text, finish, tokens, logProbabilities }): Completion => ({
            ...{ text, finish, tokens: tokens.length },
            logProbability: logProbabilities.reduce((sum, value) => sum + value, 0),
          }),
        ),
        failures: [],
      };
    } catch (error) {
      if (!signal?.aborted) throw error;
      const failures = Array.from({ length: samples }, () => ({ reason: 'cancelled' }));
      return { completions: [], failures };
    }
  }

  #policyOnce(): Promise<Policy> {
    this.#policy ??= import('../../model/index.ts').then(({ Policy }) =>
      Policy.create(this.#model, this.#threads === undefined ? {} : { threads: this.#threads }),
    );
    return this.#policy;
  }

  async close(): Promise<void> {
    await (await this.#policy)?.release();
    this.#policy = undefined;
  }
}
