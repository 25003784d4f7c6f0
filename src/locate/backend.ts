/**
 * What answers questions about pictures: a server, a model in this process, or one in a browser.
 *
 * A backend is given pixels and a question, never a file, a name or a place. It says of itself what
 * leaves the machine and what kind of pictures it was trained on, so that a caller can explain before
 * anything is sent.
 * @module
 */
import type { AnswerContract, PromptCondition, PromptStyle } from '../chain/index.ts';
import type { CarriedMetadata, Picture } from '../data/index.ts';

/** A picture that is nothing but pixels. Either form is made when it is asked for. */
export interface GuardedPicture {
  /** Made from the pixels: the only name it goes by. */
  readonly contentId: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** What its file held besides, by kind; absent where there was no file. */
  readonly carried?: CarriedMetadata;
  /** A JPEG without metadata. */
  jpeg(): Promise<Uint8Array>;
  /** Eight-bit RGB. */
  pixels(): Promise<Picture>;
}

/** The question that goes with a picture. */
export interface Prompt {
  readonly text: string;
  readonly contract: AnswerContract;
  readonly condition: PromptCondition;
}

/** How to sample answers. */
export interface AskOptions {
  /** Answers wanted, 1 or more. */
  readonly samples: number;
  /** 0 takes the most probable tokens. */
  readonly temperature: number;
  /** Tokens of an answer at most. */
  readonly maxTokens: number;
  /** Equal seeds give equal answers where the backend can. */
  readonly seed: number;
  /** Smallest set of tokens whose probability is at least this; 1 for all. */
  readonly topP?: number;
  /** Gives up; what was answered until then comes back. */
  readonly signal?: AbortSignal | undefined;
  /** Told of an answer as it grows, where the backend can; else once, when it is whole. */
  readonly onText?: ((sample: number, textSoFar: string) => void) | undefined;
}

/** One answer. */
export interface Completion {
  readonly text: string;
  /** `stop`: it came to its end. `length`: the token limit cut it. Else what the server said. */
  readonly finish: string;
  /** Tokens of the answer, where known. */
  readonly tokens?: number;
  /** Natural logarithm of the answer's probability, where known. */
  readonly logProbability?: number;
}

/** What came of a question: answers, and for those that did not come the reasons. */
export interface Asked {
  readonly completions: readonly Completion[];
  readonly failures: readonly AskFailure[];
  /** What the asker should know about how it was asked, e.g. a setting the server ignores. */
  readonly notes?: readonly string[];
}

/** Why an answer did not come. */
export interface AskFailure {
  readonly reason: string;
  /** Whether the backend as a whole is out of reach, so that asking on is of no use. */
  readonly isBackendLost?: boolean;
}

/** Something that answers. */
export interface Backend {
  /** The model and where it runs, for people: `qwen2.5-vl-7b at 127.0.0.1:8000`. */
  readonly name: string;
  /**
   * What its answers depend on besides picture, question and options: the model's name at its
   * server, or a hash of its weights. Calibrations and resumed runs hold for one identity.
   */
  readonly identity: string;
  /** What it was trained to see. */
  readonly reads: 'photographs' | 'satellite-tiles';
  /** Host and port that pictures are sent to; absent when nothing leaves the process. */
  readonly host?: string;
  /** Whether that host is another machine. */
  readonly isRemote: boolean;
  /** `full` questions for general models, `short` for those trained on them. */
  readonly promptStyle: PromptStyle;
  /** How tiles are to be cut for it, where it reads them. */
  readonly tile?: { readonly spanDegrees: number; readonly sizePx: number };
  /** Asks about one picture. Never throws for what the other side does. */
  ask(picture: GuardedPicture, prompt: Prompt, options: AskOptions): Promise<Asked>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
