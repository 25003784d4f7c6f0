/**
 * Processes that are not children of this one: whether they live, and whether they are the same.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * When a process began, as the kernel counts it; `null` where that cannot be learned. Together with
 * its number it names a process once and for all (Linux: `/proc/PID/stat`, field 22).
 */
export function processStart(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** Fields of `/proc/PID/stat` from the third on: the second, the name, may hold anything. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Whether a process lives and is the one that began then. One that only awaits burial is dead. */
export function isRunning(pid: number, startedAt: string | null): boolean {
  const fields = statFields(pid);
  if (fields)
    return !['Z', 'X'].includes(fields[0]!) && (startedAt === null || fields[19] === startedAt);
  try {
    process.kill(pid, 0);
    return startedAt === null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && startedAt === null;
  }
}

/** Signals a whole process group; one that is gone already is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Processes whose environment holds a variable with this value, where `/proc` shows it: launchers
 * put the processes they start into sessions of their own (torchrun does), out of reach of a signal
 * to a group, and these live on when their launcher is killed.
 */
export function processesMarked(name: string, value: string): number[] {
  const marked = Buffer.from(`\0${name}=${value}\0`);
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
  return entries.map(Number).filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`);
      return (
        Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]).includes(marked) &&
        isRunning(pid, null)
      );
    } catch {
      return false; // gone, or another user's
    }
  });
}

/** Ends a process at once; one that is gone already is no error. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
