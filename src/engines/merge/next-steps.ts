/**
 * What to type to serve a merged model and to measure it.
 * @module
 */
import type { Manifest } from '../manifest/manifest.ts';

/** Command lines, ready to paste. */
export interface NextSteps {
  readonly serve: string;
  readonly evaluate: string;
}

// The question, the picture and the longest answer of the recipes fit well below it.
const MODEL_LENGTH = 8192;
const LEAST_PIXELS = 4 * 28 * 28;

/**
 * The commands for a model in `folder`.
 *
 * vLLM: `--generation-config vllm` keeps the sampling defaults of the model's folder from replacing
 * those of a request; the pixel budget is the one of the training.
 */
export function nextSteps(folder: string, { run, model }: Manifest): NextSteps {
  const size = JSON.stringify({ shortest_edge: LEAST_PIXELS, longest_edge: model.maxPixels });
  return {
    serve:
      `vllm serve ${quoted(folder)} --served-model-name ${run} --max-model-len ${MODEL_LENGTH}` +
      ` --limit-mm-per-prompt '{"image":1}' --mm-processor-kwargs '{"size":${size}}' --generation-config vllm`,
    evaluate: `geor evaluate --truth TRUTH.csv --photos PHOTOS/ --backend http://127.0.0.1:8000/v1 --model ${run}`,
  };
}

const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
