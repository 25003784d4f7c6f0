/**
 * What a server turns out to understand. Optional fields of a request that it refuses are left out
 * from then on, and the asker is told.
 * @module
 */

/** Optional fields of a request, and what it means to go without. */
const OPTIONAL: Readonly<Record<string, string>> = {
  seed: 'its answers cannot be repeated',
  top_p: 'it samples from all tokens',
  temperature: 'it samples at a temperature of its own',
  logprobs: 'its answers come without probabilities',
  structured_outputs: 'answers are not kept in shape and may need repair',
  regex: 'answers are not kept in shape and may need repair',
  response_format: 'answers are not kept in shape and may need repair',
  n: 'it is asked once for each sample',
  stream: 'answers come whole',
};

/** The dialect of one server, learned as it refuses. */
export class Dialect {
  readonly #omitted = new Set<string>();
  #limitField: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';
  readonly #notes: string[] = [];

  /** What had to be left out, as sentences. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Whether several answers may be asked for at once. */
  get takesN(): boolean {
    return !this.#omitted.has('n');
  }

  /** Leaves a field out from now on. */
  omit(field: string): void {
    if (this.#omitted.has(field)) return;
    this.#omitted.add(field);
    this.#notes.push(`the server does not take ${field}: ${OPTIONAL[field]}`);
  }

  /** The request as this server takes it: without what it refuses, its token limit under its name. */
  adapted(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { max_tokens: limit, ...rest } = body;
    const kept = Object.entries(rest).filter(([name]) => !this.#omitted.has(name));
    return { ...Object.fromEntries(kept), [this.#limitField]: limit };
  }

  /**
   * Learns from a refusal.
   *
   * @param body - what was sent
   * @param said - the server's words
   * @returns whether another try makes sense
   */
  learn(body: Readonly<Record<string, unknown>>, said: string): boolean {
    const names = (field: string): boolean =>
      new RegExp(`(?:^|[^\\w])${field}(?:[^\\w]|$)`).test(said);
    if (this.#limitField === 'max_tokens' && names('max_completion_tokens')) {
      this.#limitField = 'max_completion_tokens';
      return true;
    }
    const refused = Object.keys(OPTIONAL).filter(
      (field) => field in body && (field === 'n' ? /['"`]n['"`]/.test(said) : names(field)),
    );
    for (const field of refused) this.omit(field);
    return refused.length > 0;
  }
}
