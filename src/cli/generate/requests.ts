/**
 * Rows of `geor generate`: what is asked, and which photographs it shows.
 *
 * A row is `{ id?, prompt | messages, image | images | photo? }`. `prompt` is a text, or messages as
 * training rows have them; what an assistant says at the end is the answer and is left out. An image
 * is a path, beside the input's file where it is relative. Where it is shown is said by `<image>` in a
 * text or by a part of a message; else images come first.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { readPicture } from '../../data/index.ts';
import type { GuardedPicture } from '../../locate/index.ts';
import { guardedPhoto, openInputs } from '../../locate/node/index.ts';
import type { ChatMessage, ChatPart, RgbImage } from '../../model/index.ts';

/** One thing to ask. */
export interface GenerateItem {
  readonly id: string;
  /** What the row holds besides: goes to the result as it is. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** Text that differs where the request differs, without opening a photograph. */
  readonly key: string;
  /** @throws GeorError when the row cannot be asked */
  open(): Promise<readonly ChatMessage[]>;
}

const image = z.union([z.string().min(1), z.looseObject({ image: z.string().min(1) })]);
const part = z.looseObject({
  type: z.enum(['text', 'image', 'image_url']).optional(),
  text: z.string().optional(),
  image: z.unknown().optional(),
});
const message = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.union([z.string(), z.array(part)]),
});
const rowSchema = z.looseObject({
  id: z.union([z.string().min(1), z.number()]).optional(),
  prompt: z.union([z.string(), z.array(message).min(1)]).optional(),
  messages: z.array(message).min(1).optional(),
  image: image.optional(),
  photo: image.optional(),
  images: z.array(image).optional(),
});
type Row = z.infer<typeof rowSchema>;

/** Reads a photograph's pixels, at most so many. */
export type OpenPhoto = (path: string) => Promise<RgbImage>;

/** Photographs through the guard: pixels and nothing else. */
export const photoOpener =
  (maxPixels: number): OpenPhoto =>
  async (path) => {
    const { bytes, reason } = await readPicture(path).catch((cause: Error) => {
      throw new GeorError('data', `${path} cannot be read: ${cause.message}`, { cause });
    });
    if (!bytes) throw new GeorError('image', `${path} is no usable photograph: ${reason}`);
    return (await guardedPhoto(bytes, { maxPixels })).pixels();
  };

/** The rows of a JSONL file. A line that cannot be read is an item that cannot be opened. */
export async function rowItems(
  path: string,
  question: string | undefined,
  openPhoto: OpenPhoto,
): Promise<GenerateItem[]> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new GeorError('usage', `${path} cannot be read: ${cause.message}`, { cause });
  });
  const items: GenerateItem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    items.push(rowItem(line, `row-${index + 1}`, { folder: dirname(path), question, openPhoto }));
  }
  return items;
}

interface RowContext {
  readonly folder: string;
  readonly question: string | undefined;
  readonly openPhoto: OpenPhoto;
}

function rowItem(line: string, fallbackId: string, context: RowContext): GenerateItem {
  const broken = (reason: string, id = fallbackId): GenerateItem => ({
    id,
    rest: {},
    key: line,
    open: () => Promise.reject(new GeorError('data', reason)),
  });
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return broken(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = rowSchema.safeParse(json);
  if (!parsed.success) {
    const id = rowSchema.pick({ id: true }).safeParse(json).data?.id;
    return broken(z.prettifyError(parsed.error), id === undefined ? fallbackId : String(id));
  }
  const { id, prompt, messages, image, photo, images, ...rest } = parsed.data;
  delete rest['completion'];
  return {
    id: id === undefined ? fallbackId : String(id),
    rest,
    key: JSON.stringify([prompt, messages, image, photo, images, context.question]),
    open: () => conversation(parsed.data, context),
  };
}

async function conversation(row: Row, context: RowContext): Promise<ChatMessage[]> {
  const { prompt = context.question, messages } = row;
  const asked =
    messages ??
    (typeof prompt === 'string' ? [{ role: 'user', content: prompt } as const] : prompt);
  if (!asked)
    throw new GeorError('data', 'the row has neither prompt nor messages', {
      hint: 'give one question for all rows with --prompt',
    });
  const turns = asked.at(-1)!.role === 'assistant' ? asked.slice(0, -1) : asked;
  const named = [row.image, row.photo, ...(row.images ?? [])].filter(
    (entry) => entry !== undefined,
  );
  const paths = named.map((entry) => (typeof entry === 'string' ? entry : entry.image));
  const shown = await Promise.all(
    paths.map((path) => context.openPhoto(resolve(context.folder, path))),
  );
  const waiting = shown.values();
  const next = (): ChatPart => {
    const { value, done } = waiting.next();
    if (done)
      throw new GeorError(
        'data',
        `the messages show more images than the row has (${shown.length})`,
      );
    return { type: 'image', image: value };
  };
  const said = turns.map(({ role, content }): { role: ChatMessage['role']; parts: ChatPart[] } => ({
    role,
    parts:
      typeof content === 'string'
        ? textParts(content, next)
        : content.flatMap((own): ChatPart[] =>
            own.text === undefined || own.type?.startsWith('image')
              ? [next()]
              : textParts(own.text, next),
          ),
  }));
  const rest: ChatPart[] = Array.from(waiting, (own) => ({ type: 'image', image: own }));
  const user = said.find(({ role }) => role === 'user');
  if (rest.length > 0 && rest.length < shown.length)
    throw new GeorError(
      'data',
      `the messages show ${shown.length - rest.length} of the row's ${shown.length} images`,
    );
  if (rest.length > 0 && !user)
    throw new GeorError('data', 'no message of the user can show the images');
  user?.parts.unshift(...rest);
  return said.map(({ role, parts }) => ({ role, content: simplest(parts) }));
}

/** The text around each `<image>`, and the images. */
const textParts = (text: string, next: () => ChatPart): ChatPart[] =>
  text
    .split('<image>')
    .flatMap((piece, i): ChatPart[] => [
      ...(i > 0 ? [next()] : []),
      ...(piece === '' ? [] : [{ type: 'text', text: piece } as const]),
    ]);

/** Templates treat a text and a list of one text alike; assistants' are often written for texts. */
function simplest(parts: readonly ChatPart[]): ChatMessage['content'] {
  const [first, ...more] = parts;
  if (!first) return '';
  return more.length === 0 && first.type === 'text' ? first.text : parts;
}

/** Photographs, folders of them, `-`, or places on the embedded Earth: each with one question. */
export async function pictureItems(
  inputs: readonly string[],
  question: string,
  { maxPixels, tile }: { maxPixels: number; tile: { spanDegrees: number; sizePx: number } },
): Promise<GenerateItem[]> {
  const items: GenerateItem[] = [];
  const options = {
    guard: { maxPixels },
    tile,
    stdin: process.stdin,
    onSkipped: (path: string) => process.stderr.write(`passed over: ${path} is no picture\n`),
  };
  for await (const { id, open } of openInputs(inputs, options)) {
    const ask = async (picture: GuardedPicture): Promise<ChatMessage[]> => [
      {
        role: 'user',
        content: [
          { type: 'image', image: await picture.pixels() },
          { type: 'text', text: question },
        ],
      },
    ];
    items.push({
      id,
      rest: {},
      key: JSON.stringify([id, question]),
      open: async () => ask(await open()),
    });
  }
  return items;
}
