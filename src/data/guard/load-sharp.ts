/**
 * sharp, loaded when the first photograph comes: geor works without it until then.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** What `import('sharp')` gives. */
export type SharpModule = typeof import('sharp');

/**
 * The decoder of photographs.
 *
 * @param load - how to import it; replaced in tests
 * @throws GeorError `config` when it is not installed, or not for this machine
 */
export async function loadSharp(
  load: () => Promise<SharpModule> = () => import('sharp'),
): Promise<SharpModule['default']> {
  try {
    return (await load()).default;
  } catch (cause) {
    throw new GeorError('config', 'photographs need the package sharp, which cannot be loaded', {
      hint: 'npm install sharp',
      cause,
    });
  }
}
