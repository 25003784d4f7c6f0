/** The live display of long commands, on stderr only. @module */
export { createDisplay, type Display, type DisplayOptions } from './display.ts';
export type { DisplayChain, DisplayProgress, DisplaySample } from './state.ts';
export { type ColorDepth, colorDepth, toned } from './terminal.ts';
