/** Prints what is found of the execution provider named on the command line, as JSON. @module */
import { examineProvider } from '../check/examine-provider.ts';

const report = await examineProvider(process.argv[2] ?? 'cpu');
process.stdout.write(JSON.stringify(report));
