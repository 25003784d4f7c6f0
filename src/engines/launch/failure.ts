/**
 * Why an engine failed, out of what it printed.
 *
 * When one process of many fails, the others fail after it with errors about lost connections, and
 * the launcher prints a summary of its own. The first error that is not such an echo is the one.
 * @module
 */

/** What is known about a failure. */
export interface Failure {
  /** The error as the engine put it; absent when nothing looked like one. */
  readonly message: string | undefined;
  /** What to do, where the error is a known one. */
  readonly hint: string | undefined;
}

/** The last line of a Python traceback: a dotted class name, then what it says. */
const EXCEPTION =
  /^(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Interrupt|Exit|Failed|Timeout))(?::|$)/;

/** Errors that follow from another process's. */
const ECHO =
  /ChildFailedError|DistBackendError|DistNetworkError|SignalException|Connection (?:closed|reset) by peer|ActorDiedError|RayTaskError|WorkerCrashedError|CalledProcessError|KeyboardInterrupt|SystemExit/;

/** What is put before a line by launchers: `[rank0]: `, `(TaskRunner pid=12, ip=10.0.0.1) `. */
const PREFIX = /^(?:\[(?:rank|default)\d*\]:?\s?|\([\w:.]+ pid=\d+(?:, ip=[\d.]+)?\)\s?)+/;

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /out of memory|OutOfMemoryError/i,
    'export again with a smaller batch per device, or give generation a smaller share of the memory',
  ],
  [/No space left on device|ENOSPC/, 'free the disk, or keep fewer checkpoints'],
  [
    /No module named|ModuleNotFoundError|ImportError/,
    "choose the engine's environment with --python, or install what is missing into it",
  ],
  [
    /Image features and image tokens do not match/,
    'the policy wrote image tokens itself; the exported settings forbid that, so check that they are used',
  ],
  [
    /Address already in use|EADDRINUSE/,
    'another run on this machine uses the port; wait or stop it',
  ],
  [
    /reward service|GEOR_REWARD_URL/i,
    'the reward service did not answer; see the line above for its address, and try its /health',
  ],
  [
    /unexpected keyword argument|unrecognized arguments|Key '.*' is not in struct/,
    'the engine has another version than the export was written for',
  ],
  [
    /No such file or directory|FileNotFoundError/,
    'a path of the run is not there on the machine of the engine',
  ],
];

/** The first error of a log that is not the echo of another, with a hint where it is known. */
export function findFailure(lines: readonly string[]): Failure {
  let echo: string | undefined;
  const clean = lines.map((line) => line.replace(PREFIX, '').trim());
  for (const [i, start] of clean.entries()) {
    if (!EXCEPTION.test(start)) continue;
    // Some begin what they say on the next line.
    const line = start.endsWith(':') ? `${start} ${clean[i + 1] ?? ''}`.trim() : start;
    if (ECHO.test(line)) {
      echo ??= line;
      continue;
    }
    return { message: line, hint: hintFor(line) };
  }
  return { message: echo, hint: echo && hintFor(echo) };
}

function hintFor(message: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1];
}
