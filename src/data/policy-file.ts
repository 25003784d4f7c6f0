/**
 * A policy for disputed land from a JSON file.
 * @module
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import type { PolicyOverrides } from '../geo/index.ts';

const schema = z.record(z.string(), z.string().nullable());

/**
 * Reads `{"area": "XX", "another area": null}`: area to country code, or null for nobody's.
 *
 * @throws GeorError `config` when the file cannot be read or is something else. Whether areas and
 *   codes exist, `withPolicy` says.
 */
export function readPolicy(path: string): PolicyOverrides {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeorError('config', `cannot read the policy ${path}: ${reason}`, { cause });
  }
  const policy = schema.safeParse(json);
  if (policy.success) return policy.data;
  throw new GeorError('config', `the policy ${path} is not a JSON object of area to country code`, {
    hint: 'for example: {"Kosovo": "RS", "Bir Tawil": null}',
  });
}
