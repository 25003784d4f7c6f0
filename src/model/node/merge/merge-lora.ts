/**
 * A LoRA adapter and its base to one model, file by file and a few rows at a time: a model of any
 * size is merged within a few hundred megabytes.
 *
 * Deviation from PEFT's `merge_and_unload`: the sum is made in 32-bit floats and rounded once to
 * the type of the base. PEFT rounds the change to that type first and the sum again.
 * @module
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../../core/index.ts';
import { writeFileAtomic } from '../../../core/node/index.ts';
import { BYTES_PER_ELEMENT, type SafetensorsEntry } from '../../../tensor/index.ts';
import { type SafetensorsFile, SafetensorsWriter } from '../../../tensor/node/index.ts';
import { checkpointName, WEIGHTS, WEIGHTS_INDEX, weightIndex } from '../../checkpoint/index.ts';
import { LowRankAdder } from './add-low-rank.ts';
import { type BaseFolder, copyCompanions, openBase } from './base-folder.ts';
import { type LoraAdapter, type LoraChange, openLoraAdapter } from './lora-adapter.ts';
import { checkMerged, type MergeCheck } from './merge-check.ts';

const BLOCK_ELEMENTS = 8 * 2 ** 20;

/** What to merge. */
export interface MergeLoraOptions {
  readonly base: string;
  readonly adapter: string;
  /** A folder that is not there yet; it appears whole or not at all. */
  readonly output: string;
  /** Bytes of weights written, of all. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What was merged. */
export interface MergeReport {
  /** Weights that the adapter changed. */
  readonly changed: number;
  /** Weights copied as they were. */
  readonly copied: number;
  readonly totalBytes: number;
  readonly check: MergeCheck;
}

/**
 * Merges, checks what was written, and puts it in place.
 *
 * @throws GeorError `usage` when the output is there, `data` when base and adapter do not fit
 */
export async function mergeLora(options: MergeLoraOptions): Promise<MergeReport> {
  const { output } = options;
  if (existsSync(output))
    throw new GeorError('usage', `${output} is there already`, {
      hint: 'remove it, or choose another folder with -o',
    });
  const adapter = openLoraAdapter(options.adapter);
  let base: BaseFolder | undefined;
  let adder: LowRankAdder | undefined;
  const temporary = `${output}.partial`;
  try {
    base = openBase(options.base);
    const plan = planOf(base, adapter);
    adder = await LowRankAdder.create();
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    copyCompanions([options.base, options.adapter], temporary);
    const totalBytes = await writeShards(base, adapter, adder, temporary, options);
    const check = checkMerged(base, adapter, openBase(temporary));
    renameSync(temporary, output);
    return { changed: plan.changed, copied: plan.copied, totalBytes, check };
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    await adder?.release();
    base?.close();
    adapter.file.close();
  }
}

/** Finds every weight that changes, and checks that the shapes fit. */
function planOf(base: BaseFolder, adapter: LoraAdapter): { changed: number; copied: number } {
  for (const [name, change] of adapter.changes) {
    const found = base.tensors.get(name);
    if (!found)
      throw new GeorError('data', `the adapter changes ${name}, which the base does not have`, {
        hint: `is ${base.folder} the model that was trained?`,
      });
    const { shape } = found.shard.entries.get(found.name)!;
    const other =
      change.kind === 'replace'
        ? adapter.file.entries.get(change.by)!.shape
        : [
            adapter.file.entries.get(change.b)!.shape[0],
            adapter.file.entries.get(change.a)!.shape[1],
          ];
    if (shape.join() !== other.join())
      throw new GeorError('data', `${name} is [${shape}] in the base, [${other}] in the adapter`, {
        hint: `is ${base.folder} the model that was trained?`,
      });
  }
  const changed = adapter.changes.size;
  return { changed, copied: base.tensors.size - changed };
}

async function writeShards(
  base: BaseFolder,
  adapter: LoraAdapter,
  adder: LowRankAdder,
  output: string,
  { onProgress, signal }: MergeLoraOptions,
): Promise<number> {
  const bytesOf = ({ begin, end }: SafetensorsEntry): number => end - begin;
  const all = base.shards.flatMap(({ weights }) => [...weights.entries.values()]);
  const totalBytes = all.reduce((sum, entry) => sum + bytesOf(entry), 0);
  let doneBytes = 0;
  const map = new Map<string, string>();
  for (const { file, weights } of base.shards) {
    const writer = new SafetensorsWriter(join(output, file), weights.entries, {
      format: 'pt',
      ...weights.metadata,
    });
    try {
      for (const tensor of writer.tensors) {
        map.set(tensor.name, file);
        const entry = weights.entries.get(tensor.name)!;
        const change = adapter.changes.get(checkpointName(tensor.name) ?? tensor.name);
        const parts = change
          ? changedParts(weights, entry, adapter.file, change, adder)
          : copiedParts(weights, entry);
        for await (const part of parts) {
          signal?.throwIfAborted();
          writer.write(tensor, part);
        }
        writer.end(tensor);
        doneBytes += bytesOf(entry);
        onProgress?.(doneBytes, totalBytes);
      }
    } catch (error) {
      writer.abort();
      throw error;
    }
    writer.finish();
  }
  if (base.shards.length > 1 || base.shards[0]?.file !== WEIGHTS)
    writeFileAtomic(
      join(output, WEIGHTS_INDEX),
      `${JSON.stringify(weightIndex(map, totalBytes), null, 2)}\n`,
    );
  return totalBytes;
}

function* copiedParts(file: SafetensorsFile, { name, dtype, begin, end }: SafetensorsEntry) {
  const step = BLOCK_ELEMENTS * BYTES_PER_ELEMENT[dtype];
  for (let at = 0; at < end - begin; at += step) yield file.readBytes(name, at, at + step);
}

async function* changedParts(
  file: SafetensorsFile,
  { name, shape }: SafetensorsEntry,
  adapter: SafetensorsFile,
  change: LoraChange,
  adder: LowRankAdder,
) {
  if (change.kind === 'replace') {
    yield adapter.read(change.by).data;
    return;
  }
  const [rows = 0, columns = 0] = shape; // (rows, columns)
  const { rank, scale } = change;
  const a = adapter.read(change.a).data; // (rank, columns)
  const b = adapter.read(change.b).data; // (rows, rank)
  for (let i = 0; i < b.length; i++) b[i]! *= scale;
  const step = Math.max(1, Math.floor(BLOCK_ELEMENTS / columns));
  for (let row = 0; row < rows; row += step) {
    const last = Math.min(rows, row + step);
    const w = file.readElements(name, row * columns, last * columns);
    yield await adder.add(w, b.subarray(row * rank, last * rank), a, rank);
  }
}
