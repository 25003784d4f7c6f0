/**
 * Writes frames over each other: one write per frame, no clearing in between, so nothing flickers.
 * @module
 */
import { CONTROL, widthOf } from './terminal.ts';

/** Where the display writes; `process.stderr` is one. */
export interface TextSink {
  write(text: string): unknown;
}

/** A block of lines at the end of a terminal. */
export interface LiveBlock {
  /** Draws the block over its last version, `above` printed before it for good. */
  draw(lines: readonly string[], columns: number, above?: readonly string[]): void;
  /** Leaves the block as it stands and gives the cursor back. */
  release(): void;
}

/** A block that has drawn nothing yet. */
export function liveBlock(sink: TextSink): LiveBlock {
  let drawn: readonly string[] = [];
  let isCursorHidden = false;
  return {
    draw(lines, columns, above = []) {
      // After the window has become narrower, old lines take several rows each.
      const rowsUp = drawn.reduce(
        (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, columns))),
        0,
      );
      const body = [...above, ...lines].map((line) => `${line}${CONTROL.clearLine}\n`).join('');
      sink.write(
        (isCursorHidden ? '' : CONTROL.hideCursor) +
          CONTROL.beginFrame +
          (rowsUp > 0 ? `${CONTROL.up(rowsUp)}\r` : '') +
          body +
          CONTROL.clearBelow +
          CONTROL.endFrame,
      );
      isCursorHidden = true;
      drawn = lines;
    },
    release() {
      if (isCursorHidden) sink.write(CONTROL.reset + CONTROL.showCursor);
      isCursorHidden = false;
      drawn = [];
    },
  };
}
