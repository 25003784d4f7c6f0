/** The part of `core` that needs Node: files. @module */
export { readAsset, sha256, writeFileAtomic } from './files.ts';
