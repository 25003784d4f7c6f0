/**
 * The geo room in a browser: the sources, compiled file by file, with the gazetteer as the server of
 * a web page would send it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { defaultGazetteer } from '../../src/data/index.ts';
import { reverseGeocode, wgs84Km } from '../../src/geo/index.ts';
import { chromium, NO_CHROMIUM } from '../support/chromium.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const geodesic = createRequire(import.meta.url).resolve('geographiclib-geodesic');

/** The one dependency of the room is a classic script; a module of one line makes it importable. */
const PAGE = `<!doctype html>
<script type="importmap">{"imports": {"geographiclib-geodesic": "/geodesic-module.js"}}</script>
<script type="module">
  const report = (found) => fetch('/found', { method: 'POST', body: JSON.stringify(found) });
  try {
    const { parseGazetteer, reverseGeocode, wgs84Km } = await import('/src/geo/index.ts');
    const bytes = new Uint8Array(await (await fetch('/gazetteer.bin')).arrayBuffer());
    const gazetteer = parseGazetteer(bytes);
    await report({
      place: reverseGeocode(gazetteer, 60.1699, 24.9384),
      sea: reverseGeocode(gazetteer, 30, -40),
      km: wgs84Km({ lat: 60.1699, lon: 24.9384 }, { lat: 48.8566, lon: 2.3522 }),
    });
  } catch (error) {
    await report({ error: String(error.stack ?? error) });
  }
</script>`;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const script = (text: string): void => {
    response.setHeader('content-type', 'text/javascript').end(text);
  };
  if (path === '/') response.setHeader('content-type', 'text/html').end(PAGE);
  else if (path === '/geodesic-module.js')
    script("import '/geodesic.js';\nexport default globalThis.geodesic;\n");
  else if (path === '/geodesic.js') script(readFileSync(geodesic, 'utf8'));
  else if (path === '/gazetteer.bin') {
    response.setHeader('content-encoding', 'br');
    response.end(readFileSync(join(ROOT, 'assets/gazetteer.bin.br')));
  } else if (/^\/src\/[\w/-]+\.ts$/.test(path) && existsSync(join(ROOT, path))) {
    const source = readFileSync(join(ROOT, path), 'utf8');
    const { ES2023: target } = ts.ScriptTarget;
    const { ESNext: module } = ts.ModuleKind;
    script(ts.transpileModule(source, { compilerOptions: { target, module } }).outputText);
  } else response.writeHead(404).end();
}

it.skipIf(!chromium)(`resolves in a browser what it resolves in Node${NO_CHROMIUM}`, async () => {
  const profile = mkdtempSync(join(tmpdir(), 'geor-browser-'));
  const server = createServer();
  const found = new Promise<unknown>((resolve) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.method !== 'POST') return answer(request, response);
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        resolve(JSON.parse(body));
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    chromium!,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0', // keeps a headless browser open until it is told to go
      `http://127.0.0.1:${port}/`,
    ],
    { stdio: 'ignore' },
  );
  const gone = new Promise<{ error: string }>((resolve) => {
    browser.on('error', ({ message }) => resolve({ error: message }));
    browser.on('exit', (code) => resolve({ error: `the browser ended with code ${code}` }));
  });
  try {
    const place = reverseGeocode(defaultGazetteer(), 60.1699, 24.9384);
    expect(place?.city).toBe('Helsinki');
    expect(await Promise.race([found, gone])).toEqual({
      place,
      sea: null,
      km: expect.closeTo(wgs84Km({ lat: 60.1699, lon: 24.9384 }, { lat: 48.8566, lon: 2.3522 }), 9),
    });
  } finally {
    const ended = new Promise((resolve) => browser.on('exit', resolve));
    if (browser.exitCode === null && browser.kill()) await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
