/**
 * The page in a browser of its own: a server on loopback, Chromium driven by Playwright, and a record
 * of everything that anyone wanted from the network.
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium as playwright } from 'playwright-core';
import type { Backend } from '../../src/locate/index.ts';
import { type AppPart, createApp, locatePart, type ModelCards } from '../../src/serve/index.ts';
import { LOOPBACK_HOSTS, listen, locateService, pagePart } from '../../src/serve/node/index.ts';
import { chromium } from './chromium.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/web/index.html', import.meta.url)));

/** Why tests of the page are skipped; empty when they are not. */
export const NO_PAGE: string = !chromium
  ? ' (skipped: no Chromium; set GEOR_CHROMIUM)'
  : isBuilt
    ? ''
    : ' (skipped: the page is not built; npm run build)';

/** A server of the page. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page on a port of its own. */
export async function servePage(options: {
  readonly backend?: Backend;
  readonly modelFolder?: string;
  readonly browser?: ModelCards['browser'];
}): Promise<PageServer> {
  const { backend, modelFolder, browser } = options;
  const parts: AppPart[] = [
    locatePart({ service: backend && locateService(backend), ...(browser && { browser }) }),
    pagePart({ modelFolder }),
  ];
  const app = createApp({ version: 'test', parts, hosts: LOOPBACK_HOSTS });
  const { server, url } = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A browser with a profile of its own. */
export interface PageBrowser {
  readonly context: BrowserContext;
  /** Addresses that pages and their workers asked for. */
  readonly requests: readonly string[];
  /** What the browser wanted from anywhere but loopback; its own errands too. */
  readonly outside: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts Chromium. Everything that is not on loopback has to pass a proxy, which writes it down and
 * lets nothing through.
 */
export async function openBrowser(
  options: { readonly isDark?: boolean; readonly width?: number; readonly height?: number } = {},
): Promise<PageBrowser> {
  const { isDark = false, width = 1440, height = 900 } = options;
  const outside: string[] = [];
  const proxy = createServer((request, response) => {
    outside.push(request.url ?? '');
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    outside.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  const profile = mkdtempSync(join(tmpdir(), 'geor-page-'));
  const context = await playwright.launchPersistentContext(profile, {
    executablePath: chromium!,
    headless: true,
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    acceptDownloads: true,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
      ...['--no-first-run', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', `--proxy-server=http://127.0.0.1:${port}`],
    ],
  });
  context.setDefaultTimeout(100_000);
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  return {
    context,
    requests,
    outside,
    async close() {
      await context.close();
      proxy.closeAllConnections();
      await new Promise((closed) => proxy.close(closed));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
