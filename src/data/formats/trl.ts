/**
 * JSON lines for TRL: conversational `prompt` and `completion`, and `images`.
 *
 * Read by TRL 1.13 (SFTTrainer, GRPOTrainer): contents are plain text without `<image>`, the pictures
 * are paths and become pictures by `cast_column("images", List(Image()))`. GRPO rows are prompts
 * only; every other column reaches the reward function.
 * @module
 */
import { jsonImages, jsonText, jsonTruth, type RowFormat } from './row-format.ts';

/** Rows for TRL. */
export const trlFormat: RowFormat = {
  rowWriter: (settings) => {
    const { stage, prompt } = settings;
    const question = Buffer.from(`,"prompt":[{"role":"user","content":${jsonText(prompt)}}],`);
    return (row, to) => {
      to.text(`{"id":${jsonText(row.id)}`);
      to.bytes(question);
      const answer =
        stage === 'sft'
          ? `"completion":[{"role":"assistant","content":${jsonText(row.answer)}}],`
          : '';
      to.text(`${answer}${jsonImages(row, settings)}${jsonTruth(row, stage)}}`);
    };
  },
};
