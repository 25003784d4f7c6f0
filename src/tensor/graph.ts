/**
 * A graph under construction: tensors, the ONNX nodes that compute them, and the tape that
 * differentiates them.
 *
 * Nothing is computed here. Operations (`ops/`) append nodes and, where they have a gradient, an
 * entry to the tape; `gradients` walks the tape backwards and appends more nodes; `encodeModel`
 * writes the nodes for ONNX Runtime to execute.
 * @module
 */
import { GeorError, invariant } from '../core/index.ts';

/** Element types a graph uses. The 16-bit floats only hold weights, which are cast where they are used. */
export type DataType = 'float32' | 'int64' | 'bool' | 'float16' | 'bfloat16';

/** A dimension: a size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string;

/** A value in a graph: its name, shape and element type. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly type: DataType;
}

/** What an ONNX attribute may hold: an integer list, a float (marked) or an integer. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** One ONNX operation. */
export interface Node {
  readonly operation: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Vector-Jacobian product: the gradient of the output in, one gradient per input out. */
export type Backward = (gradient: Tensor) => readonly (Tensor | null)[];

/** The same for several outputs; `null` for an output that does not influence the loss. */
export type BackwardOfMany = (gradients: readonly (Tensor | null)[]) => readonly (Tensor | null)[];

interface OutputOf {
  readonly shape: readonly Dimension[];
  readonly type?: DataType;
}

interface TapeEntry {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly backward: BackwardOfMany;
}

/** Where the elements of a weight lie in a file, little-endian and row-major. */
export interface StoredElements {
  /** File name without a folder; the session says where its files are. */
  readonly file: string;
  /** First byte, counted from the start of the file. */
  readonly begin: number;
  readonly type: 'float32' | 'float16' | 'bfloat16';
}

/** A constant: its values, or where they are stored. */
export interface Initializer {
  readonly tensor: Tensor;
  readonly data: Float32Array | BigInt64Array | StoredElements;
}

/** The graph. Made empty; operations fill it. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly initializers: Initializer[] = [];
  readonly #tape: TapeEntry[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #dimensions = new Map<string, Tensor>();
  #recording = true;
  #count = 0;

  /** A value fed from outside under `name`. */
  input(name: string, shape: readonly Dimension[], type: DataType = 'float32'): Tensor {
    const tensor = { graph: this, name, shape, type };
    this.inputs.push(tensor);
    return tensor;
  }

  /** Makes `tensor` a result of the graph, under `name`. */
  output(tensor: Tensor, name: string): void {
    const named = { graph: this, name, shape: tensor.shape, type: tensor.type };
    this.nodes.push({ operation: 'Identity', inputs: [tensor], outputs: [named], attributes: {} });
    this.outputs.push(named);
  }

  /** A constant. Small equal constants are shared. */
  constant(data: Float32Array | BigInt64Array, shape: readonly number[]): Tensor {
    const type = data instanceof Float32Array ? 'float32' : 'int64';
    const key = data.length <= 16 ? `${type}:${shape.join()}:${data.join()}` : '';
    const known = this.#constants.get(key);
    if (known) return known;
    const tensor: Tensor = { graph: this, name: `c${this.#count++}`, shape, type };
    this.initializers.push({ tensor, data });
    if (key) this.#constants.set(key, tensor);
    return tensor;
  }

  /**
   * A frozen weight that the runtime reads from a file itself, so that it never passes through
   * JavaScript's memory. Sixteen-bit floats are stored as they are and cast to float32 in the graph.
   *
   * @throws GeorError `data` for a file name that could leave the folder, or an offset that is none
   */
  stored(name: string, shape: readonly number[], elements: StoredElements): Tensor {
    const { file, begin, type } = elements;
    if (!isPlainFileName(file) || !Number.isSafeInteger(begin) || begin < 0)
      throw new GeorError(
        'data',
        `${name}: no weight at byte ${begin} of ${JSON.stringify(file)}`,
        {
          hint: 'a stored weight lies at a byte of a file, named without its folder',
        },
      );
    const tensor: Tensor = { graph: this, name, shape, type };
    this.initializers.push({ tensor, data: elements });
    return type === 'float32' ? tensor : this.apply('Cast', [tensor], { shape }, { to: 1 });
  }

