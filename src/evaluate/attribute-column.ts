/**
 * A column of texts in which equal values share a code.
 * @module
 */

/** One attribute of every row. */
export interface AttributeColumn {
  /** Code per row, an index into `values`. */
  readonly codes: Uint32Array;
  /** The first is the empty text, of rows without the attribute. */
  readonly values: readonly string[];
}

/** Takes values in, row by row. */
export class AttributeBuilder {
  readonly #values = [''];
  readonly #codeOf = new Map([['', 0]]);
  readonly #codes: number[] = [];

  /** Rows must come in order; those left out have no value. */
  set(row: number, value: string): void {
    let code = this.#codeOf.get(value);
    if (code === undefined) {
      code = this.#values.push(value) - 1;
      this.#codeOf.set(value, code);
    }
    while (this.#codes.length < row) this.#codes.push(0);
    this.#codes[row] = code;
  }

  /** The column of `n` rows. */
  column(n: number): AttributeColumn {
    const codes = new Uint32Array(n);
    codes.set(this.#codes);
    return { codes, values: this.#values };
  }
}
