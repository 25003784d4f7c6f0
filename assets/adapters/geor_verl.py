"""verl 0.9 reward manager that has every sample scored by geor's reward service.

reward.reward_manager.source=importlib
reward.reward_manager.module.path=/shared/run/engine/geor_verl.py
reward.reward_manager.name=GeorRewardManager

verl asks for one sample at a time, from several workers, as each rollout ends. What a group's members
are to each other the service must see together, so a broker (geor_verl_broker.py) collects them: one
request per group, and either all of a group is scored or none. A sample without a score raises: verl
then draws another prompt (trainer.v1.sampler.sync_refill_failed_groups).

Environment: that of geor_rewards.py, and GEOR_GROUP_PATIENCE_SECONDS (600): how long a group waits
for its next member before it is scored as it is, e.g. because a rollout died.
"""

import math
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import geor_rewards
import geor_verl_broker
import ray
from verl.experimental.reward_loop.reward_manager.base import RewardManagerBase

# The broker's process has not this folder on its path, so its code travels with it.
for module in (geor_rewards, geor_verl_broker):
    ray.cloudpickle.register_pickle_by_value(module)

BROKER_CALLS = 20_000
"""Members that may wait at once; more than a step has samples."""


class GeorRewardManager(RewardManagerBase):
    """One per reward worker; all of a job share one broker."""

    def __init__(self, config, tokenizer, compute_score=None, reward_router_address=None, reward_model_tokenizer=None):
        super().__init__(config, tokenizer, compute_score)
        rollout = config.actor_rollout_ref.rollout
        self._group_sizes = {"train": int(rollout.n), "validation": int(rollout.val_kwargs.n)}
        self._most_tokens = int(config.data.max_response_length)
        self._broker = None

    def _shared_broker(self):
        if self._broker is None:
            run, attempt = os.environ.get("GEOR_RUN", "run"), os.environ.get("GEOR_ATTEMPT", "1")
            self._broker = (
                ray.remote(geor_verl_broker.GroupBroker)
                .options(
                    name=f"geor-rewards-{run}-{attempt}",
                    get_if_exists=True,
                    max_concurrency=BROKER_CALLS,
                    num_cpus=0,
                )
                .remote(
                    geor_rewards.RewardClient("verl"),
                    float(os.environ.get("GEOR_GROUP_PATIENCE_SECONDS", "600")),
                )
            )
        return self._broker

    async def run_single(self, data):
        item = data[-1:][0]  # of several sequences only the last is judged
        columns = item.non_tensor_batch
        if "uid" not in columns or "session_id" not in columns:
            raise geor_rewards.RewardError("verl gives no uid and session_id: geor needs trainer.use_v1=True")
        ids = item.batch["responses"]
        count = int(item.batch["attention_mask"][-ids.shape[-1] :].sum())
        ids = ids[:count]
        text = await self.loop.run_in_executor(
            None, lambda: self.tokenizer.decode(ids, skip_special_tokens=True)
        )
        info = columns["extra_info"]
        split = info.get("split", "train")
        sample = geor_rewards.sample(
            info["id"],
            columns["uid"],
            columns["session_id"],
            text,
            count,
            count >= self._most_tokens and int(ids[-1]) != self.tokenizer.eos_token_id,
            columns["reward_model"]["ground_truth"],
        )
        step = columns.get("global_steps")
        given = await self._shared_broker().score.remote(
            sample, self._group_sizes[split], None if step is None else int(step), split
        )
        if given["reward"] is None:
            raise geor_rewards.RewardError(f"sample {sample['id']}: {given['unscored']}")
        # the same names for every sample: verl makes columns of them
        parts = {f"part_{name}": number(value) for name, value in (given.get("parts") or {}).items()}
        return {
            "reward_score": float(given["reward"]),
            "reward_extra_info": {**parts, "group_seen": number(given.get("group_seen"))},
        }


def number(value):
    """A part that is not known is no number, and never 0."""
    return math.nan if value is None else float(value)
