/**
 * A compiled training step: loss and gradients of the answer tokens of a batch.
 * @module
 */
import {
  type Adapter,
  type AnswerGraph,
  type AnswerGraphShape,
  answerGraph,
  batchFeeds,
  type ImageBatch,
  type ImageGrid,
  type ModelConfig,
  type PackedBatch,
  type Parameters,
  visionShapeOf,
} from '../model/index.ts';
import {
  GradientSum,
  gradientOutput,
  ops,
  Session,
  type Shaped,
  type Tensor,
} from '../tensor/index.ts';

/** The static shape of a step. */
export interface StepShape {
  /** Of every image; any when left out. */
  readonly grid?: ImageGrid;
  /** Tokens per packed row. */
  readonly length: number;
  readonly temperature?: number;
  readonly threads?: number;
  /** Trains an adapter: its layers, and the parameters it is added to, which stay as they are. */
  readonly adapter?: {
    readonly targets: Adapter['targets'];
    readonly base: Parameters;
  };
}

/** Adds a loss to an answer graph. Further inputs are (answers) long; further outputs are named. */
export type BuildLoss = (answers: AnswerGraph) => {
  readonly loss: Tensor;
  readonly outputs?: Readonly<Record<string, Tensor>>;
};

/** What a step computed, besides the gradients. */
export interface StepResult {
  readonly loss: number;
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

function graphShape(
  config: ModelConfig,
  { grid, length, temperature = 1, adapter }: StepShape,
): AnswerGraphShape {
  const images = grid ? visionShapeOf(config.vision_config, [grid]) : 'ragged';
  return { images, length, temperature, ...(adapter && { adapter: adapter.targets }) };
}

/** Computes gradients into its own arrays; `accumulate` adds several batches up. */
export class AnswerStep {
  /** Gradients by parameter name, summed over the batches since `clear`. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly #config: ModelConfig;
  readonly #images: AnswerGraphShape['images'];
  readonly #session: Session;
  readonly #sum: GradientSum;

  private constructor(
    config: ModelConfig,
    parameters: Parameters,
    images: AnswerGraphShape['images'],
    session: Session,
  ) {
    this.#config = config;
    this.#images = images;
    this.#session = session;
    const sizes = Array.from(parameters, ([name, { data }]) => [name, data.length] as const);
    this.#sum = new GradientSum(session, new Map(sizes));
    this.gradients = this.#sum.sums;
    for (const [name, parameter] of parameters) session.bind(name, parameter);
  }

  /**
   * Compiles the step. The parameters are read in place: the optimiser changes them.
   *
   * @param parameters - what is trained: the model's, or the matrices of the shape's adapter
   */
  static async create(
    config: ModelConfig,
    parameters: Parameters,
    { threads, ...stepShape }: StepShape,
    buildLoss: BuildLoss,
  ): Promise<AnswerStep> {
    const shape = graphShape(config, stepShape);
    const answers = answerGraph(config, shape);
    const { graph } = answers;
    const { loss, outputs = {} } = buildLoss(answers);
    const names = [...answers.trained.keys()];
    const gradients = graph.gradients(loss, [...answers.trained.values()]);
    graph.output(loss, 'loss');
    for (const [name, tensor] of Object.entries(outputs)) graph.output(tensor, name);
    names.forEach((name, i) => {
      graph.output(gradients[i]!, gradientOutput(name));
    });
    const session = await Session.create(graph, threads === undefined ? {} : { threads });
    for (const [name, parameter] of stepShape.adapter?.base ?? []) session.bind(name, parameter);
    return new AnswerStep(config, parameters, shape.images, session);
  }

  /** Forgets the gradients. */
  clear(): void {
    this.#sum.clear();
  }

  /**
   * Adds the gradients of one batch.
   *
   * @param extra - the loss's own inputs; plain arrays have one number per answer token
   */
  async accumulate(
    batch: PackedBatch,
    images: ImageBatch,
    extra: Readonly<Record<string, Float32Array | Shaped>>,
  ): Promise<StepResult> {
    const feeds: Record<string, Shaped> = batchFeeds(batch, images, this.#config, this.#images);
    for (const [name, value] of Object.entries(extra))
      feeds[name] = 'shape' in value ? value : { data: value, shape: [value.length] };
    const { loss, ...rest } = await this.#sum.add(feeds);
    const outputs: Record<string, Float32Array> = {};
    for (const [name, { data }] of Object.entries(rest)) outputs[name] = data as Float32Array;
    return { loss: Number(loss!.data[0]), outputs };
  }

  /** Frees the compiled graph. */
  release(): Promise<void> {
    return this.#session.release();
  }
}

/** What a scorer tells of every answer token. */
export interface AnswerScores {
  readonly logProbabilities: Float32Array;
  /** 1 where no token is more probable; only when asked for. */
  readonly isBest?: Float32Array;
}

/** Scores answers without gradients: the reference policy of GRPO, the loss on held-out samples. */
export class AnswerScorer {
  readonly #config: ModelConfig;
  readonly #images: AnswerGraphShape['images'];
  readonly #session: Session;

  private constructor(config: ModelConfig, images: AnswerGraphShape['images'], session: Session) {
    this.#config = config;
    this.#images = images;
    this.#session = session;
  }

  /**
   * Compiles the scoring graph. The parameters are read in place.
   *
   * @param parameters - the model's, or the matrices of the shape's adapter
   * @param tellsBest - whether scores say where the most probable token stands
   */
  static async create(
    config: ModelConfig,
    parameters: Parameters,
    { threads, ...stepShape }: StepShape,
    tellsBest: boolean = false,
  ): Promise<AnswerScorer> {
    const shape = graphShape(config, stepShape);
    const { graph, logits, logProbabilities } = answerGraph(config, shape);
    graph.output(logProbabilities, 'logProbabilities');
    if (tellsBest) graph.output(bestTokens(logits, logProbabilities), 'isBest');
    const session = await Session.create(graph, threads === undefined ? {} : { threads });
    for (const each of [parameters, stepShape.adapter?.base ?? []])
      for (const [name, parameter] of each) session.bind(name, parameter);
    return new AnswerScorer(config, shape.images, session);
  }

  /** Scores every answer token of a batch. */
  async score(batch: PackedBatch, images: ImageBatch): Promise<AnswerScores> {
    const feeds = batchFeeds(batch, images, this.#config, this.#images);
    const { logProbabilities, isBest } = await this.#session.run(feeds);
    return {
      logProbabilities: logProbabilities!.data as Float32Array,
      ...(isBest && { isBest: isBest.data as Float32Array }),
    };
  }

  /** Frees the compiled graph. */
  release(): Promise<void> {
    return this.#session.release();
  }
}

/** 1 where the answer's token is the most probable one; ties count. Temperature 1 alone. */
function bestTokens(logits: Tensor, logProbabilities: Tensor): Tensor {
  const shifted = ops.sub(logits, ops.maxOfLastAxis(logits));
  const best = ops.neg(ops.log(ops.sum(ops.exp(shifted), [1])));
  return ops.toFloat(ops.lessOrEqual(ops.sub(best, 1e-6), logProbabilities));
}
