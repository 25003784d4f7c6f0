// Calls a function of a TypeScript source in this process: node run-source.mjs FILE FUNCTION ARGUMENT
import { createServer } from 'vite';

const [, , file, name, argument] = process.argv;
const server = await createServer({
  ...{ configFile: false, appType: 'custom', logLevel: 'error' },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const module = await server.ssrLoadModule(`/${file}`);
await module[name](argument);
await server.close();
