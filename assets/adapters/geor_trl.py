"""What TRL 1.13 is given besides its own parts: geor's reward, and metrics that can be followed.

TRL calls a reward function once per process and generation batch; the completions of a prompt
follow each other, and all of them are here as long as per_device_train_batch_size times
steps_per_generation is a multiple of num_generations, which the exported configuration keeps.

A completion that the service could not score has the reward None: TRL 1.13 leaves it out of its
group's statistics and gives it no advantage (grpo_trainer.py, `unscorable_mask`).
"""

import json
import os
import time

from geor_rewards import RewardClient, sample
from transformers import TrainerCallback

VISION_TOKENS = (
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
"""Never to be sampled: a picture's token in an answer ends the run when the answer is scored."""


class GeorReward:
    """The reward function. `split` and `group_size` are set by the trainer around an evaluation."""

    __name__ = "geor"

    def __init__(self, group_size, eos_token_ids):
        self.group_size = group_size
        self.split = "train"
        self._eos = frozenset(eos_token_ids)
        self._client = RewardClient("trl")

    def __call__(self, prompts, completions, completion_ids, **columns):
        state = columns["trainer_state"]
        samples = []
        for i, (row_id, completion, ids, truth) in enumerate(
            zip(columns["id"], completions, completion_ids, columns["solution"])
        ):
            group, member = divmod(i, self.group_size)
            truncated = len(ids) == 0 or ids[-1] not in self._eos
            samples.append(
                sample(row_id, f"{row_id}#{group}", member, text_of(completion), len(ids), truncated, truth)
            )
        rewards = self._client.score(
            samples, self.group_size, step=state.global_step + 1, split=self.split
        )
        columns["log_extra"]("id", [reward["id"] for reward in rewards])
        columns["log_extra"]("distance_km", [reward.get("distance_km") for reward in rewards])
        for name in sorted({name for reward in rewards for name in reward.get("parts") or {}}):
            values = [(reward.get("parts") or {}).get(name) for reward in rewards]
            columns["log_extra"](f"part_{name}", values)
            known = [value for value in values if value is not None]
            if known:
                columns["log_metric"](f"parts/{name}", sum(known) / len(known))
        values = [reward["reward"] for reward in rewards]
        columns["log_metric"]("unscored", values.count(None) / len(values))
        return values


def text_of(completion):
    """The text of a completion: a text, or messages with texts or blocks of text."""
    if isinstance(completion, str):
        return completion
    texts = []
    for message in completion:
        content = message["content"]
        blocks = [content] if isinstance(content, str) else [part.get("text", "") for part in content]
        texts.extend(blocks)
    return "".join(texts)


class AppendMetrics(TrainerCallback):
    """Appends every log entry as a line of JSON to GEOR_METRICS_FILE, on the first process only."""

    def __init__(self):
        self._path = os.environ.get("GEOR_METRICS_FILE")

    def on_log(self, args, state, control, logs=None, **kwargs):
        if not self._path or not state.is_world_process_zero or not logs:
            return
        line = {"step": state.global_step, "max_steps": state.max_steps, "wall": time.time(), **logs}
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
