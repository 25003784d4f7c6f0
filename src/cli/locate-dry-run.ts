/**
 * What a run would ask, and what would leave the machine. Nothing is asked.
 * @module
 */
import { type PictureItem, promptFor } from '../locate/index.ts';

/** What an estimate is made for. */
export interface DryRunOptions {
  readonly samples: number;
  readonly maxTokens: number;
  readonly contract: Parameters<typeof promptFor>[0]['contract'];
  readonly condition: Parameters<typeof promptFor>[0]['condition'];
  readonly promptStyle: 'full' | 'short';
  /** Host that pictures go to, and whether it is another machine; absent: none. */
  readonly host?: string | undefined;
  readonly isRemote: boolean;
  readonly priceIn?: number | undefined;
  readonly priceOut?: number | undefined;
}

/** An estimate. */
export interface DryRun {
  readonly pictures: number;
  /** Files that cannot be read as pictures. */
  readonly unusable: readonly { readonly id: string; readonly reason: string }[];
  readonly answers: number;
  /** Requests, if the server gives several answers at once, and if it does not. */
  readonly requests: { readonly least: number; readonly most: number };
  /** About: 28 x 28 pixels a token, four characters a token. */
  readonly tokensRead: number;
  /** At most. */
  readonly tokensWritten: number;
  /** Where bytes go; `null` when they stay in this process. */
  readonly host: string | null;
  /** Of request bodies, with one request a picture. */
  readonly bytesSent: number;
  /** Of those, bytes that leave this machine. */
  readonly bytesLeaving: number;
  /** At most, in the currency of the prices; `null` without prices. */
  readonly price: number | null;
}

const BODY_BYTES = 400; // names, options and quotes around picture and question

/** Looks at the pictures and adds up. */
export async function dryRun(
  items: AsyncIterable<PictureItem>,
  limit: number,
  options: DryRunOptions,
): Promise<DryRun> {
  const { samples, maxTokens, host, isRemote, priceIn, priceOut } = options;
  const { text } = promptFor(options, options);
  const unusable: { id: string; reason: string }[] = [];
  let [pictures, bytes, tokensRead] = [0, 0, 0];
  for await (const { id, open } of items) {
    if (pictures + unusable.length >= limit) break;
    try {
      const picture = await open();
      pictures++;
      bytes += Math.ceil((await picture.jpeg()).length / 3) * 4 + text.length + BODY_BYTES;
      tokensRead += Math.ceil((picture.width * picture.height) / 784) + Math.ceil(text.length / 4);
    } catch (error) {
      unusable.push({ id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const answers = pictures * samples;
  const tokensWritten = answers * maxTokens;
  const bytesSent = host === undefined ? 0 : bytes;
  return {
    ...{ pictures, unusable, answers, tokensRead, tokensWritten },
    requests: { least: host === undefined ? 0 : pictures, most: host === undefined ? 0 : answers },
    host: host ?? null,
    bytesSent,
    bytesLeaving: isRemote ? bytesSent : 0,
    price:
      priceIn === undefined && priceOut === undefined
        ? null
        : (tokensRead * (priceIn ?? 0) + tokensWritten * (priceOut ?? 0)) / 1e6,
  };
}

const count = (value: number): string =>
  Math.round(value).toLocaleString('en').replaceAll(',', ' ');

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The estimate in lines. */
export function dryRunText(run: DryRun): string {
  const line = (label: string, text: string): string => `${label.padEnd(10)}${text}\n`;
  const { requests, host } = run;
  const leaves = run.bytesLeaving > 0;
  return [
    line('Pictures', count(run.pictures)),
    ...run.unusable.map(({ id, reason }) => line('', `${id}: ${reason}`)),
    line('Answers', count(run.answers)),
    host === null
      ? line('Requests', 'none: the model runs in this process')
      : line('Requests', `${count(requests.least)} to ${count(requests.most)}, to ${host}`),
    line(
      'Tokens',
      `about ${count(run.tokensRead)} read, at most ${count(run.tokensWritten)} written`,
    ),
    line(
      'Sent',
      leaves
        ? `${size(run.bytesLeaving)} would leave this machine, for ${host}`
        : `nothing leaves this machine${host === null ? '' : ` (${size(run.bytesSent)} to ${host})`}`,
    ),
    run.price === null ? '' : line('Price', `at most ${run.price.toFixed(4)}`),
  ].join('');
}
