/**
 * A sample's turns as the packer takes them.
 * @module
 */
import type { Example } from '../model/index.ts';
import type { Turn } from './task.ts';

/** The turns of one image as one example: what their prompts begin with in common is read once. */
export function exampleOf(turns: readonly Turn[], image: number): Example {
  const first = turns[0]!.prompt;
  const differs = first.findIndex((token, i) => turns.some(({ prompt }) => prompt[i] !== token));
  const shared = differs < 0 ? first.length : differs;
  return {
    prompt: first.slice(0, shared),
    images: [image],
    questions: turns.map(({ prompt }) => prompt.slice(shared)),
    completions: turns.map(({ answer }) => answer),
  };
}
