/** Training engines past one machine: what they are given, how they run, what they bring back. @module */
export {
  ENGINES,
  type EngineName,
  MANIFEST_FILE,
  type Manifest,
  readManifest,
  writeManifest,
} from './manifest/manifest.ts';
