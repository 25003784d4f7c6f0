/**
 * The page and what it loads: its own files, the picture of the Earth, the gazetteer, the small model.
 *
 * A fixed table of files, made once: what is not in it does not exist, whatever a path says. The
 * page may load nothing from anywhere else, and nothing may frame it.
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { Hono } from 'hono';
import { GeorError } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import type { AppPart } from '../app-part.ts';

/** Where the built page and the package's assets lie. */
const PAGE_FOLDER = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const ASSETS_FOLDER = fileURLToPath(new URL('../../../assets', import.meta.url));

/** Files of a model's folder that the page loads. */
export const MODEL_FILES: readonly string[] = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'chat_template.jinja',
  'model.safetensors',
  'calibration.json',
];

/**
 * Scripts and styles come from this server alone and none stands in the page; WebAssembly may be
 * compiled; pictures may also be the visitor's own (`blob:`) and what the page has drawn (`data:`).
 */
export const CONTENT_SECURITY_POLICY: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every file. Isolation from other origins also gives WebAssembly its threads and exact clocks. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
};

interface PageFile {
  readonly path: string;
  /** Whether its name changes when its content does. */
  readonly isHashed: boolean;
  readonly encoding?: 'br';
}

/** What the page is served from. */
export interface PageOptions {
  /** The folder of the model that runs in the browser; none where it is absent. */
  readonly modelFolder?: string | undefined;
  /** The built page. Default: the package's own. */
  readonly pageFolder?: string;
}

/**
 * The page as routes, `GET /` and below.
 *
 * @throws GeorError `asset` when the page has not been built
 */
export function pagePart({ modelFolder, pageFolder = PAGE_FOLDER }: PageOptions = {}): AppPart {
  const files = pageFiles(pageFolder, modelFolder);
  const tags = new Map<string, string>();
  const routes = new Hono();
  routes.use(async (context, next) => {
    await next();
    if (files.has(context.req.path))
      for (const [name, value] of Object.entries(PAGE_HEADERS)) context.header(name, value);
  });
  for (const [address, file] of files) {
    routes.get(address, (context) => {
      const { size, mtimeMs } = statSync(file.path);
      const key = `${file.path} ${size} ${mtimeMs}`;
      const tag = tags.get(key) ?? `"${sha256(key).slice(0, 20)}"`;
      tags.set(key, tag);
      context.header('etag', tag);
      context.header(
        'cache-control',
        file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      if (context.req.header('if-none-match') === tag) return context.body(null, 304);
      let bytes: Uint8Array = readFileSync(file.path);
      context.header('vary', 'accept-encoding');
      if (file.encoding && accepts(context.req.header('accept-encoding'), file.encoding))
        context.header('content-encoding', file.encoding);
      else if (file.encoding) bytes = brotliDecompressSync(bytes);
      context.header('content-type', TYPES[extname(address)] ?? 'application/octet-stream');
      if (address === '/') context.header('content-type', TYPES['.html']!);
      return context.body(new Uint8Array(bytes));
    });
  }
  return { routes, isPublic: true };
}

const accepts = (header: string | undefined, encoding: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim().split(';')[0] === encoding);

/** Every address and its file. */
function pageFiles(pageFolder: string, modelFolder: string | undefined): Map<string, PageFile> {
  const index = join(pageFolder, 'index.html');
  if (!existsSync(index))
    throw new GeorError('asset', 'the page has not been built', { hint: 'run "npm run build"' });
  const files = new Map<string, PageFile>([['/', { path: index, isHashed: false }]]);
  for (const name of readdirSync(pageFolder))
    if (name !== 'index.html' && statSync(join(pageFolder, name)).isFile())
      files.set(`/${name}`, { path: join(pageFolder, name), isHashed: false });
  for (const name of readdirSync(join(pageFolder, 'assets')))
    files.set(`/assets/${name}`, { path: join(pageFolder, 'assets', name), isHashed: true });
  files.set('/assets/earth-blue-marble.jpg', {
    path: join(ASSETS_FOLDER, 'earth-blue-marble.jpg'),
    isHashed: false,
  });
  files.set('/assets/gazetteer.bin', {
    path: join(ASSETS_FOLDER, 'gazetteer.bin.br'),
    isHashed: false,
    encoding: 'br',
  });
  for (const name of modelFolder ? MODEL_FILES : []) {
    const path = join(modelFolder!, name);
    if (existsSync(path)) files.set(`/assets/model/${name}`, { path, isHashed: false });
  }
  return files;
}
