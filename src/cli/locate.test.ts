import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ChatServer,
  type ChatServerOptions,
  chatServer,
} from '../../test/support/chat-server.ts';
import { exifBlock, plantedEverywhere } from '../../test/support/photo-metadata.ts';
import { encodeJpeg } from '../data/index.ts';
import { locateRowSchema } from '../locate/index.ts';
import { command } from './locate.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-locate-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const sharp = await import('sharp').then((module) => module.default).catch(() => undefined);
if (!sharp) process.stderr.write('skipped: photographs are not located without sharp\n');
const shared =
  process.env['GEOR_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const photoFolder = join(shared, 'data/photos');
const hasPhotos = existsSync(photoFolder);
if (!hasPhotos) process.stderr.write(`skipped: ${photoFolder} is not there (set GEOR_SHARED)\n`);

/** A picture whose pixels depend on `shade`. */
function photo(shade: number): Uint8Array {
  const data = new Uint8Array(96 * 64 * 3);
  data.forEach((_, i) => {
    data[i] = (i * (shade + 1)) % 251;
  });
  return encodeJpeg({ width: 96, height: 64, data });
}
const bergen = 'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.3943, 5.3259)';

let server: ChatServer | undefined;
let stdout = '';
let stderr = '';
const before = process.exitCode;
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = before;
  const { offences = [] } = server ?? {};
  await server?.close();
  server = undefined;
  expect(offences).toEqual([]);
});

const locate = (...args: string[]) => command().exitOverride().parseAsync(args, { from: 'user' });

async function serve(options: Partial<ChatServerOptions> = {}): Promise<string> {
  server = await chatServer({
    reply: ({ n = 1 }) => ({ texts: new Array<string>(n).fill(bergen) }),
    ...options,
  });
  return server.url;
}

