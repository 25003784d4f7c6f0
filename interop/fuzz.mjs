/**
 * Asks a running `geor serve` what its OpenAPI document allows, and what it does not (schemathesis).
 *
 *     npm run test:fuzz                                       no answer may be a 5xx
 *     npm run test:fuzz -- --seed 2 --max-examples 500        more of it, schemathesis's own flags
 *
 * The service has a token and the rewards of globe, which use every field. The environment is
 * `interop/.venv-fuzz`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment } from './python.mjs';

const TOKEN = 'fuzz';
const folder = environment('.venv-fuzz', ['requirements-fuzz.txt']);
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const serve = ['serve', '--port', '0', '--json', '--no-page', '--recipe', 'globe', '--weights', 'two-reward'];
const service = spawn(process.execPath, [main, ...serve], {
  env: { ...process.env, GEOR_TOKEN: TOKEN },
  stdio: ['ignore', 'pipe', 'inherit'],
});
for await (const line of createInterface({ input: service.stdout })) {
  const { status } = spawnSync(
    `${folder}/bin/schemathesis`,
    [
      ...['run', `${JSON.parse(line).url}/openapi.json`, '-H', `Authorization: Bearer ${TOKEN}`],
      ...['--checks', 'not_a_server_error', '--max-examples', '100', '--seed', '1'],
      ...process.argv.slice(2),
    ],
    // where it leaves what it remembers
    { stdio: 'inherit', cwd: folder },
  );
  process.exitCode = status ?? 1;
  service.kill();
}
