/**
 * A safetensors file on a disk, read tensor by tensor: only the header is in memory.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import { decodeElements, type SafetensorsTensor } from '../safetensors.ts';
import {
  BYTES_PER_ELEMENT,
  headerBytes,
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from '../safetensors-header.ts';

/** An open file. Close it when done. */
export class SafetensorsFile {
  readonly path: string;
  readonly metadata: SafetensorsHeader['metadata'];
  /** Where each tensor lies, by name, in the order of the file. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly #file: number;

  private constructor(path: string, file: number, header: SafetensorsHeader) {
    this.path = path;
    this.#file = file;
    this.metadata = header.metadata;
    this.entries = new Map(header.entries.map((entry) => [entry.name, entry]));
  }

  /**
   * Opens a file and checks its header against its size.
   *
   * @throws GeorError `data` when there is no such file or it is not sound
   */
  static open(path: string): SafetensorsFile {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch (cause) {
      throw new GeorError('data', `${path} cannot be read`, { cause });
    }
    try {
      const { size } = fstatSync(file);
      const length = headerBytes(readAt(file, 0, Math.min(8, size)), size);
      return new SafetensorsFile(path, file, readSafetensorsHeader(readAt(file, 0, length), size));
    } catch (cause) {
      closeSync(file);
      throw new GeorError('data', `${path}: ${cause instanceof Error ? cause.message : cause}`, {
        hint: 'copy the file again: it is damaged, cut short, or not safetensors',
        cause,
      });
    }
  }

  /**
   * The elements of a tensor as the file holds them.
   *
   * @param from - first byte wanted, counted from the tensor's first
   * @param to - byte after the last one wanted; left out: to the end of the tensor
   * @throws GeorError `data` when there is no such tensor
   */
  readBytes(name: string, from = 0, to?: number): Uint8Array<ArrayBuffer> {
    const { begin, end } = this.#entry(name);
    const last = Math.min(end, begin + (to ?? end - begin));
    return readAt(this.#file, begin + from, Math.max(0, last - begin - from));
  }

  /**
   * A tensor as 32-bit floats.
   *
   * @throws GeorError `data` when there is no such tensor
   */
  read(name: string): SafetensorsTensor {
    const { dtype, shape } = this.#entry(name);
    return { dtype, shape, data: decodeElements(this.readBytes(name), dtype) };
  }

  /**
   * Some elements of a tensor as 32-bit floats.
   *
   * @param from - first element wanted, row-major
   * @param to - element after the last one wanted
   * @throws GeorError `data` when there is no such tensor
   */
  readElements(name: string, from: number, to: number): Float32Array {
    const { dtype } = this.#entry(name);
    const width = BYTES_PER_ELEMENT[dtype];
    return decodeElements(this.readBytes(name, from * width, to * width), dtype);
  }

  #entry(name: string): SafetensorsEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new GeorError('data', `${this.path} holds no tensor ${name}`);
    return entry;
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }
}

/** @param length - already known to lie inside the file */
function readAt(file: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const read = readSync(file, bytes, at, Math.min(length - at, 2 ** 30), position + at);
    if (read === 0) throw new GeorError('data', 'the file became shorter while it was read');
    at += read;
  }
  return bytes;
}
