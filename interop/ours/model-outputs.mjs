// What geor computes for a case of interop/model_cases.py, by the names used there.
// The modules come from outside: compiled for interop, as sources for `npm test`.

/** @type {import('./model-outputs.d.mts').modelOutputs} */
export async function modelOutputs(geor, { config, parameters }, golden, imageOf) {
  const { images: sizes, examples, pixels, temperature, greedyTokens } = golden;
  const preprocessor = { ...geor.DEFAULT_PREPROCESSOR, ...pixels };
  const pictures = sizes.map(([width, height], i) => ({ width, height, data: imageOf(i, width, height) }));
  const requests = examples.map(({ prompt, images }) => ({
    tokens: prompt,
    images: images.map((image) => pictures[image]),
  }));
  const prepared = pictures.map((image) => geor.prepareImage(image, config.vision_config, preprocessor));
  const out = new Map();
  const put = (name, data, shape) => out.set(name, { data, shape });

  put('grids', prepared.flatMap(({ grid }) => [grid.height, grid.width]), [prepared.length, 2]);
  prepared.forEach(({ grid, pixels: patches }, i) => {
    put(`pixels.${i}`, patches, [grid.height * grid.width, patches.length / grid.height / grid.width]);
  });

  const joined = (images) => ({
    grids: images.map(({ grid }) => grid),
    pixels: Float32Array.from(images.flatMap((image) => [...image.pixels])),
  });
  const generator = await geor.Generator.create(config, parameters, { threads: 1 });
  const features = await generator.features(joined(prepared));
  put('features', features, [features.length / config.hidden_size, config.hidden_size]);

  // images stand in the order of the prompts, each as often as it is shown
  const batch = geor.promptBatch(requests, { config, preprocessor });
  const whole = batch.prompts.map(({ tokens, images }, i) => ({
    prompt: tokens,
    images,
    completions: [examples[i].answer],
  }));
  const answers = examples.map(({ answer }) => answer.length);
  const total = answers.reduce((a, b) => a + b, 0);
  const length = Math.max(...whole.map(({ prompt, completions: [own] }) => prompt.length + own.length - 1));
  const packed = geor.pack(whole, { length, config, grids: batch.images.grids });
  const built = geor.answerGraph(config, { images: 'ragged', length });
  const { graph } = built;
  const { loss } = geor.nextTokenLoss(built);
  const names = [...built.parameters.keys()];
  graph.output(loss, 'loss');
  graph.gradients(loss, [...built.parameters.values()]).forEach((gradient, i) => {
    graph.output(gradient, `gradient:${names[i]}`);
  });
  const session = await geor.Session.create(graph, { threads: 1 });
  for (const [name, parameter] of parameters) session.bind(name, parameter);
  const feeds = geor.batchFeeds(packed, batch.images, config, 'ragged');
  const weights = { data: new Float32Array(total).fill(1 / total), shape: [total] };
  const results = await session.run({ ...feeds, weights });
  await session.release();
  put('loss', results.loss.data, [1]);
  for (const name of names) put(`gradient:${name}`, results[`gradient:${name}`].data, parameters.get(name).shape);

  // rows of `pack`: one example each when only the longest fits; logits of every token there
  const scorer = geor.answerGraph(config, { images: 'ragged' });
  scorer.graph.output(scorer.logits, 'logits');
  const logits = await geor.Session.create(scorer.graph, { threads: 1 });
  for (const [name, parameter] of parameters) logits.bind(name, parameter);
  for (const [i, example] of whole.entries()) {
    const own = example.prompt.length + answers[i] - 1;
    const alone = geor.pack([example], { length: own, config, grids: batch.images.grids });
    const rows = BigInt64Array.from({ length: own }, (_, row) => BigInt(row));
    const read = await logits.run({
      ...geor.batchFeeds(alone, batch.images, config, 'ragged'),
      answerRows: { data: rows, shape: [own] },
      answerTargets: { data: new BigInt64Array(own), shape: [own] },
    });
    put(`logits.${i}`, read.logits.data, [own, config.vocab_size]);
    const grids = example.images.map((image) => batch.images.grids[image]);
    const placed = geor.promptPositions(example.prompt, config, grids);
    const axes = placed.axes.map((axis) => [...axis, ...examples[i].answer.map((_, k) => placed.next + k)]);
    put(`positions.${i}`, axes.flat(), [3, own + 1]);
  }
  await logits.release();

  const greedy = await generator.generate(batch, {
    maxTokens: greedyTokens,
    temperature: 0,
    stop: new Set(),
  });
  greedy.forEach(({ tokens }, i) => put(`greedy.${i}`, tokens, [tokens.length]));
  const sampled = examples.map((_, i) => [golden.sampled(i)]);
  const scored = await generator.logProbabilities(batch, sampled, temperature);
  scored.forEach(([own], i) => put(`sampledLogProbabilities.${i}`, own, [own.length]));
  await generator.release();
  return out;
}
