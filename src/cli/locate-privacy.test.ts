import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocateRun, photo, sharp } from '../../test/support/locate-run.ts';
import { exifBlock, plantedEverywhere } from '../../test/support/photo-metadata.ts';
import { locateRowSchema } from '../locate/index.ts';

const run = new LocateRun();
const { locate, path, serve } = run;

describe.skipIf(!sharp)('what leaves the machine', () => {
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
    const rows = (JSON.parse(run.stdout) as unknown[]).map((row) => locateRowSchema.parse(row));
    // HEIC is refused clearly, the others are located
    expect(rows.map((row) => ('error' in row ? row.error.code : row.country))).toEqual([
      'image',
      ...['Norway', 'Norway', 'Norway'],
    ]);
    expect(rows[0]).toMatchObject({ error: { hint: expect.stringContaining('HEIC') } });
    expect(run.server!.requests).toHaveLength(3);
    const sent = run.server!.bytes();
    const pixels = run.server!.requests.map(({ messages: [{ content }] }) =>
      Buffer.from(content[0].image_url.url.split(',')[1]!, 'base64'),
    );
    for (const form of [secret, secret.toLowerCase(), secret.toUpperCase()])
      for (const needle of [
        ...[Buffer.from(form), Buffer.from(form, 'utf16le'), Buffer.from(form).toString('base64')],
        ...[run.folder.split('/').at(-1)!, '.jpg', '.png', '.webp', 'filename'],
      ])
        for (const bytes of [sent, ...pixels])
          expect(bytes.includes(needle), `${needle}`).toBe(false);
    expect(process.exitCode).toBe(1);
  });

  it('sends nothing to another machine that was not allowed, and nothing at all with --dry-run', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const remote = ['--backend', 'http://model.example:8000/v1'];
    await expect(locate(path('p.jpg'), ...remote)).rejects.toMatchObject({
      code: 'usage',
      message: 'model.example:8000 is another machine: pictures would leave this one',
    });
    await locate(path('p.jpg'), ...remote, '--dry-run', '--json', '--price-in', '1', '-k', '4');
    expect(JSON.parse(run.stdout)).toMatchObject({
      ...{ pictures: 1, answers: 4, host: 'model.example:8000', requests: { least: 1, most: 4 } },
      ...{ tokensWritten: 1024, price: expect.any(Number) },
    });
    const { bytesLeaving, bytesSent } = JSON.parse(run.stdout);
    expect(bytesLeaving).toBe(bytesSent);
    expect(bytesSent).toBeGreaterThan(1000);
    run.stdout = '';
    await locate(path('p.jpg'), '--backend', await serve(), '--dry-run');
    expect(run.stdout).toContain('nothing leaves this machine');
    expect(run.server!.bytes()).toHaveLength(0);
  });

  it('estimates what is sent to within a tenth', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    await locate(path('p.jpg'), '--backend', backend, '--dry-run', '--json');
    const { bytesSent } = JSON.parse(run.stdout);
    await locate(path('p.jpg'), '--backend', backend);
    const real = Buffer.byteLength(JSON.stringify(run.server!.requests[0]));
    expect(Math.abs(bytesSent / real - 1)).toBeLessThan(0.1);
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
