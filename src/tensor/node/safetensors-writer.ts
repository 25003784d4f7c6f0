/**
 * A safetensors file written piece by piece, in the order it lies in on the disk.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { writing } from '../../core/node/index.ts';
import {
  encodeElements,
  layOutSafetensors,
  type PlacedTensor,
  type TensorPlan,
} from '../safetensors-layout.ts';

/** A file in the making, beside the place it will have. End it with `finish` or `abort`. */
export class SafetensorsWriter {
  readonly path: string;
  /** The tensors in the order in which they are to be written. */
  readonly tensors: readonly PlacedTensor[];
  readonly #file: number;
  #at: number;

  /**
   * Makes the folder and writes the header.
   *
   * @throws GeorError `data` for a shape that is none or a name the format forbids, and, as every
   *   method that writes, when the file system refuses
   */
  constructor(
    path: string,
    plans: ReadonlyMap<string, TensorPlan>,
    metadata: Readonly<Record<string, string>> = {},
  ) {
    const { header, tensors } = layOutSafetensors(plans, metadata);
    this.path = path;
    this.tensors = tensors;
    this.#file = writing(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(`${path}.partial`, 'w');
    });
    this.#at = 0;
    try {
      this.#write(header);
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  /**
   * Writes the next elements of a tensor: 32-bit floats, which are encoded, or bytes as the file is
   * to hold them.
   */
  write({ dtype }: TensorPlan, elements: Float32Array | Uint8Array): void {
    let bytes: Uint8Array;
    if (elements instanceof Uint8Array) bytes = elements;
    else if (dtype === 'F32')
      bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
    else {
      bytes = new Uint8Array(elements.length * 2);
      encodeElements(elements, dtype, bytes);
    }
    this.#write(bytes);
    this.#at += bytes.length;
  }

  /**
   * Checks that a tensor, and all before it, has been written whole.
   *
   * @throws GeorError `data` when it has too few or too many elements
   */
  end({ name, shape, dtype, begin, end }: PlacedTensor): void {
    if (this.#at === end) return;
    throw new GeorError(
      'data',
      `${name}: shape [${shape}] does not fit ${this.#at - begin} bytes of ${dtype}`,
    );
  }

  /** Puts the file in its place, once it has reached the disk. */
  finish(): void {
    const last = this.tensors.at(-1);
    if (last) this.end(last);
    writing(this.path, () => {
      fsyncSync(this.#file);
      closeSync(this.#file);
      renameSync(`${this.path}.partial`, this.path);
    });
  }

  /** Throws away what was written; an older file of the name stays. */
  abort(): void {
    closeSync(this.#file);
    rmSync(`${this.path}.partial`, { force: true });
  }

  #write(bytes: Uint8Array): void {
    writing(this.path, () => {
      for (let at = 0; at < bytes.length; )
        at += writeSync(this.#file, bytes, at, Math.min(bytes.length - at, 2 ** 30));
    });
  }
}
