/**
 * Two hundred uploads that nobody sends by mistake: bombs, polyglots, torn and mutated files, wrong
 * types, lies in forms and JSON. All are made here, by seed, so that a failure can be repeated.
 * @module
 */
import { deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { type Random, random } from '../../src/core/index.ts';

/** A request to `/v1/locate`. */
export interface HostileUpload {
  readonly name: string;
  readonly body: Uint8Array;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are an answer to it. */
  readonly allowed: readonly number[];
}

const REFUSED = [400, 413, 415, 422];
/** A file that is damaged may still hold a whole picture. */
const EITHER = [200, ...REFUSED];

const BOUNDARY = 'hostile';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form with one file. */
export const formOf = (file: Uint8Array, head = 'name="image"; filename="image"'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

const upload = (name: string, file: Uint8Array, allowed: readonly number[] = REFUSED) => ({
  ...{ name, body: formOf(file), type: MULTIPART, allowed },
});
const json = (name: string, body: string, allowed: readonly number[] = REFUSED) => ({
  ...{ name, body: Buffer.from(body), type: 'application/json', allowed },
});

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** A PNG chunk with its checksum. */
function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(data.length);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
}

/** A PNG that says it has these sides; its pixels are `data`, deflated. */
function png(
  width: number,
  height: number,
  data: Uint8Array,
  bits = 1,
  extra: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), ...extra, chunk('IDAT', deflateSync(data, { level: 9 }))];
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** Rows of zeros of a one-bit picture. */
const blank = (width: number, height: number): Buffer =>
  Buffer.alloc(height * (1 + Math.ceil(width / 8)));

/** Sides of a JPEG overwritten in its frame header. */
function withSides(jpeg: Buffer, width: number, height: number): Buffer {
  const out = Buffer.from(jpeg);
  for (let i = 2; i < out.length - 9; ) {
    const isFrame = out[i] === 0xff && [0xc0, 0xc1, 0xc2].includes(out[i + 1]!);
    if (isFrame) {
      out.writeUInt16BE(height, i + 5);
      out.writeUInt16BE(width, i + 7);
      return out;
    }
    i += 2 + out.readUInt16BE(i + 2);
  }
  throw new Error('internal: no frame header');
}

/** A few bytes changed, removed or doubled. */
function mutated(file: Buffer, source: Random): Buffer {
  const out = Buffer.from(file);
  for (let i = 0; i < 12; i++) out[source.integer(out.length)] = source.integer(256);
  const from = source.integer(out.length);
  const cut = out.subarray(from, from + source.integer(200));
  return source.integer(2) === 0
    ? Buffer.concat([out.subarray(0, from), cut, out.subarray(from)])
    : Buffer.concat([out.subarray(0, from), out.subarray(from + cut.length)]);
}

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

