/**
 * A model of geor's own engine as a backend: nothing leaves the process.
 *
 * Works wherever the engine does; in a browser with the same model and seed it gives the same
 * answers.
 * @module
 */
import { invariant, random } from '../../core/index.ts';
import type { Generator, Model } from '../../model/index.ts';
import type { Asked, AskOptions, Backend, Completion, GuardedPicture, Prompt } from '../backend.ts';

/** How the quick start cuts tiles; see `recipes/quickstart.yaml`. */
export const QUICKSTART_TILE = { spanDegrees: 12, sizePx: 56 } as const;

/** What is known of a model besides its weights. */
export interface EmbeddedOptions {
  /** For people. */
  readonly name: string;
  /** Hash of the weights. */
  readonly identity: string;
  /** The tiles it was trained on; those of the quick start by default. */
  readonly tile?: { readonly spanDegrees: number; readonly sizePx: number };
  readonly threads?: number;
}

/** Makes the backend. Graphs are compiled when the first picture comes. */
export function embeddedBackend(model: Model, options: EmbeddedOptions): Backend {
  const { name, identity, tile = QUICKSTART_TILE } = options;
  const asker = new EmbeddedAsker(model, tile.sizePx, options.threads);
  return {
    ...{ name, identity, tile },
    reads: 'satellite-tiles',
    isRemote: false,
    promptStyle: 'short',
    ask: (picture, prompt, asking) => asker.ask(picture, prompt, asking),
    close: () => asker.close(),
  };
}

class EmbeddedAsker {
  readonly #model: Model;
  readonly #sizePx: number;
  readonly #threads: number | undefined;
  #generator: Promise<Generator> | undefined;

  constructor(model: Model, sizePx: number, threads: number | undefined) {
    this.#model = model;
    this.#sizePx = sizePx;
    this.#threads = threads;
  }

  async ask(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked> {
    const { ImageProcessor, bannedTokens, promptTokens } = await import('../../model/index.ts');
    const { config, tokenizer } = this.#model;
    const { width, height, data } = await picture.pixels();
    invariant(
      width === this.#sizePx && height === this.#sizePx,
      `a tile of ${width} x ${height} pixels, not ${this.#sizePx}`,
    );
    const processor = new ImageProcessor(config.vision_config, { width, height });
    const pixels = new Float32Array(processor.size);
    processor.write(data, pixels, 0);
    const tokens = promptTokens(tokenizer, prompt.text, { config, grid: processor.grid });
    const generator = await this.#generatorOnce();
    const { samples, temperature, topP, maxTokens, seed, signal, onText } = options;
    if (signal?.aborted) return { completions: [], failures: failuresOf(samples, 'cancelled') };
    const batch = {
      prompts: [{ tokens, images: [0] }],
      images: { grids: [processor.grid], pixels },
    };
    const generated = await generator.generate(batch, {
      ...{ samples, temperature, maxTokens, banned: bannedTokens(tokenizer) },
      ...(topP !== undefined && topP < 1 && { topP }),
      randomOf: (_, sample) => random(seed, 'answer', sample),
    });
    const completions = generated.map(
      ({ tokens: answer, logProbabilities, ended }): Completion => ({
        text: tokenizer.decode(answer, { skipSpecialTokens: true }),
        finish: ended ? 'stop' : 'length',
        tokens: answer.length,
        logProbability: logProbabilities.reduce((sum, value) => sum + value, 0),
      }),
    );
    for (const [sample, { text }] of completions.entries()) onText?.(sample, text);
    return { completions, failures: [] };
  }

  async #generatorOnce(): Promise<Generator> {
    const { Generator } = await import('../../model/index.ts');
    const { config, parameters } = this.#model;
    const threads = this.#threads === undefined ? {} : { threads: this.#threads };
    this.#generator ??= Generator.create(config, parameters, threads);
    return this.#generator;
  }

  async close(): Promise<void> {
    const made = await this.#generator;
    this.#generator = undefined;
    await made?.release();
  }
}

const failuresOf = (samples: number, reason: string) =>
  Array.from({ length: samples }, () => ({ reason }));
