/**
 * JSON lines with `messages` and `images`.
 *
 * Read as they are by ms-swift 4.5 (Custom-dataset.md: `messages`, `images`, an `<image>` in the text
 * for each picture; other columns pass to the reward) and LLaMA-Factory (`formatting: sharegpt`,
 * `messages: messages`, `images: images`, tags `role` and `content`). For GRPO ms-swift wants the same
 * without the answer.
 * @module
 */
import { jsonImages, jsonText, jsonTruth, type RowFormat } from './row-format.ts';

/** Rows for ms-swift and LLaMA-Factory. */
export const messagesFormat: RowFormat = {
  rowWriter: (settings) => {
    const { stage, prompt } = settings;
    const question = (text: string) =>
      Buffer.from(`,"messages":[{"role":"user","content":${jsonText(text)}}`);
    const bare = question(prompt);
    const withImage = question(`<image>${prompt}`);
    return (row, to) => {
      to.text(`{"id":${jsonText(row.id)}`);
      to.bytes(row.image === undefined ? bare : withImage);
      const answer =
        stage === 'sft' ? `,{"role":"assistant","content":${jsonText(row.answer)}}` : '';
      to.text(`${answer}],${jsonImages(row, settings)}${jsonTruth(row, stage)}}`);
    };
  },
};