/** A picture of noise in a format. */
const picture = (format: (typeof FORMATS)[number], width = 96, height = 64): Promise<Buffer> =>
  sharp({
    create: {
      ...{ width, height, channels: 3, background: '#888' },
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .toFormat(format)
    .toBuffer();

/** A whole photograph, for between the others. */
export const wholePhotograph = (): Promise<Buffer> => picture('jpeg', 640, 480);

const flat = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#467' },
    limitInputPixels: false,
  });

async function bombs(): Promise<HostileUpload[]> {
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

async function wrongTypes(): Promise<HostileUpload[]> {
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

async function torn(): Promise<HostileUpload[]> {
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

async function polyglots(): Promise<HostileUpload[]> {
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

async function forms(): Promise<HostileUpload[]> {
  const photo = await picture('jpeg');
  const raw = (
    name: string,
    body: string | Uint8Array,
    type = MULTIPART,
    allowed: readonly number[] = REFUSED,
  ) => ({
    ...{ name, body: typeof body === 'string' ? Buffer.from(body, 'latin1') : body, type, allowed },
  });
  const field = (name: string, value: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const two = Buffer.concat([formOf(photo).subarray(0, -(BOUNDARY.length + 6)), formOf(photo)]);
  return [
    raw('a form without a boundary', formOf(photo), 'multipart/form-data'),
    raw('a form with another boundary', formOf(photo), 'multipart/form-data; boundary=other'),
    raw('a boundary of one letter', formOf(photo), 'multipart/form-data; boundary=a'),
    raw('a form that does not end', formOf(photo).subarray(0, -12)),
    raw('a form with two pictures', two),
    raw('a form of 100,000 parts', field('x', 'y').repeat(100_000)),
    raw('a form of 17 parts', `${field('x', 'y').repeat(17)}--${BOUNDARY}--\r\n`),
    raw('a form without a picture', `${field('samples', '1')}--${BOUNDARY}--\r\n`),
    raw('a picture as a text', `${field('image', 'Bergen')}--${BOUNDARY}--\r\n`),
    raw(
      'a field that nobody knows',
      `${field('path', '/etc/passwd')}${formOf(photo).toString('latin1')}`,
    ),
    raw('a billion samples', `${field('samples', '1e9')}${formOf(photo).toString('latin1')}`),
    raw('samples in words', `${field('samples', 'many')}${formOf(photo).toString('latin1')}`),
    raw(
      'a precision that does not exist',
      `${field('precision', 'street')}${formOf(photo).toString('latin1')}`,
    ),
    raw(
      'a file name that climbs',
      formOf(photo, 'name="image"; filename="../../etc/passwd"'),
      MULTIPART,
      [200],
    ),
    raw(
      'a file name with a line in it',
      formOf(photo, 'name="image"; filename="a\r\nX: y"'),
      MULTIPART,
      EITHER,
    ),
    raw(
      'a file name of 100,000 letters',
      formOf(photo, `name="image"; filename="${'a'.repeat(100_000)}"`),
      MULTIPART,
      EITHER,
    ),
    raw('a part without a name', formOf(photo, 'filename="x"')),
    raw('a form that is no form', photo),
    raw('an empty form', ''),
    raw(
      'a form with a name that is inherited',
      `${field('__proto__', 'x')}${formOf(photo).toString('latin1')}`,
    ),
    raw('a picture without a form', photo, 'image/jpeg'),
    raw('a picture of 60 MB', formOf(new Uint8Array(60e6))),
    {
      ...raw('a form that says it is packed', gzipSync(formOf(photo))),
      headers: { 'content-encoding': 'gzip' },
    },
    {
      ...raw('a packed bomb', gzipSync(Buffer.alloc(2 ** 27)), 'application/json'),
      headers: { 'content-encoding': 'gzip' },
    },
    {
      ...raw('a form of another site', formOf(photo), MULTIPART, [403]),
      headers: { 'sec-fetch-site': 'cross-site' },
    },
  ];
}

async function jsons(): Promise<HostileUpload[]> {
  const image = (await picture('jpeg')).toString('base64');
  return [
    json('JSON that is none', '{'),
    json('JSON of null', 'null'),
    json('JSON of a list', '[]'),
    json('no picture in JSON', '{}'),
    json('an empty picture in JSON', '{"image":""}'),
    json('a picture that is no base64', '{"image":"***"}'),
    json('a picture as a number', '{"image":5}'),
    json('a picture by its address', '{"image":"http://127.0.0.1:1/x.jpg"}'),
    json('a picture by its path', '{"image":"file:///etc/passwd"}'),
    json('picture and tile', `{"image":"${image}","tile":{"lat":1,"lon":1}}`),
    json('a tile beyond the pole', '{"tile":{"lat":91,"lon":0}}'),
    json('a tile that is no number', '{"tile":{"lat":null,"lon":0}}'),
    json('a tile of 1e999', '{"tile":{"lat":1e999,"lon":0}}'),
    json('a field that nobody knows in JSON', `{"image":"${image}","path":"/etc/passwd"}`),
    json('an inherited name in JSON', `{"image":"${image}","__proto__":{"samples":1}}`, EITHER),
    json('no samples', `{"image":"${image}","samples":0}`),
    json('half a sample', `{"image":"${image}","samples":1.5}`),
    json('JSON a million levels deep', `${'['.repeat(1e6)}${']'.repeat(1e6)}`),
    json('a picture of 50 MB of base64', `{"image":"${'A'.repeat(5e7)}"}`),
    json('base64 of nothing', `{"image":"${'A'.repeat(4000)}"}`),
    {
      ...json('JSON in another character set', `{"image":"${image}"}`),
      type: 'application/json; charset=utf-16',
    },
  ];
}

/** All of them. */
export async function hostileUploads(): Promise<HostileUpload[]> {
  const parts = [bombs(), wrongTypes(), torn(), polyglots(), forms(), jsons()];
  return (await Promise.all(parts)).flat();
}
