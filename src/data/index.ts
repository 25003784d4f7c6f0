/** Where samples come from: the embedded Earth, files with coordinates, and rows to train on. @module */
export {
  type CardFile,
  cardFile,
  cardPath,
  type PlaceCounts,
  PlaceTally,
  writeCard,
} from './card.ts';
export { defaultGazetteer, gazetteerChecksum, loadGazetteer } from './default-gazetteer.ts';
export {
  type EarthDataset,
  type EarthDatasetOptions,
  type EarthSample,
  earthDataset,
  earthSampleId,
  type LandPointOptions,
  landPoints,
  NORTH_LIMIT,
  SOUTH_LIMIT,
} from './earth/dataset.ts';
export { type Earth, earthFrom } from './earth/earth.ts';
export { type Jitter, jitter, SCALE_RANGE } from './earth/jitter.ts';
export { loadEarth } from './earth/load-earth.ts';
export { BLOCK_DEGREES, type Split, splitOf } from './earth/split.ts';
export { cutTile, MIN_COSINE, type TileOptions, tileLonSpanDegrees } from './earth/tile.ts';
export { pictureId, tilePicture } from './earth/tile-picture.ts';
export { isOpenWater, isWaterColour } from './earth/water.ts';
export { ROW_FORMATS, type RowFormatName } from './formats/formats.ts';
export type { Stage } from './formats/row-format.ts';
export type { CarriedMetadata } from './guard/carried.ts';
export { fitPixels, type PictureSize } from './guard/fit-pixels.ts';
export {
  type GuardedPhoto,
  type GuardOptions,
  guardPhoto,
  MAX_INPUT_PIXELS,
  MAX_SIDE_PX,
} from './guard/guard-photo.ts';
export { isBareJpeg } from './guard/jpeg-segments.ts';
export { decodeJpeg, encodeJpeg } from './jpeg.ts';
export type {
  ParquetColumn,
  ParquetColumns,
  ParquetRow,
  ParquetScalar,
  ParquetValue,
} from './parquet/schema.ts';
export { type WriteParquetOptions, writeParquet } from './parquet/write-parquet.ts';
export type { Picture } from './picture.ts';
export { readPolicy } from './policy-file.ts';
export { rejectLine, rejectsPath } from './rejects.ts';
export { cellPopulations } from './selection/cells.ts';
export { type CountryShares, countryShares, GEOSEEK_WEIGHTS } from './selection/country-shares.ts';
export {
  type CountryFigures,
  type CountryStatistics,
  countryStatistics,
  parseCountryStatistics,
  STATISTICS,
  type Statistic,
} from './selection/country-statistics.ts';
export { HARD_RADIUS_KM, type HardOptions, hardSelection } from './selection/hard.ts';
export { type SelectionInput, selectionInput } from './selection/input.ts';
export type { SelectionMethod, SelectionPlan } from './selection/method.ts';
export { randomSelection } from './selection/random.ts';
export {
  type SelectionOptions,
  type SelectionProgress,
  type SelectionResult,
  selectRows,
} from './selection/select.ts';
export {
  type CountryQuota,
  type StratifiedOptions,
  stratifiedSelection,
} from './selection/stratified.ts';
export { type ColumnNames, type ColumnRole, findColumns, parseColumns } from './sources/columns.ts';
export { type CsvRecord, CsvRecords } from './sources/csv-records.ts';
export { isEarthAddress, parseEarthAddress, readEarth } from './sources/earth.ts';
export { estimatedRows, inputFingerprint } from './sources/fingerprint.ts';
export { openFile } from './sources/open.ts';
export {
  type FoundFile,
  filesBelow,
  looksLikePicture,
  type PictureBytes,
  readPicture,
} from './sources/picture-files.ts';
export type {
  FailureCode,
  Position,
  RowFailure,
  Source,
  SourceItem,
  SourceRow,
} from './sources/row.ts';
export { type Chunk, renderInputs, type SynthesisInput } from './synthesis/flow.ts';
export type { Tally } from './synthesis/journal.ts';
export type { LabelCounts, LabelFinding } from './synthesis/label-repair.ts';
export {
  DEFAULT_MAX_PIXELS,
  guardedPhotos,
  type PictureMaker,
  type RowPicture,
  type TileMaker,
  tilePictures,
} from './synthesis/pictures.ts';
export type { Rendered, RenderJob, RenderOptions } from './synthesis/render.ts';
export { hasThreads, inlinePool, type RenderPool, threadPool } from './synthesis/render-pool.ts';
export {
  type WriteOptions,
  type WriteResult,
  writeSynthesis,
} from './synthesis/write.ts';
