/**
 * One way to hold frozen weights, measured: `node stored_weights.mjs FOLDER TYPE WAY`. Prints a line.
 * Needs `npm run build`; resident memory as Linux tells it.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Graph, ops, Session } from '../../dist/tensor/index.js';

const [folder, type, way] = process.argv.slice(2);
const [OUT, IN, MATRICES] = [11008, 2048, 8];
const file = `${type}.bin`;
const bytesPerElement = type === 'float32' ? 4 : 2;

if (way === 'write') {
  const out = openSync(join(folder, file), 'w');
  for (let k = 0; k < MATRICES; k++) {
    const values = Float32Array.from({ length: OUT * IN }, (_, i) => Math.sin(i + k) / 45);
    const words = new Uint32Array(values.buffer);
    const data = bytesPerElement === 4 ? values : Uint16Array.from(words, (word) => word >>> 16);
    writeSync(out, new Uint8Array(data.buffer));
  }
  closeSync(out);
  process.exit(0);
}

const memory = {
  default: {},
  lean: { arena: false, pattern: false, prepack: false },
  cast: { arena: false, pattern: false, prepack: false, foldConstants: false },
  fed: {},
}[way];
const graph = new Graph();
let hidden = graph.input('x', ['rows', IN]);
const fed = new Map();
for (let k = 0; k < MATRICES; k++) {
  const begin = k * OUT * IN * bytesPerElement;
  const weight =
    way === 'fed'
      ? graph.input(`w${k}`, [OUT, IN])
      : graph.stored(`w${k}`, [OUT, IN], { file, begin, type });
  if (way === 'fed') fed.set(`w${k}`, begin);
  hidden = k % 2 ? ops.gemm(hidden, weight) : ops.linear(hidden, weight);
}
graph.output(hidden, 'y');

/** Values of bfloat16 bytes. */
function widened(bytes) {
  const halves = new Uint16Array(bytes.buffer);
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < words.length; i++) words[i] = halves[i] << 16;
  return values;
}

let start = performance.now();
const session = await Session.create(graph, { weights: folder, memory, threads: 2 });
if (fed.size > 0) {
  const source = openSync(join(folder, file), 'r');
  for (const [name, begin] of fed) {
    const stored = new Uint8Array(OUT * IN * bytesPerElement);
    readSync(source, stored, 0, stored.length, begin);
    session.bind(name, type === 'float32' ? new Float32Array(stored.buffer) : widened(stored));
  }
  closeSync(source);
}
const load = performance.now() - start;
const x = { data: new Float32Array(IN).fill(0.01), shape: [1, IN] };
const times = [];
for (let i = 0; i < 9; i++) {
  start = performance.now();
  await session.run({ x });
  times.push(performance.now() - start);
}
const status = readFileSync('/proc/self/status', 'utf8');
const mebibytes = (field) => Math.round(Number(status.match(`${field}:\\s+(\\d+)`)[1]) / 1024);
process.stdout.write(
  `load ${load.toFixed(0)} ms, first run ${times[0].toFixed(0)} ms, median ` +
    `${times.sort((a, b) => a - b)[4].toFixed(0)} ms; own memory ${mebibytes('RssAnon')} MiB, ` +
    `of mapped files ${mebibytes('RssFile')} MiB, peak ${mebibytes('VmHWM')} MiB\n`,
);
process.exit(0);
