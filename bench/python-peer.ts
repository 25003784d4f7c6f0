/**
 * The Python side of a benchmark: a script in `peers/` that answers a line with a line of JSON, run by
 * the interpreter in GEOR_PYTHON.
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A running peer. */
export interface PythonPeer {
  /** The next answer, whatever was asked. Throws the last line of its complaint when it is gone. */
  answer<Reply>(): Promise<Reply>;
  /** Sends a line and waits for the answer. */
  ask<Reply>(line: string): Promise<Reply>;
  stop(): void;
  /** Of the interpreter; -1 when it did not start. */
  readonly pid: number;
}

/** Starts a script of `peers/`; whether it runs shows in the first answer. */
export function startPython(
  script: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): PythonPeer {
  const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const child = spawn(process.env['GEOR_PYTHON'] ?? 'python3', [path, ...args], {
    env: { ...process.env, ...environment },
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  child.stdin.on('error', () => {});
  const gone = new Promise<undefined>((resolve) => {
    child.on('error', (error) => {
      complaint += error.message;
      resolve(undefined);
    });
    child.on('exit', () => resolve(undefined));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <Reply>(): Promise<Reply> => {
    const line = await Promise.race([lines.next(), gone]);
    if (!line || line.done) throw new Error(complaint.trim().split('\n').at(-1) || 'no answer');
    return JSON.parse(line.value);
  };
  return {
    answer,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    stop: () => void child.kill(),
    pid: child.pid ?? -1,
  };
}

/** Says why there is no comparison, and what would make one. */
export function noComparison(peer: string, needs: string, error: unknown): void {
  console.log(`no comparison with ${peer}: ${error instanceof Error ? error.message : error}`);
  console.log(`set GEOR_PYTHON to a Python with ${needs} installed`);
}
