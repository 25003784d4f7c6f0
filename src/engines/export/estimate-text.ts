/**
 * An estimate in a few lines for a person.
 * @module
 */
import { type Estimate, GPU_BYTES } from './estimate.ts';
import { type Plan, trainingProcesses } from './plan.ts';

/**
 * Operations that a GPU does in a second: an H100 SXM's 989 * 10^12 in 16 bits (NVIDIA's data sheet,
 * without sparsity), of which a training run may use 30 %. A guess that only orders of magnitude
 * should be read from.
 */
const GPU_FLOPS = 0.3 * 989e12;

const counted = (n: number): string => n.toLocaleString('en-US');
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const rounded = (n: number): string => (n >= 10 ? counted(Math.round(n)) : n.toPrecision(2));

function large(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toPrecision(3)} billion`;
  return n >= 1e6 ? `${(n / 1e6).toPrecision(3)} million` : counted(Math.round(n));
}

/** The lines, without a line feed behind the last. */
export function estimateText(plan: Plan, estimate: Estimate): string {
  const { steps, samplesPerStep, tokens, checkpoints, memory, petaflop } = estimate;
  const { numbers, cluster } = plan;
  const kind = numbers.stage === 'grpo' ? 'completions' : 'rows';
  const lines = [
    `estimate  ${counted(steps)} steps of ${counted(samplesPerStep)} ${kind}, at most ${large(tokens)} tokens, ${counted(checkpoints)} checkpoints`,
  ];
  if (memory) {
    const parts = [
      ['weights', memory.weights],
      ['gradients', memory.gradients],
      ['optimiser', memory.optimiser],
      ['activations', memory.activations],
    ] as const;
    const told = parts.map(([name, bytes]) => `${name} ${gigabytes(bytes)}`).join(', ');
    lines.push(`          each GPU: ${told}`);
    if (memory.generation > 0)
      lines.push(
        `          generation ${gigabytes(memory.generation)}, with room for ${counted(memory.cachedSequences)} full sequences`,
      );
    const share = Math.round((100 * memory.peak) / GPU_BYTES);
    const warning = share > 85 ? '; too near to the limit' : '';
    lines.push(
      `          peak ${gigabytes(memory.peak)} of 80 GB (${share} %), without fragmentation${warning}`,
    );
  }
  if (petaflop !== undefined) {
    const hours = (petaflop * 1e15) / GPU_FLOPS / trainingProcesses(cluster) / 3600;
    lines.push(
      `          ${rounded(petaflop / 1000)} x 10^18 operations: ${rounded(hours)} h if each GPU did 297 TFLOPS (30 % of an H100)`,
    );
  }
  return lines.join('\n');
}
