/**
 * A picture in memory.
 * @module
 */

/** Eight-bit RGB, rows from the top, three bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `height * width * 3` bytes, HWC. */
  readonly data: Uint8Array;
}
