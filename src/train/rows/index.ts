/** Tasks from rows of any source. @module */
export { type ReadRows, type ReadRowsOptions, readRows } from './read-rows.ts';
export type { RowPictures, TileSettings } from './row-pictures.ts';
export {
  type AskingSettings,
  type RowTask,
  type RowTaskOptions,
  rowTask,
  turnsOf,
} from './row-task.ts';
export type { GivenTurn, LeftOut, PictureOrigin, TrainingRow } from './training-row.ts';