describe.skipIf(!sharp)('geor locate', () => {
  it('prints chain, point, radii and a map link, and says that GPS was not used', async () => {
    const file = path('harbour.jpg');
    writeFileSync(file, plantedEverywhere(photo(1), 'Atlantis', photo(2)));
    let calls = 0;
    const backend = await serve({
      reply: () => {
        const east = (calls++ * 7) % 8;
        return { texts: [east === 7 ? 'no idea' : bergen.replace('5.3259', `5.3${east}59`)] };
      },
    });
    await locate(file, '--backend', backend, '-k', '8');
    expect(stdout.replace(/\d+\.\d+ km/g, 'X km')).toBe(
      [
        'Country  Norway    7/8',
        'Region   Vestland  7/8',
        'City     Bergen    7/8',
        'Point    60.3943, 5.3359   half of the samples within X km, 90 % within X km (not calibrated)',
        'Map      https://www.openstreetmap.org/?mlat=60.3943&mlon=5.3359#map=11/60.3943/5.3359',
        '',
      ].join('\n'),
    );
    const { host } = new URL(backend);
    expect(stderr).toContain(
      `! ${file} carries GPS metadata and text about itself; not read, removed before sending to ${host}\n`,
    );
    expect(process.exitCode).toBe(before);
  });

  it('marks where the chain and the point are two places', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const lyon =
      'Country: France\nState: Auvergne-Rhône-Alpes\nCity: Lyon\nCoordinates: (46.2044, 6.1432)';
    const backend = await serve({ reply: () => ({ texts: [lyon] }) });
    await locate(path('p.jpg'), '--backend', backend, '-k', '1');
    expect(stdout).toContain('says France, but the point lies in Switzerland\n');
    expect(stdout).toMatch(/says Lyon, but the point lies 11\d km from it, near Gen[eè]v[ae]\n/);
  });

  it('prints the clues of the samples that support the result', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const stage = (clue: string, conclusion: string) => ({
      ...{ Clues: [clue], Reasoning: 'r', Conclusion: conclusion, Uncertainty: '' },
    });
    const answer = (clue: string, country: string) =>
      `<think>${JSON.stringify({
        CountryIdentification: stage(clue, country),
        RegionalGuess: stage('wooden wharf houses', 'Vestland'),
        PreciseLocalization: stage('fish market', 'Bergen'),
      })}</think><answer>${country}; Vestland; Bergen</answer>`;
    const backend = await serve({
      reply: () => ({
        texts: [
          ...[answer('fjord light', 'Norway'), answer('Fjord light.', 'Norway')],
          answer('kangaroos', 'Australia'),
        ],
      }),
    });
    await locate(
      path('p.jpg'),
      '--backend',
      backend,
      '-k',
      '3',
      '--recipe',
      'geoagent',
      '--prompt',
      'cor',
    );
    expect(stdout).toContain('Clues    fjord light; wooden wharf houses; fish market\n');
    expect(stdout).toContain('Country  Norway    2/3   (Australia 1)\n');
  });

  it('sends nothing of a file but its pixels: no metadata, no name', async () => {
    const secret = 'Xanadu';
    const names = [`${secret}.jpg`, `${secret}.png`, `${secret}.webp`, `${secret}.heic`];
    const below = path(secret);
    mkdirSync(below);
    const [jpeg, png, webp, heic] = names.map((name) => join(below, name));
    writeFileSync(jpeg!, plantedEverywhere(photo(1), secret, photo(2)));
    // PNG: text chunks and EXIF; WebP: XMP and EXIF
    const exif = { IFD0: { ImageDescription: secret, Copyright: secret } };
    const plain = (shade: number) => sharp!(photo(shade)).withExif(exif);
    writeFileSync(png!, withPngText(await plain(3).png().toBuffer(), secret));
    writeFileSync(
      webp!,
      await plain(4)
        .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${secret}</a></x:xmpmeta>`)
        .webp()
        .toBuffer(),
    );
    const box = (type: string, ...content: Uint8Array[]) => {
      const body = Buffer.concat(content);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(body.length + 8);
      head.write(type, 4);
      return Buffer.concat([head, body]);
    };
    writeFileSync(
      heic!,
      Buffer.concat([
        box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')),
        box('meta', Buffer.from(secret), exifBlock({ description: secret })),
      ]),
    );
    for (const file of [jpeg!, png!, webp!, heic!])
      expect(readFileSync(file).includes(secret), file).toBe(true);

    const backend = await serve();
    await locate(below, '--backend', backend, '-k', '2', '--json', '--retries', '0');
    const rows = (JSON.parse(stdout) as unknown[]).map((row) => locateRowSchema.parse(row));
    // HEIC is refused clearly, the others are located
    expect(rows.map((row) => ('error' in row ? row.error.code : row.country))).toEqual([
      'image',
      ...['Norway', 'Norway', 'Norway'],
    ]);
    expect(rows[0]).toMatchObject({ error: { hint: expect.stringContaining('HEIC') } });
    expect(server!.requests).toHaveLength(3);
    const sent = server!.bytes();
    const pixels = server!.requests.map(({ messages: [{ content }] }) =>
      Buffer.from(content[0].image_url.url.split(',')[1]!, 'base64'),
    );
    for (const form of [secret, secret.toLowerCase(), secret.toUpperCase()])
      for (const needle of [
        ...[Buffer.from(form), Buffer.from(form, 'utf16le'), Buffer.from(form).toString('base64')],
        ...[folder.split('/').at(-1)!, '.jpg', '.png', '.webp', 'filename'],
      ])
        for (const bytes of [sent, ...pixels])
          expect(bytes.includes(needle), `${needle}`).toBe(false);
    expect(process.exitCode).toBe(1);
  });

  it('asks about equal pixels once, whatever the files are called', async () => {
    mkdirSync(path('twins'));
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(path(`twins/${name}`), photo(5));
    const backend = await serve();
    await locate(path('twins'), '--backend', backend, '--format', 'jsonl');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([...[path('twins/a.jpg'), path('twins/b.jpg')]]);
    expect(server!.requests).toHaveLength(1);
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
    expect(stderr).toContain('2 of 7 pictures failed');
    expect(stderr).toContain('notes.txt is no picture');
    const rows = () =>
      readFileSync(path('out.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => locateRowSchema.parse(JSON.parse(line)));
    expect(rows().filter((row) => 'error' in row)).toHaveLength(2);
    expect(rows().map(({ id }) => id.split('/').at(-1))).toEqual([
      ...['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', 'broken.jpg'],
    ]);
    const asked = server!.requests.length;
    await locate(...args, '--format', 'jsonl', '--resume');
    expect(server!.requests.length).toBe(asked + 1);
    expect(rows().filter((row) => 'error' in row)).toHaveLength(1);
    expect(existsSync(`${path('out.jsonl')}.partial.jsonl`)).toBe(false);
    // other settings are other rows
    await locate(...args, '--format', 'jsonl', '--resume', '--seed', '1');
    expect(server!.requests.length).toBe(asked + 7);
  });

  it('writes CSV and GeoJSON, which holds longitude first', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    await locate(path('p.jpg'), '--backend', backend, '--format', 'csv', '-o', path('o.csv'));
    const [header, line] = readFileSync(path('o.csv'), 'utf8').split('\n');
    expect(header).toMatch(/^id,lat,lon,country,country_votes,/);
    expect(line).toMatch(/\/p\.jpg,60\.3943,5\.3259,Norway,8,Vestland,8,Bergen,8,8,0,0,samples,/);
    await locate(path('p.jpg'), '--backend', backend, '--format', 'geojson');
    const { features } = JSON.parse(stdout) as { features: { geometry: unknown }[] };
    expect(features[0]!.geometry).toEqual({ type: 'Point', coordinates: [5.3259, 60.3943] });
  });

  it('tells no more than --precision allows, in no format', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    for (const format of ['text', 'json', 'csv', 'geojson']) {
      stdout = '';
      await locate(
        path('p.jpg'),
        '--backend',
        backend,
        '--precision',
        'region',
        '--format',
        format,
      );
      expect(stdout).toContain('Vestland');
      expect(stdout).not.toMatch(/Bergen|60\.39|5\.32|openstreetmap/);
    }
    stdout = '';
    await locate(path('p.jpg'), '--backend', backend, '--precision', 'city');
    expect(stdout).toMatch(/City at {2}60\.39\d+, 5\.3/); // where the gazetteer has the city
  });

  it('sends nothing to another machine that was not allowed, and nothing at all with --dry-run', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const remote = ['--backend', 'http://model.example:8000/v1'];
    await expect(locate(path('p.jpg'), ...remote)).rejects.toMatchObject({
      code: 'usage',
      message: 'model.example:8000 is another machine: pictures would leave this one',
    });
    await locate(path('p.jpg'), ...remote, '--dry-run', '--json', '--price-in', '1', '-k', '4');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ pictures: 1, answers: 4, host: 'model.example:8000', requests: { least: 1, most: 4 } },
      ...{ tokensWritten: 1024, price: expect.any(Number) },
    });
    const { bytesLeaving, bytesSent } = JSON.parse(stdout);
    expect(bytesLeaving).toBe(bytesSent);
    expect(bytesSent).toBeGreaterThan(1000);
    stdout = '';
    await locate(path('p.jpg'), '--backend', await serve(), '--dry-run');
    expect(stdout).toContain('nothing leaves this machine');
    expect(server!.bytes()).toHaveLength(0);
  });

  it('estimates what is sent to within a tenth', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    await locate(path('p.jpg'), '--backend', backend, '--dry-run', '--json');
    const { bytesSent } = JSON.parse(stdout);
    await locate(path('p.jpg'), '--backend', backend);
    const real = Buffer.byteLength(JSON.stringify(server!.requests[0]));
    expect(Math.abs(bytesSent / real - 1)).toBeLessThan(0.1);
  });

  it('ends with the error itself for one picture, and with 3 when the server failed for all', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    writeFileSync(path('q.jpg'), photo(2));
    const backend = await serve({ reply: () => ({ status: 200, body: '<html>Sign in</html>' }) });
    await expect(locate(path('p.jpg'), '--backend', backend)).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('answered no JSON: <html>Sign in</html>'),
    });
    await locate(path('p.jpg'), path('q.jpg'), '--backend', backend);
    expect(process.exitCode).toBe(3);
    await server!.close();
    await expect(locate(path('p.jpg'), '--backend', backend)).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('no backend answered'),
    });
  });

  it('refuses what is not there and what does not fit together', async () => {
    await expect(locate(path('nowhere.jpg'))).rejects.toMatchObject({ code: 'usage' });
    await expect(locate('earth:91,0')).rejects.toMatchObject({ code: 'usage' });
    writeFileSync(path('p.jpg'), photo(1));
    await expect(locate(path('p.jpg'), '--resume')).rejects.toThrow('--resume needs -o FILE');
    await expect(locate(path('p.jpg'))).rejects.toMatchObject({
      message: expect.stringContaining('not photographs'),
      hint: expect.stringContaining('vllm serve'),
    });
  });

  it.skipIf(!hasPhotos)('locates the 17 photographs', async () => {
    mkdirSync(path('photos'));
    const files = readdirSync(photoFolder).filter((name) => name.endsWith('.jpg'));
    for (const name of files) copyFileSync(join(photoFolder, name), path(`photos/${name}`));
    const backend = await serve();
    await locate(path('photos'), '--backend', backend, '--format', 'jsonl', '-o', path('17.jsonl'));
    expect(readFileSync(path('17.jsonl'), 'utf8').trim().split('\n')).toHaveLength(17);
    expect(server!.requests).toHaveLength(17);
    const sent = server!.bytes();
    for (const name of files) expect(sent.includes(name.replace('.jpg', '')), name).toBe(false);
  });
});

describe('geor locate with the model that comes along', () => {
  it('locates a tile of the Earth, the same every time', async () => {
    await locate('earth:60.39,5.32', '-k', '4', '--json', '--threads', '1');
    const first = stdout;
    const row = locateRowSchema.parse(JSON.parse(first));
    expect(row).toMatchObject({ country: 'Norway', answered: 4, asked: { maxPixels: null } });
    stdout = '';
    await locate('earth:60.39,5.32', '-k', '4', '--json', '--threads', '1');
    expect(stdout).toBe(first);
  });

  it('has calibrated radii when asked the way its calibration was made, else those of the samples', async () => {
    await locate('earth:60.39,5.32', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ radii: { hold: 'calibrated' } });
    stdout = '';
    await locate('earth:60.39,5.32', '--json', '-k', '4');
    expect(JSON.parse(stdout)).toMatchObject({ radii: { hold: 'samples' } });
  });
});

/** A PNG with `tEXt` and `iTXt` chunks behind its header. */
function withPngText(png: Uint8Array, text: string): Buffer {
  const headerEnd = 8 + 25;
  const chunk = (type: string, content: string): Buffer => {
    const data = Buffer.from(content);
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, check]);
  };
  return Buffer.concat([
    png.subarray(0, headerEnd),
    chunk('tEXt', `Description\0${text}`),
    chunk('iTXt', `Location\0\0\0\0\0${text}`),
    png.subarray(headerEnd),
  ]);
}

/** The check of PNG chunks (PNG specification, annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
