/**
 * A graph as an ONNX model file.
 *
 * Source: onnx.proto3 of ONNX 1.16; field numbers are named where they are used. Operator set 18,
 * IR version 9: old enough for every execution provider, new enough for reductions with axes as
 * inputs.
 * @module
 */
import {
  type Attribute,
  type DataType,
  type Graph,
  type Initializer,
  type Node,
  sizeOf,
  type Tensor,
} from '../graph.ts';
import { Message } from './protobuf.ts';

const OPERATOR_SET = 18;
const IR_VERSION = 9;

/** TensorProto.DataType */
const dataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
};

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20 (FLOAT 1, INT 2, STRING 3, INTS 7). */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().bytes(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.bytes(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
function node({ operation, inputs, outputs, attributes }: Node, names: OutputNames): Message {
  const message = new Message();
  for (const { name } of inputs) message.bytes(1, names.get(name) ?? name);
  for (const { name } of outputs) message.bytes(2, names.get(name) ?? name);
  message.bytes(4, operation);
  for (const [name, value] of Object.entries(attributes)) message.bytes(5, attribute(name, value));
  return message;
}

/**
 * TensorProto: dims 1, data_type 2, name 8, raw_data 9 (little-endian, as every platform of Node is),
 * or external_data 13 { key 1, value 2 } and data_location 14 (EXTERNAL 1).
 */
function initializer({ tensor, data }: Initializer): Message {
  const message = new Message();
  for (const dimension of tensor.shape) message.integer(1, dimension as number);
  message.integer(2, dataTypes[tensor.type]).bytes(8, tensor.name);
  if (!('file' in data))
    return message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const length = sizeOf(tensor.shape) * (tensor.type === 'float32' ? 4 : 2);
  const entries = { location: data.file, offset: `${data.begin}`, length: `${length}` };
  for (const [key, value] of Object.entries(entries))
    message.bytes(13, new Message().bytes(1, key).bytes(2, value));
  return message.integer(14, 1);
}

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { value 1, param 2 } } } }. */
function valueInfo({ name, shape, type }: Tensor): Message {
  const dimensions = new Message();
  for (const dimension of shape) {
    const message = new Message();
    dimensions.bytes(
      1,
      typeof dimension === 'number' ? message.integer(1, dimension) : message.bytes(2, dimension),
    );
  }
  const tensorType = new Message().integer(1, dataTypes[type]).bytes(2, dimensions);
  return new Message().bytes(1, name).bytes(2, new Message().bytes(1, tensorType));
}

/** The nodes that some output depends on: gradients nobody asked for are never computed. */
function usedNodes({ nodes, outputs }: Graph): readonly Node[] {
  const needed = new Set(outputs.map(({ name }) => name));
  const used = nodes.toReversed().filter((candidate) => {
    const isUsed = candidate.outputs.some(({ name }) => needed.has(name));
    if (isUsed) for (const { name } of candidate.inputs) needed.add(name);
    return isUsed;
  });
  return used.reverse();
}

/** The name under which a computed tensor is an output, by its own. */
type OutputNames = ReadonlyMap<string, string>;

/**
 * Tensors that can be written as outputs where they are computed. The runtime would copy one that the
 * graph also reads, in the Identity that names it.
 */
function outputNames({ nodes, outputs }: Graph): OutputNames {
  const computed = new Set(nodes.flatMap((each) => each.outputs));
  const names = new Map<string, string>();
  for (const { operation, inputs, outputs: results } of nodes) {
    const [from, to] = [inputs[0]!, results[0]!];
    const isName = operation === 'Identity' && outputs.includes(to);
    if (isName && computed.has(from) && !outputs.includes(from) && !names.has(from.name))
      names.set(from.name, to.name);
  }
  return names;
}

/** ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 { domain 1, version 2 }. */
export function encodeModel(graph: Graph): Uint8Array {
  // GraphProto: node 1, name 2, initializer 5, input 11, output 12
  const body = new Message();
  const nodes = usedNodes(graph);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ name }) => name)));
  const names = outputNames(graph);
  for (const each of nodes) {
    const isWritten = names.get(each.inputs[0]?.name ?? '') === each.outputs[0]!.name;
    if (!isWritten) body.bytes(1, node(each, names));
  }
  body.bytes(2, 'geor');
  for (const each of graph.initializers)
    if (read.has(each.tensor.name)) body.bytes(5, initializer(each));
  for (const each of graph.inputs) body.bytes(11, valueInfo(each));
  for (const each of graph.outputs) body.bytes(12, valueInfo(each));
  return new Message()
    .integer(1, IR_VERSION)
    .bytes(2, 'geor')
    .bytes(7, body)
    .bytes(8, new Message().bytes(1, '').integer(2, OPERATOR_SET))
    .encode();
}
