/**
 * Files that are hostile by themselves.
 * @module
 */
import { deflateSync, gzipSync } from 'node:zlib';
import { random } from '../../../src/core/index.ts';
import { blank, chunk, FORMATS, flat, mutated, picture, png, withSides } from './pictures.ts';
import { EITHER, type HostileUpload, upload } from './upload.ts';

/** Small files that grow in memory. */
export async function bombs(): Promise<HostileUpload[]> {
  const jpeg = await picture('jpeg');
  const huge = chunk(
    'iCCP',
    Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(2 ** 28))]),
  );
  const text = chunk(
    'zTXt',
    Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(2 ** 28))]),
  );
  const progressive = await flat(2000, 2000).jpeg({ progressive: true }).toBuffer();
  const scan = progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scans = progressive.subarray(scan, progressive.length - 2);
  const many = new Array<Buffer>(4000).fill(scans);
  const frame = await picture('gif', 16, 16);
  const image = frame.subarray(frame.lastIndexOf(Buffer.from([0x2c])), frame.length - 1);
  const screen = Buffer.from(frame);
  screen.writeUInt16LE(65_535, 6);
  screen.writeUInt16LE(65_535, 8);
  return [
    upload('a PNG of 2.5 gigapixels in a kilobyte', png(50_000, 50_000, Buffer.alloc(1000))),
    upload('a PNG of 400 megapixels that is whole', png(20_000, 20_000, blank(20_000, 20_000))),
    upload('a PNG of 900 megapixels that is whole', png(30_000, 30_000, blank(30_000, 30_000))),
    upload(
      'a PNG with the largest sides there are',
      png(2 ** 31 - 1, 2 ** 31 - 1, Buffer.alloc(9)),
    ),
    upload('a PNG of no width', png(0, 100, Buffer.alloc(9))),
    upload('a PNG a pixel high and very wide', png(60_000, 1, blank(60_000, 1))),
    upload(
      'a PNG whose pixels unpack to more than it has',
      png(8, 8, Buffer.alloc(2 ** 28)),
      EITHER,
    ),
    upload('a PNG whose profile unpacks to 256 MiB', png(8, 8, blank(8, 8), 1, [huge]), EITHER),
    upload('a PNG whose text unpacks to 256 MiB', png(8, 8, blank(8, 8), 1, [text]), EITHER),
    upload('a JPEG that says 65,535 x 65,535', withSides(jpeg, 65_535, 65_535)),
    upload('a JPEG that says 8000 x 8000 and holds little', withSides(jpeg, 8000, 8000), EITHER),
    upload('a JPEG of no height', withSides(jpeg, 100, 0)),
    upload('a JPEG of 100 megapixels', await flat(12_000, 8400).jpeg().toBuffer()),
    upload(
      'a progressive JPEG of 100 megapixels',
      await flat(12_000, 8400).jpeg({ progressive: true }).toBuffer(),
    ),
    upload('a PNG of 100 megapixels', png(10_000, 10_000, blank(10_000, 10_000))),
    upload('a WebP of 100 megapixels', await flat(12_000, 8400).webp({ effort: 0 }).toBuffer()),
    upload(
      'a TIFF of 100 megapixels',
      await flat(12_000, 8400).tiff({ compression: 'lzw' }).toBuffer(),
    ),
    upload('a JPEG as large as is allowed', await flat(8000, 8000).jpeg().toBuffer(), [200]),
    upload(
      'a progressive JPEG as large as is allowed',
      await flat(8000, 8000).jpeg({ progressive: true }).toBuffer(),
      [200],
    ),
    upload('a PNG as large as is allowed', png(8000, 8000, blank(8000, 8000)), [200]),
    upload(
      'a JPEG of 4000 scans',
      Buffer.concat([progressive.subarray(0, -2), ...many, Buffer.from([0xff, 0xd9])]),
      EITHER,
    ),
    upload(
      'a GIF of 20,000 frames',
      Buffer.concat([
        frame.subarray(0, -1),
        ...new Array<Buffer>(20_000).fill(image),
        Buffer.from(';'),
      ]),
      EITHER,
    ),
    upload('a GIF with a screen of 65,535 x 65,535', screen, EITHER),
  ];
}

