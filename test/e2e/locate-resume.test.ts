import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/data/index.ts';
import { type ChatRequest, type ChatServer, chatServer } from '../support/chat-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-e2e-locate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);
if (!hasSharp) process.stderr.write('skipped: photographs are not located without sharp\n');

const photos = join(folder, 'photos');
mkdirSync(photos);
for (let i = 0; i < 24; i++) {
  const data = new Uint8Array(64 * 64 * 3);
  for (let at = 0; at < data.length; at++) data[at] = (at * (i + 3)) % 253;
  const name = `${String(i).padStart(2, '0')}.jpg`;
  writeFileSync(join(photos, name), encodeJpeg({ width: 64, height: 64, data }));
}

let server: ChatServer | undefined;
afterEach(() => server?.close());

/** Answers that depend on the picture alone. */
function answers({ messages: [{ content }], n = 1 }: ChatRequest): { readonly texts: string[] } {
  const hash = createHash('sha256').update(content[0].image_url.url).digest();
  const texts = Array.from(
    { length: n },
    (_, i) => `Country: Chad\nCoordinates: (${10 + hash[i]! / 100}, ${15 + hash[i + 1]! / 100})`,
  );
  return { texts };
}

/** Runs `geor locate` as built; the exit code, or the signal that ended it. */
function geor(args: readonly string[], onStart?: (kill: (signal: NodeJS.Signals) => void) => void) {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'locate', photos, ...args]);
  onStart?.((signal) => child.kill(signal));
  return new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.stderr.resume();
    child.stdout.resume();
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}

describe.skipIf(!hasSharp)('geor locate, cut short', () => {
  it.each([
    ['SIGKILL', 'SIGKILL'],
    ['SIGINT', 130],
  ] as const)(
    'by %s goes on where it stood and ends with the same bytes',
    async (signal, ending) => {
      const args = (name: string, url: string) => [
        ...['--backend', url, '-k', '4', '--format', 'jsonl', '-o', join(folder, name)],
        ...['--concurrency', '2'],
      ];
      let kill: ((signal: NodeJS.Signals) => void) | undefined;
      server = await chatServer({
        reply: (request) => {
          if (server?.requests.length === 34) kill?.(signal);
          return answers(request);
        },
      });
      const { url, requests } = server;
      expect(await geor(args(`${signal}-whole.jsonl`, url))).toBe(0);
      expect(requests).toHaveLength(24);

      const output = join(folder, `${signal}-cut.jsonl`);
      expect(
        await geor(args(`${signal}-cut.jsonl`, url), (killer) => {
          kill = killer;
        }),
      ).toBe(ending);
      expect(existsSync(output)).toBe(false);
      const done = readFileSync(`${output}.partial.jsonl`, 'utf8').split('\n').length - 1;
      expect(done).toBeGreaterThan(3);
      expect(done).toBeLessThan(24);
      const before = requests.length;
      expect(await geor([...args(`${signal}-cut.jsonl`, url), '--resume'])).toBe(0);
      expect(requests.length - before).toBe(24 - done);
      expect(readFileSync(output, 'utf8')).toBe(
        readFileSync(join(folder, `${signal}-whole.jsonl`), 'utf8'),
      );
      expect(existsSync(`${output}.partial.jsonl`)).toBe(false);
    },
  );
});
