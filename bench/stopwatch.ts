/**
 * Where the time of a run goes, without a change to what runs: methods are watched from outside.
 * @module
 */

type Method = (...args: never[]) => unknown;

/** Adds up milliseconds of named parts; a part inside another is counted once, as itself. */
export class Stopwatch {
  #parts = new Map<string, number>();
  readonly #open: string[] = [];
  #since = performance.now();

  /** Ends the stretch since the last mark, for the part that is open. */
  #mark(): void {
    const now = performance.now();
    const name = this.#open.at(-1);
    if (name !== undefined) this.#parts.set(name, (this.#parts.get(name) ?? 0) + now - this.#since);
    this.#since = now;
  }

  /** A function that counts its calls as a part; a name of undefined counts them as nothing of their own. */
  around<F extends Method>(
    work: F,
    name: string | ((outer: string | undefined) => string | undefined),
  ): F {
    const watched = (self: unknown, args: Parameters<F>): unknown => {
      const part = typeof name === 'string' ? name : name(this.#open.at(-1));
      if (part === undefined) return work.apply(self, args);
      this.#mark();
      this.#open.push(part);
      const close = (): void => {
        this.#mark();
        this.#open.pop();
      };
      let result: unknown;
      try {
        result = work.apply(self, args);
      } catch (error) {
        close();
        throw error;
      }
      if (result instanceof Promise) return result.finally(close);
      close();
      return result;
    };
    return function (this: unknown, ...args: Parameters<F>) {
      return watched(this, args);
    } as F;
  }

  /** Watches a method of an object or prototype from now on. */
  watch<K extends string, O extends Record<K, Method>>(
    owner: O,
    method: K,
    name: Parameters<Stopwatch['around']>[1],
  ): void {
    owner[method] = this.around(owner[method], name);
  }

  /** The parts so far, which begin anew. */
  taken(): ReadonlyMap<string, number> {
    const parts = this.#parts;
    this.#parts = new Map();
    return parts;
  }
}
