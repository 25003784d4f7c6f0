/**
 * A model's folder on a disk, as a source of its files.
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { SafetensorsFile } from '../../tensor/node/index.ts';
import type { ModelSource } from '../checkpoint/index.ts';

// Qwen2.5-VL's tokenizer.json has 11 MB, the index of its largest checkpoint 0.1 MB.
const MAX_TEXT_BYTES = 256 * 2 ** 20;

/** The files of a folder. Weights stay open until `close`. */
export class ModelFolder implements ModelSource {
  readonly name: string;
  readonly #open = new Map<string, SafetensorsFile>();

  constructor(folder: string) {
    this.name = folder;
  }

  text(file: string): string | undefined {
    const path = join(this.name, file);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    if (size > MAX_TEXT_BYTES)
      throw new GeorError('data', `${path} has ${size} bytes`, {
        hint: `a model's JSON files are at most ${MAX_TEXT_BYTES} bytes large`,
      });
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      throw new GeorError('data', `${path} cannot be read`, { cause });
    }
  }

  weights(file: string): SafetensorsFile | undefined {
    let open = this.#open.get(file);
    if (!open) {
      const path = join(this.name, file);
      if (!statSync(path, { throwIfNoEntry: false })) return undefined;
      open = SafetensorsFile.open(path);
      this.#open.set(file, open);
    }
    return open;
  }

  /** Closes the weights. */
  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}
