/**
 * Copies NASA's Blue Marble from `scripts/sources/` into `assets/`, after checking every byte of it.
 *
 * Origin: Visible Earth, NASA (public domain), as packed in the npm package three-globe 2.45.2 at
 * `example/img/earth-blue-marble.jpg`: 4096 x 2048 pixels, equirectangular, 1.4 MB. Only the JPEG is
 * taken, so that nobody installs a 3-D library for it.
 *
 * Run after `npm --prefix scripts/sources ci`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256, writeFileAtomic } from '../src/core/node/index.ts';

const EXPECTED_SHA256 = '228deba2e4b600146bdcb6cfa359b8ead6aacc2b1c13550a29cd82824cfa1c01';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const picture = readFileSync(
  pathOf('./sources/node_modules/three-globe/example/img/earth-blue-marble.jpg'),
);
const found = sha256(picture);
if (found !== EXPECTED_SHA256) {
  throw new Error(`earth-blue-marble.jpg has sha256 ${found}, expected ${EXPECTED_SHA256}`);
}
writeFileAtomic(pathOf('../assets/earth-blue-marble.jpg'), picture);
console.log(`assets/earth-blue-marble.jpg: ${picture.length} bytes, sha256 ${found}`);
