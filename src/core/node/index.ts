/** The part of `core` that needs Node: files. @module */

export { AppendFile, type FileCalls, writing } from './append-file.ts';
export { diskCache } from './disk-cache.ts';
export { readAsset, sha256, writeFileAtomic } from './files.ts';
