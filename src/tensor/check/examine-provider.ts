/**
 * An execution provider as a whole: whether it is there, and whether it computes rightly.
 * @module
 */
import { defaultRuntime, type Runtime } from '../runtime.ts';
import { operationCases } from './cases.ts';
import { type CheckOptions, checkRuntime, type OperationCheck } from './check-provider.ts';

/** What was found of a provider. */
export interface ProviderReport {
  readonly provider: string;
  /** Whether it runs at all on this machine. */
  readonly isThere: boolean;
  /** Why not. */
  readonly problem?: string;
  /** Every case, when it runs. */
  readonly checks: readonly OperationCheck[];
}

/** Tries a provider on one case and, if that runs, on all. */
export async function examineProvider(
  provider: string,
  runtime?: Runtime,
  options: CheckOptions = {},
): Promise<ProviderReport> {
  const candidate: Runtime = { ...(runtime ?? (await defaultRuntime())), providers: [provider] };
  const { cases = operationCases } = options;
  const [first] = await checkRuntime(candidate, { ...options, cases: cases.slice(0, 1) });
  if (first?.problem !== undefined)
    return { provider, isThere: false, problem: gist(first.problem), checks: [] };
  return { provider, isThere: true, checks: await checkRuntime(candidate, options) };
}

/** The end of ONNX Runtime's message, which says what happened; before it stands where. */
export const gist = (message: string): string =>
  message
    .trim()
    .replace(/^ONNX Runtime refused a graph: Error: /, '')
    .replace(/^OrtSessionOptions\w+: /, '')
    .replace(/^.* was false\. /s, '')
    .replace(/^.*\[ONNXRuntimeError\] : \d+ : \w+ : /s, '');
