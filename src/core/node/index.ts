/** The part of `core` that needs Node: files. @module */
export { diskCache } from './disk-cache.ts';
export { readAsset, sha256, writeFileAtomic } from './files.ts';
