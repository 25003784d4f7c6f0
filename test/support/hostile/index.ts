/**
 * Two hundred uploads that nobody sends by mistake: bombs, polyglots, torn and mutated files, wrong
 * types, lies in forms and JSON. All are made here, by seed, so that a failure can be repeated.
 * @module
 */
import { forms, jsons } from './bodies.ts';
import { bombs, polyglots, torn, wrongTypes } from './files.ts';
import type { HostileUpload } from './upload.ts';

export { wholePhotograph } from './pictures.ts';
export { formOf, type HostileUpload } from './upload.ts';

/** All of them. */
export async function hostileUploads(): Promise<HostileUpload[]> {
  const parts = [bombs(), wrongTypes(), torn(), polyglots(), forms(), jsons()];
  return (await Promise.all(parts)).flat();
}
