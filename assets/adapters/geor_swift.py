"""ms-swift 4.5 plugin: geor's reward, by the name `geor`.

swift rlhf ... --external_plugins geor_swift.py --reward_funcs geor

ms-swift calls it once per process and generation batch. All completions of a prompt are in the call
as long as per_device_train_batch_size times steps_per_generation is a multiple of num_generations,
which the exported arguments keep; `prompt_id` says which belong together.

A completion that could not be scored ends the run: ms-swift 4.5 sums rewards with nansum, which
would turn it into a reward of 0.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from geor_rewards import RewardClient, RewardError, sample
from swift.rewards import ORM, orms


class Geor(ORM):
    """`completions` are texts; every column of the rows comes along."""

    def __init__(self, args=None, **kwargs):
        super().__init__(args, **kwargs)
        self._client = RewardClient("swift")
        self._group_size = int(getattr(args, "num_generations", None) or 1)

    def __call__(self, completions, **columns):
        groups = columns["prompt_id"]
        order = sorted(range(len(completions)), key=lambda i: (str(groups[i]), i))
        seen, samples = {}, []
        for i in order:
            member = seen[groups[i]] = seen.get(groups[i], -1) + 1
            tokens = columns.get("response_token_ids") or [[]] * len(completions)
            truncated = columns.get("is_truncated") or [False] * len(completions)
            samples.append(
                sample(
                    columns["id"][i],
                    groups[i],
                    member,
                    completions[i],
                    token_count(tokens[i]),
                    truncated[i],
                    columns["solution"][i],
                )
            )
        rewards = [0.0] * len(completions)
        state = columns.get("trainer_state")
        step = None if state is None else state.global_step + 1
        size = max(self._group_size, *(member + 1 for member in seen.values()))
        for i, given in zip(order, self._client.score(samples, size, step=step)):
            if given["reward"] is None:
                raise RewardError(f"row {given['id']}: {given['unscored']}")
            rewards[i] = float(given["reward"])
        return rewards


def token_count(tokens):
    """Tokens of a completion; of several turns ms-swift gives a list each."""
    return sum(len(part) if isinstance(part, (list, tuple)) else 1 for part in tokens)


orms["geor"] = Geor
