/**
 * A backend that reads photographs and says what it is told to, word by word.
 * @module
 */
import type { Asked, AskOptions, Backend, GuardedPicture } from '../../src/locate/index.ts';

/** What came to it. */
export interface TalkingBackend extends Backend {
  /** The bytes of each picture it was shown. */
  readonly shown: Uint8Array[];
}

/** Answers every picture with `texts`, in turn. */
export function talkingBackend(texts: readonly string[]): TalkingBackend {
  const shown: Uint8Array[] = [];
  return {
    name: 'a talking stub',
    identity: 'stub',
    reads: 'photographs',
    isRemote: false,
    promptStyle: 'full',
    shown,
    async ask(picture: GuardedPicture, _, { samples, onText }: AskOptions): Promise<Asked> {
      shown.push(await picture.jpeg());
      const completions = Array.from({ length: samples }, (__, sample) => {
        const text = texts[sample % texts.length]!;
        for (const [end] of [...text.matchAll(/\s|$/g)].map(({ index }) => [index]))
          onText?.(sample, text.slice(0, end));
        return { text, finish: 'stop' };
      });
      return { completions, failures: [] };
    },
    close: async () => undefined,
  };
}
