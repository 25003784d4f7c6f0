/**
 * A request that nobody sends by mistake, and what may be answered to it.
 * @module
 */

/** A request to `/v1/locate`. */
export interface HostileUpload {
  readonly name: string;
  readonly body: Uint8Array;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are an answer to it. */
  readonly allowed: readonly number[];
}

/** Statuses of what is refused. */
export const REFUSED = [400, 413, 415, 422];
/** A file that is damaged may still hold a whole picture. */
export const EITHER = [200, ...REFUSED];

/** Between the parts of a form. */
export const BOUNDARY = 'hostile';
/** The content type of a form. */
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form with one file. */
export const formOf = (file: Uint8Array, head = 'name="image"; filename="image"'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

/** A picture in a form. */
export const upload = (name: string, file: Uint8Array, allowed: readonly number[] = REFUSED) => ({
  ...{ name, body: formOf(file), type: MULTIPART, allowed },
});
/** A body of JSON. */
export const json = (name: string, body: string, allowed: readonly number[] = REFUSED) => ({
  ...{ name, body: Buffer.from(body), type: 'application/json', allowed },
});
