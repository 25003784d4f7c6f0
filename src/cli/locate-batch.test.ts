import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bergen, LocateRun, photo, sharp } from '../../test/support/locate-run.ts';
import { locateRowSchema } from '../locate/index.ts';

const shared =
  process.env['GEOR_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const photoFolder = join(shared, 'data/photos');
const hasPhotos = existsSync(photoFolder);
if (!hasPhotos) process.stderr.write(`skipped: ${photoFolder} is not there (set GEOR_SHARED)\n`);

const run = new LocateRun();
const { locate, path, serve } = run;

describe.skipIf(!sharp)('geor locate with many pictures', () => {
  it('asks about equal pixels once, whatever the files are called', async () => {
    mkdirSync(path('twins'));
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(path(`twins/${name}`), photo(5));
    const backend = await serve();
    await locate(path('twins'), '--backend', backend, '--format', 'jsonl');
    expect(
      run.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([...[path('twins/a.jpg'), path('twins/b.jpg')]]);
    expect(run.server!.requests).toHaveLength(1);
  });

  it('goes on with --resume, asks again about failures only, and ends with the same file', async () => {
    mkdirSync(path('many'));
    for (let i = 0; i < 6; i++) writeFileSync(path(`many/${i}.jpg`), photo(10 + i));
    writeFileSync(path('many/broken.jpg'), photo(1).subarray(0, 400));
    writeFileSync(path('many/notes.txt'), 'no picture');
    const backend = await serve({
      reply: ({ n = 1 }, call) =>
        call === 2 ? { status: 500, body: 'oops' } : { texts: new Array<string>(n).fill(bergen) },
    });
    const args = [
      path('many'),
      '--backend',
      backend,
      '--concurrency',
      '1',
      '-o',
      path('out.jsonl'),
    ];
    await locate(...args, '--format', 'jsonl');
    expect(process.exitCode).toBe(1);
    expect(run.stderr).toContain('2 of 7 pictures failed');
    expect(run.stderr).toContain('notes.txt is no picture');
    const rows = () =>
      readFileSync(path('out.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => locateRowSchema.parse(JSON.parse(line)));
    expect(rows().filter((row) => 'error' in row)).toHaveLength(2);
    expect(rows().map(({ id }) => id.split('/').at(-1))).toEqual([
      ...['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', 'broken.jpg'],
    ]);
    const asked = run.server!.requests.length;
    await locate(...args, '--format', 'jsonl', '--resume');
    expect(run.server!.requests.length).toBe(asked + 1);
    expect(rows().filter((row) => 'error' in row)).toHaveLength(1);
    expect(existsSync(`${path('out.jsonl')}.partial.jsonl`)).toBe(false);
    // other settings are other rows
    await locate(...args, '--format', 'jsonl', '--resume', '--seed', '1');
    expect(run.server!.requests.length).toBe(asked + 7);
  });

  it.skipIf(!hasPhotos)('locates the 17 photographs', async () => {
    mkdirSync(path('photos'));
    const files = readdirSync(photoFolder).filter((name) => name.endsWith('.jpg'));
    for (const name of files) copyFileSync(join(photoFolder, name), path(`photos/${name}`));
    const backend = await serve();
    await locate(path('photos'), '--backend', backend, '--format', 'jsonl', '-o', path('17.jsonl'));
    expect(readFileSync(path('17.jsonl'), 'utf8').trim().split('\n')).toHaveLength(17);
    expect(run.server!.requests).toHaveLength(17);
    const sent = run.server!.bytes();
    for (const name of files) expect(sent.includes(name.replace('.jpg', '')), name).toBe(false);
  });
});
