/**
 * An embedder behind `POST /embeddings`.
 *
 * Texts go in requests of up to {@link TEXTS_PER_REQUEST}. A request that the server refuses as bad
 * is split in two and sent again, down to the text at fault, so that one text cannot fail the rest.
 * @module
 */

import { z } from 'zod';
import type { Outcome } from '../../core/index.ts';
import { type EndpointOptions, openEndpoint } from '../../core/index.ts';
import type { Embedder } from './model.ts';

/** Texts sent at once. */
export const TEXTS_PER_REQUEST = 64;

/** Statuses that can be one text's fault: bad request, too large, unprocessable. */
const TEXT_FAULTS: ReadonlySet<number> = new Set([400, 413, 422]);

const schema = z.object({
  data: z.array(
    z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1) }),
  ),
});

/**
 * Makes the embedder.
 *
 * @throws GeorError `usage` for an address that cannot be one.
 */
export function endpointEmbedder(options: EndpointOptions): Embedder {
  const endpoint = openEndpoint(options);

  async function request(texts: readonly string[]): Promise<readonly Outcome<Float32Array>[]> {
    const body = { model: endpoint.model, input: texts, encoding_format: 'float' };
    const { value, failure, status } = await endpoint.post('embeddings', body, schema);
    if (failure === undefined) return place(value, texts.length);
    if (texts.length === 1 || status === undefined || !TEXT_FAULTS.has(status))
      return texts.map(() => ({ failure }));
    const half = texts.length >> 1;
    const halves = [request(texts.slice(0, half)), request(texts.slice(half))];
    return (await Promise.all(halves)).flat();
  }

  return {
    name: endpoint.name,
    async embed(texts) {
      const requests: Promise<readonly Outcome<Float32Array>[]>[] = [];
      for (let from = 0; from < texts.length; from += TEXTS_PER_REQUEST)
        requests.push(request(texts.slice(from, from + TEXTS_PER_REQUEST)));
      return (await Promise.all(requests)).flat();
    },
  };
}

/** Vectors by the index they carry: their order in an answer means nothing. */
function place({ data }: z.infer<typeof schema>, count: number): readonly Outcome<Float32Array>[] {
  const placed: Outcome<Float32Array>[] = Array.from({ length: count }, () => ({
    failure: 'the answer has no vector for this text',
  }));
  const width = data[0]?.embedding.length;
  for (const { index, embedding } of data) {
    if (index >= count) continue;
    if (placed[index]!.failure === undefined)
      placed[index] = { failure: 'the answer has several vectors for this text' };
    else if (embedding.length !== width)
      placed[index] = { failure: 'the answer has vectors of different length' };
    else placed[index] = { value: Float32Array.from(embedding) };
  }
  return placed;
}