  /** A float32 scalar constant. */
  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), []);
  }

  /** A one-dimensional int64 constant, as ONNX wants shapes and axes. */
  integers(values: readonly number[]): Tensor {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /**
   * The size that a named dimension of an input has in a run: int64, (1).
   *
   * @throws GeorError `internal` when no input has a dimension of this name
   */
  dimension(name: string): Tensor {
    const known = this.#dimensions.get(name);
    if (known) return known;
    const input = this.inputs.find(({ shape }) => shape.includes(name));
    invariant(input, `no input has a dimension ${name}`);
    const axis = input.shape.indexOf(name);
    const size = this.apply(
      'Shape',
      [input],
      { shape: [1], type: 'int64' },
      { start: axis, end: axis + 1 },
    );
    this.#dimensions.set(name, size);
    return size;
  }

  /** Appends one ONNX operation with one output. Shapes are the caller's affair. */
  apply(
    operation: string,
    inputs: readonly Tensor[],
    output: OutputOf,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Tensor {
    return this.applyMany(operation, inputs, [output], attributes)[0]!;
  }

  /** Appends one ONNX operation with several outputs. */
  applyMany(
    operation: string,
    inputs: readonly Tensor[],
    outputs: readonly OutputOf[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Tensor[] {
    for (const tensor of inputs)
      invariant(tensor.graph === this, 'tensors of two graphs meet in one operation');
    const tensors = outputs.map(({ shape, type = 'float32' }) => ({
      graph: this,
      name: `t${this.#count++}`,
      shape,
      type,
    }));
    this.nodes.push({ operation, inputs, outputs: tensors, attributes });
    return tensors;
  }

  /**
   * Runs `forward`, whose own operations leave no tape, and records one gradient for its result.
   * So a composite (a norm, an activation) has the derivative that is cheapest to compute.
   */
  differentiable(inputs: readonly Tensor[], forward: () => Tensor, backward: Backward): Tensor {
    return this.differentiableMany(
      inputs,
      () => [forward()],
      ([gradient]) => backward(gradient!),
    )[0]!;
  }

  /** {@link differentiable} for an operation with several outputs. */
  differentiableMany(
    inputs: readonly Tensor[],
    forward: () => readonly Tensor[],
    backward: BackwardOfMany,
  ): readonly Tensor[] {
    const outer = this.#recording;
    this.#recording = false;
    const outputs = forward();
    this.#recording = outer;
    if (outer) this.#tape.push({ inputs, outputs, backward });
    return outputs;
  }

  /**
   * Reverse-mode differentiation: appends the operations that compute d loss / d target.
   *
   * @param loss - a scalar
   * @returns one gradient per target, of its shape
   * @throws GeorError `internal` when a target does not influence the loss
   */
  gradients(loss: Tensor, targets: readonly Tensor[]): Tensor[] {
    invariant(loss.shape.length === 0, 'the loss of a graph is a scalar');
    const tape = [...this.#tape];
    const needed = new Set(targets);
    for (const { inputs, outputs } of tape) {
      if (inputs.some((tensor) => needed.has(tensor)))
        for (const output of outputs) needed.add(output);
    }
    const sums = new Map<Tensor, Tensor>([[loss, this.scalar(1)]]);
    this.#recording = false;
    for (const { inputs, outputs, backward } of tape.reverse()) {
      const gradients = outputs.map((output) =>
        needed.has(output) ? (sums.get(output) ?? null) : null,
      );
      if (gradients.every((gradient) => gradient === null)) continue;
      backward(gradients).forEach((part, i) => {
        const input = inputs[i]!;
        if (!part || !needed.has(input)) return;
        const sum = sums.get(input);
        sums.set(input, sum ? this.apply('Add', [sum, part], { shape: input.shape }) : part);
      });
    }
    this.#recording = true;
    return targets.map((target) => {
      const gradient = sums.get(target);
      invariant(gradient, `${target.name} does not influence the loss`);
      return gradient;
    });
  }
}

/** Whether a name stays in its folder on every platform. */
const isPlainFileName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\\\0:]/.test(name);

/** The number of elements of a static shape. */
export function sizeOf(shape: readonly Dimension[]): number {
  return shape.reduce<number>((size, dimension) => {
    invariant(typeof dimension === 'number', `a static shape was expected, got [${shape.join()}]`);
    return size * dimension;
  }, 1);
}
