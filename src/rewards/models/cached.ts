/**
 * Models with a memory: what was asked once is not asked again.
 *
 * The key is the content address of model and question. Failures are not kept: they may pass. Equal
 * questions that are under way at the same time are asked once. An entry that cannot be read is a
 * miss and is written anew.
 * @module
 */
import { z } from 'zod';
import { contentKey, type Outcome, type TextCache } from '../../core/index.ts';
import type { Embedder, Judge, Question, Reply } from './model.ts';

const replySchema = z.object({
  text: z.string(),
  firstToken: z.array(z.object({ token: z.string(), logprob: z.number() })),
});

/** An embedder that looks into `cache` first. */
export function cachedEmbedder(embedder: Embedder, cache: TextCache): Embedder {
  return {
    name: embedder.name,
    async embed(texts) {
      const unique = [...new Set(texts)];
      const keys = await Promise.all(
        unique.map((text) => contentKey('embed', embedder.name, text)),
      );
      const known = await Promise.all(keys.map((key) => cache.get(key)));
      const found = new Map<string, Outcome<Float32Array>>();
      const missing: { readonly text: string; readonly key: string }[] = [];
      for (const [i, text] of unique.entries()) {
        const vector = decodeVector(known[i]);
        if (vector) found.set(text, { value: vector });
        else missing.push({ text, key: keys[i]! });
      }
      const made = missing.length > 0 ? await embedder.embed(missing.map(({ text }) => text)) : [];
      await Promise.all(
        missing.map(async ({ text, key }, i) => {
          const outcome = made[i] ?? { failure: 'the embedder gave no vector' };
          found.set(text, outcome);
          if (outcome.value) await cache.set(key, encodeVector(outcome.value));
        }),
      );
      return texts.map((text) => found.get(text)!);
    },
  };
}

/** A judge that looks into `cache` first. */
export function cachedJudge(judge: Judge, cache: TextCache): Judge {
  const underWay = new Map<string, Promise<Outcome<Reply>>>();
  return {
    name: judge.name,
    async ask(question) {
      const same = JSON.stringify(question);
      const pending = underWay.get(same);
      if (pending) return pending;
      const reply = lookUpOrAsk(judge, cache, question);
      underWay.set(same, reply);
      try {
        return await reply;
      } finally {
        underWay.delete(same);
      }
    },
  };
}

async function lookUpOrAsk(
  judge: Judge,
  cache: TextCache,
  question: Question,
): Promise<Outcome<Reply>> {
  const key = await contentKey('ask', judge.name, question);
  const known = decodeReply(await cache.get(key));
  if (known) return { value: known };
  const outcome = await judge.ask(question);
  if (outcome.value) await cache.set(key, JSON.stringify(outcome.value));
  return outcome;
}

function decodeReply(text: string | undefined): Reply | undefined {
  if (text === undefined) return undefined;
  try {
    return replySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Little-endian 32-bit floats in base64, closed by a dot that a torn file lacks. */
function encodeVector(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [i, x] of vector.entries()) view.setFloat32(4 * i, x, true);
  const bytes = new Uint8Array(view.buffer);
  return `${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}.`;
}

function decodeVector(text: string | undefined): Float32Array | undefined {
  if (!text || !/^(?:[\w+/]{4})+(?:[\w+/]{2}==|[\w+/]{3}=)?\.$/.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text.slice(0, -1)), (character) => character.charCodeAt(0));
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
