/**
 * `geor locate` run inside a test: a folder, pictures, a server that answers, what was printed.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest';
import { command } from '../../src/cli/locate.ts';
import { encodeJpeg } from '../../src/data/index.ts';
import { type ChatServer, type ChatServerOptions, chatServer } from './chat-server.ts';

/** For reading photographs; absent where it cannot be installed, which is said. */
export const sharp = await import('sharp').then((module) => module.default).catch(() => undefined);
if (!sharp) process.stderr.write('skipped: photographs are not located without sharp\n');

/** A picture whose pixels depend on `shade`. */
export function photo(shade: number): Uint8Array {
  const data = new Uint8Array(96 * 64 * 3);
  data.forEach((_, i) => {
    data[i] = (i * (shade + 1)) % 251;
  });
  return encodeJpeg({ width: 96, height: 64, data });
}

/** What the server says unless told otherwise. */
export const bergen =
  'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.3943, 5.3259)';

/** A test file's own. */
export class LocateRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'geor-locate-'));
  server: ChatServer | undefined;
  stdout = '';
  stderr = '';
  readonly exitCode = process.exitCode;

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true }));
    beforeEach(() => {
      [this.stdout, this.stderr] = ['', ''];
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        this.stdout += text;
        return true;
      });
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        this.stderr += text;
        return true;
      });
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      process.exitCode = this.exitCode;
      const { offences = [] } = this.server ?? {};
      await this.server?.close();
      this.server = undefined;
      expect(offences).toEqual([]);
    });
  }

  /** A file in the folder. */
  path = (name: string): string => join(this.folder, name);

  /** Runs the command. */
  locate = (...args: string[]) => command().exitOverride().parseAsync(args, { from: 'user' });

  /** Starts the server; its address. */
  serve = async (options: Partial<ChatServerOptions> = {}): Promise<string> => {
    this.server = await chatServer({
      reply: ({ n = 1 }) => ({ texts: new Array<string>(n).fill(bergen) }),
      ...options,
    });
    return this.server.url;
  };
}
