import { describe, expect, it } from 'vitest';
import { Graph, ops, Session } from '../index.ts';
import { encodeModel } from './encode-model.ts';
import { Message } from './protobuf.ts';

type Field = { readonly field: number; readonly value: bigint | Uint8Array };

/** Reads one level of a message by the wire format; throws where the bytes do not fit. */
function fields(bytes: Uint8Array): Field[] {
  const out: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new Error('a varint runs over the end');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('a field runs over the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = key >> 3;
    if ((key & 7) === 0) out.push({ field, value: varint() });
    else if ((key & 7) === 2) out.push({ field, value: take(Number(varint())) });
    else if ((key & 7) === 5) out.push({ field, value: take(4) });
    else throw new Error(`wire type ${key & 7}`);
  }
  return out;
}

const all = (message: readonly Field[], field: number): Uint8Array[] =>
  message.filter((each) => each.field === field).map(({ value }) => value as Uint8Array);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const graphOf = (bytes: Uint8Array): Field[] => fields(all(fields(bytes), 7)[0]!);
const operations = (graph: Graph): string[] =>
  all(graphOf(encodeModel(graph)), 1).map((node) => text(all(fields(node), 4)[0]!));

describe('Message', () => {
  it('writes the examples of the protocol buffers documentation', () => {
    expect([...new Message().integer(1, 150).encode()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new Message().bytes(2, 'testing').encode()]).toEqual([
      0x12,
      0x07,
      ...Buffer.from('testing'),
    ]);
    expect([...new Message().bytes(3, new Message().integer(1, 150)).encode()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
    expect([...new Message().integer(1, -2).encode()]).toEqual([
      0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
    ]);
    expect([...new Message().float(2, 1.5).encode()]).toEqual([0x15, 0, 0, 0xc0, 0x3f]);
    expect([...new Message().integer(17, 2 ** 40).encode()]).toEqual([
      0x88, 0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20,
    ]);
  });
});

describe('encodeModel', () => {
  const graph = new Graph();
  const x = graph.input('x', ['n', 3]);
  const weight = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  graph.output(ops.linear(x, weight), 'y');

  it('writes version, operator set, names, shapes and raw data', () => {
    const model = fields(encodeModel(graph));
    expect(model.find(({ field }) => field === 1)?.value).toBe(9n);
    const operatorSet = fields(all(model, 8)[0]!);
    expect(operatorSet.find(({ field }) => field === 2)?.value).toBe(18n);
    const body = graphOf(encodeModel(graph));
    const [initializer] = all(body, 5).map(fields);
    expect(initializer!.filter(({ field }) => field === 1).map(({ value }) => value)).toEqual([
      2n,
      3n,
    ]);
    expect(new Float32Array(all(initializer!, 9)[0]!.slice().buffer)).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, 6),
    );
    const input = fields(all(body, 11)[0]!);
    expect(text(all(input, 1)[0]!)).toBe('x');
    const tensorType = fields(all(fields(all(input, 2)[0]!), 1)[0]!);
    expect(tensorType[0]).toEqual({ field: 1, value: 1n });
    const dimensions = all(fields(all(tensorType, 2)[0]!), 1).map(fields);
    expect(text(all(dimensions[0]!, 2)[0]!)).toBe('n');
    expect(dimensions[1]).toEqual([{ field: 1, value: 3n }]);
    expect(all(body, 12).map((output) => text(all(fields(output), 1)[0]!))).toEqual(['y']);
  });

  it('writes attributes with their types', () => {
    const transposed = new Graph();
    transposed.output(ops.transpose(transposed.input('x', [2, 300]), [1, 0]), 'y');
    const node = fields(all(graphOf(encodeModel(transposed)), 1)[0]!);
    const attribute = fields(all(node, 5)[0]!);
    expect(text(all(attribute, 1)[0]!)).toBe('perm');
    expect(attribute.slice(1)).toEqual([
      { field: 8, value: 1n },
      { field: 8, value: 0n },
      { field: 20, value: 7n },
    ]);
  });

  it('leaves out gradients that no output needs', () => {
    const build = (): { graph: Graph; dx: ReturnType<typeof ops.neg> } => {
      const graph = new Graph();
      const [x, w] = [graph.input('x', [2, 3]), graph.input('w', [4, 3])];
      const loss = ops.sum(ops.linear(x, w));
      const [, dx] = graph.gradients(loss, [w, x]);
      graph.output(loss, 'loss');
      return { graph, dx: dx! };
    };
    const forward = build();
    expect(operations(forward.graph)).toEqual(['Gemm', 'ReduceSum']);
    expect(forward.graph.nodes.length).toBeGreaterThan(6);
    const both = build();
    both.graph.output(both.dx, 'dx');
    // one product for dx, none for dw
    expect(operations(both.graph).filter((name) => name === 'Gemm')).toHaveLength(2);
    expect(all(graphOf(encodeModel(forward.graph)), 5).length).toBeLessThan(
      forward.graph.initializers.length,
    );
  });

  it('writes outputs where they are computed, even those that the graph reads', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const doubled = ops.mul(x, 2);
    graph.output(x, 'same');
    graph.output(doubled, 'doubled');
    graph.output(doubled, 'again');
    graph.output(ops.add(doubled, 1), 'more');
    expect(operations(graph)).toEqual(['Mul', 'Identity', 'Identity', 'Add']);
    const session = await Session.create(graph, { threads: 1 });
    const bound = new Float32Array(2);
    session.bind('doubled', bound);
    const { same, again, more } = await session.run({ x: Float32Array.of(3, -2) });
    expect([...bound]).toEqual([6, -4]);
    expect([same, again, more].map((output) => [...output!.data])).toEqual([
      [3, -2],
      [6, -4],
      [7, -3],
    ]);
    await session.release();
  });
});
