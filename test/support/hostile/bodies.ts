/**
 * Requests that are hostile around the file.
 * @module
 */
import { gzipSync } from 'node:zlib';
import { picture } from './pictures.ts';
import {
  BOUNDARY,
  EITHER,
  formOf,
  type HostileUpload,
  json,
  MULTIPART,
  REFUSED,
} from './upload.ts';

/** Forms. */
export async function forms(): Promise<HostileUpload[]> {
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

/** JSON. */
export async function jsons(): Promise<HostileUpload[]> {
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