/** Files that are no pictures, or others than they say. */
export async function wrongTypes(): Promise<HostileUpload[]> {
  const svg = (inside: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inside}</svg>`);
  const iso = (brand: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(600)]);
  const files: Record<string, Uint8Array> = {
    'an SVG with a script': svg('<script>alert(1)</script>'),
    'an SVG that names a file': svg('<image href="file:///etc/passwd" width="9" height="9"/>'),
    'an SVG that names a server': svg(
      '<image href="http://127.0.0.1:1/x.png" width="9" height="9"/>',
    ),
    'an SVG with an entity bomb': Buffer.from(
      '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
    ),
    'a packed SVG': gzipSync(svg('<script/>')),
    'a PDF': Buffer.from(
      '%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj',
    ),
    'an HTML page': Buffer.from('<!doctype html><script>alert(1)</script>'),
    'a ZIP': Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]),
    'a program': Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(400)]),
    'a film': iso('mp42'),
    'a HEIC without pictures': iso('heic'),
    'an AVIF without pictures': iso('avif'),
    'a BMP': Buffer.concat([Buffer.from('BM'), Buffer.alloc(200)]),
    'an icon': Buffer.concat([Buffer.from([0, 0, 1, 0, 1, 0]), Buffer.alloc(100)]),
    'a Photoshop file': Buffer.concat([Buffer.from('8BPS\0\x01'), Buffer.alloc(200)]),
    'a BigTIFF': Buffer.concat([
      Buffer.from([0x49, 0x49, 0x2b, 0, 8, 0, 0, 0]),
      Buffer.alloc(200, 255),
    ]),
    'a TIFF that points at itself': Buffer.from([
      0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0,
    ]),
    'a PostScript program': Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file'),
    'an ImageMagick script': Buffer.from(
      'push graphic-context\nfill "url(https://127.0.0.1/x"|ls)"\n',
    ),
    'a text': Buffer.from('Bergen, Norway'),
    nothing: new Uint8Array(0),
    'one byte': Uint8Array.of(0xff),
    'a megabyte of zeros': new Uint8Array(2 ** 20),
  };
  return Object.entries(files).map(([name, file]) => upload(name, file));
}

/** Pictures cut short, and pictures with changed bytes. */
export async function torn(): Promise<HostileUpload[]> {
  const uploads: HostileUpload[] = [];
  for (const format of FORMATS) {
    const file = await picture(format);
    for (const share of [0.02, 0.2, 0.5, 0.8]) {
      const end = Math.max(4, Math.floor(file.length * share));
      uploads.push(
        upload(`a ${format} that ends after ${end} bytes`, file.subarray(0, end), EITHER),
      );
    }
    for (let seed = 0; seed < 12; seed++)
      uploads.push(
        upload(
          `a mutated ${format}, ${seed}`,
          mutated(file, random('hostile', format, seed)),
          EITHER,
        ),
      );
    const noise = Buffer.from(
      Array.from({ length: 4000 }, () => random('noise', format).integer(256)),
    );
    file.copy(noise, 0, 0, 16);
    uploads.push(upload(`the first bytes of a ${format}, then noise`, noise));
  }
  return uploads;
}

/** Pictures that are something else as well. */
export async function polyglots(): Promise<HostileUpload[]> {
  const jpeg = await picture('jpeg');
  const gif = await picture('gif');
  const script = Buffer.from('<script>alert(1)</script><?php system($_GET[0]); ?>');
  const zip = Buffer.concat([
    Buffer.from('PK\x03\x04'),
    Buffer.alloc(300),
    Buffer.from('PK\x05\x06'),
    Buffer.alloc(18),
  ]);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533, 'A')]);
  return [
    upload('a JPEG that is a ZIP as well', Buffer.concat([jpeg, zip]), [200]),
    upload('a JPEG that is a page as well', Buffer.concat([jpeg, script]), [200]),
    upload(
      'a GIF that is a script as well',
      Buffer.concat([gif, Buffer.from('/*'), script, Buffer.from('*/=1;')]),
      EITHER,
    ),
    upload('a GIF of a script alone', Buffer.concat([Buffer.from('GIF89a/*'), script])),
    upload(
      'a JPEG in a JPEG',
      Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), jpeg]),
      [200],
    ),
    upload(
      'a JPEG with 300 comments of 64 kB',
      Buffer.concat([
        jpeg.subarray(0, 2),
        ...new Array<Buffer>(300).fill(comment),
        jpeg.subarray(2),
      ]),
      EITHER,
    ),
    upload(
      'a PNG that calls itself JPEG',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), await picture('png')]),
    ),
    upload(
      'a WebP whose length lies',
      (() => {
        const file = Buffer.from('RIFF\xff\xff\xff\x7fWEBPVP8 ', 'latin1');
        return Buffer.concat([file, Buffer.alloc(100)]);
      })(),
    ),
  ];
}
