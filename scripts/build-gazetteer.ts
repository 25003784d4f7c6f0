/**
 * Builds a gazetteer: `assets/gazetteer.bin.br` from the packages in `scripts/sources`, or one from
 * the user's own boundaries and places.
 *
 *     npx tsc -p scripts/gazetteer && node dist/build-gazetteer/scripts/build-gazetteer.js --help
 *
 * @module
 */
import { main } from './gazetteer/command.ts';

process.exitCode = main(process.argv.slice(2));
