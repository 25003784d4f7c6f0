/**
 * Lines as UTF-8, written piece by piece.
 *
 * Pieces are encoded one by one: a text with one character beyond Latin-1 takes two bytes a character
 * and three times as long to encode, and among thousands of rows there always is one. What is the
 * same in every row is encoded once and copied.
 * @module
 */
const LINE_FEED = 10;

const FIRST_BYTES = 1 << 20;

/** A buffer that grows, to be filled again and again. */
export class LineBuffer {
  #buffer: Buffer = Buffer.alloc(FIRST_BYTES);
  #size = 0;

  /** Begins anew, in the same memory. */
  clear(): void {
    this.#size = 0;
  }

  /** Adds text. */
  text(text: string): void {
    this.#makeRoom(text.length * 3);
    this.#size += this.#buffer.write(text, this.#size);
  }

  /** Adds UTF-8. */
  bytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** Ends the line. */
  end(): void {
    this.#makeRoom(1);
    this.#buffer[this.#size++] = LINE_FEED;
  }

  /** What was added, without a copy: good until the buffer is cleared. */
  content(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  #makeRoom(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.alloc(needed * 2);
    this.#buffer.copy(larger, 0, 0, this.#size);
    this.#buffer = larger;
  }
}
