/**
 * A model of geor's own engine as a backend: nothing leaves the process.
 *
 * Works wherever the engine does; in a browser with the same model and seed it gives the same
 * answers.
 * @module
 */
import { regionChains } from '../../chain/index.ts';
import { GeorError } from '../../core/index.ts';
import type { Gazetteer } from '../../geo/index.ts';
import type { Model, Policy, TokenConstraint } from '../../model/index.ts';
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
  /**
   * Keeps Chains of Region of a tile model to places that exist, asked when the first one comes;
   * without it the model may write any name.
   */
  readonly gazetteer?: () => Gazetteer;
}

/** Decimals of the coordinates that the quick start teaches. */
const QUICKSTART_DECIMALS = 1;

/** Makes the backend. Graphs are compiled when the first picture comes. */
export function embeddedBackend(model: Model, options: EmbeddedOptions): Backend {
  const { name, identity } = options;
  const tile = options.tile === undefined ? tileOf(model) : options.tile;
  const asker = new EmbeddedAsker(model, tile ?? undefined, options);
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
  readonly #options: EmbeddedOptions;
  #chains: TokenConstraint | undefined;
  #policy: Promise<Policy> | undefined;

  constructor(model: Model, tile: Backend['tile'], options: EmbeddedOptions) {
    this.#model = model;
    this.#tile = tile;
    this.#options = options;
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
    const constraint = await this.#constraintFor(prompt);
    const content = [
      { type: 'image', image } as const,
      { type: 'text', text: prompt.text } as const,
    ];
    try {
      const [generated = []] = await policy.generate([{ messages: [{ role: 'user', content }] }], {
        ...{ samples, temperature, maxTokens, seed },
        ...(topP !== undefined && topP < 1 && { topP }),
        ...(constraint && { constraint }),
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

  /** The chains that exist, where the prompt asks a tile model for one. */
  async #constraintFor({ contract, condition }: Prompt): Promise<TokenConstraint | undefined> {
    const { gazetteer } = this.#options;
    if (!gazetteer || !this.#tile || contract !== 'geo-r' || condition !== 'cor') return undefined;
    if (!this.#chains) {
      const { constrainTokens } = await import('../../model/index.ts');
      const { tokenizer, config } = this.#model;
      const chains = regionChains(gazetteer(), { decimals: QUICKSTART_DECIMALS });
      this.#chains = constrainTokens(tokenizer, chains, config.eos_token_id);
    }
    return this.#chains;
  }

  #policyOnce(): Promise<Policy> {
    const { threads } = this.#options;
    this.#policy ??= import('../../model/index.ts').then(({ Policy }) =>
      Policy.create(this.#model, threads === undefined ? {} : { threads }),
    );
    return this.#policy;
  }

  async close(): Promise<void> {
    await (await this.#policy)?.release();
    this.#policy = undefined;
  }
}
