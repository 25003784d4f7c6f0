"""geor's reward manager inside a real Ray, in verl 0.9.0's own reward workers.

Only the caller is a stand-in: what AgentLoopWorker does when a rollout ends
(verl/experimental/agent_loop/agent_loop.py, `_compute_score`) is done here without a model. The
configuration is ours composed by Hydra, the rows come from verl's own dataset class, the rewards
from geor serve behind a proxy that fails one request in a hundred.
"""

import json
import math
import os
import random
import shutil
import subprocess

import numpy as np
import pytest
import ray
import torch
from faulty_proxy import FaultyProxy
from omegaconf import OmegaConf
from tensordict import TensorDict
from test_verl_config import composed
from transformers import AutoProcessor, AutoTokenizer
from verl import DataProto
from verl.experimental.reward_loop.reward_loop import RewardLoopWorker
from verl.utils.dataset.rl_dataset import RLHFDataset

PROMPTS, GROUP = 256, 8
ONE_FAILS_IN = 100
KM_PER_DEGREE = math.pi * 6371 / 180


@pytest.fixture(scope="module")
def run(geor, tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("verl") / "run"
    settings = [f"groupSize={GROUP}", "promptsPerStep=128", "maxCompletionLength=64"]
    geor(
        *("export", "verl", f"earth:?count={PROMPTS}&split=train", "--stage", "grpo"),
        *("--adaptation", "lora", "--model", tiny, "--style", "short", "-o", folder),
        *(word for setting in settings for word in ("--set", setting)),
    )
    return folder


@pytest.fixture(scope="module")
def config(run):
    words = json.loads((run / "engine" / "overrides.json").read_text())
    return composed("grpo", words)


@pytest.fixture(scope="module")
def service(built):
    command = [shutil.which("node"), built / "cli" / "main.js", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield json.loads(process.stdout.readline())["url"]
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def rows(config, tiny):
    tokenizer, processor = AutoTokenizer.from_pretrained(tiny), AutoProcessor.from_pretrained(tiny)
    dataset = RLHFDataset(config.data.train_files, tokenizer, config.data, processor)
    return [dataset[i] for i in range(len(dataset))]


def completion_at(row, member):
    """An answer that is `member` tenths of a degree north or south of the truth."""
    info = row["extra_info"]
    away = member / 10 * (1 if info["lat"] < 0 else -1)
    return f"Coordinates: ({info['lat'] + away:.4f}, {info['lon']:.4f})"


def trajectory(tokenizer, row, uid, member):
    """What verl sends to a reward worker for one rollout."""
    response = torch.tensor([*tokenizer.encode(completion_at(row, member)), tokenizer.eos_token_id])
    prompt = torch.tensor([1, 2, 3])
    ids = torch.cat([prompt, response])[None]
    batch = TensorDict(
        {
            "prompts": prompt[None],
            "responses": response[None],
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "position_ids": torch.arange(ids.shape[1])[None],
        },
        batch_size=1,
    )
    columns = {**row, "uid": uid, "session_id": member, "global_steps": 1}
    arrays = {name: np.array([value], dtype=object) for name, value in columns.items()}
    return DataProto(batch=batch, non_tensor_batch=arrays)


def test_every_reward_arrives_and_groups_are_whole(run, config, rows, service, tiny, root):
    assert len(rows) == PROMPTS
    proxy = FaultyProxy(int(service.rsplit(":", 1)[1]), ONE_FAILS_IN)
    environment = {"GEOR_REWARD_URL": proxy.url, "GEOR_RUN": "interop", "PYTHONPATH": os.environ["PYTHONPATH"]}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": environment})
    try:
        workers = [ray.remote(RewardLoopWorker).remote(config) for _ in range(2)]
        tokenizer = AutoTokenizer.from_pretrained(tiny)
        asked = [(i, member) for i in range(PROMPTS) for member in range(GROUP)]
        random.Random(1).shuffle(asked)
        pending = [
            random.choice(workers).compute_score.remote(trajectory(tokenizer, rows[i], f"uid-{i}", member))
            for i, member in asked
        ]
        results = ray.get(pending, timeout=300)
    finally:
        ray.shutdown()
        proxy.close()
    assert len(results) == PROMPTS * GROUP
    assert {tuple(result["reward_extra_info"]) for result in results} == {
        ("part_distance", "part_format", "group_seen")
    }
    for (i, member), result in zip(asked, results):
        distance = abs(member) / 10 * KM_PER_DEGREE  # both are on one meridian
        assert result["reward_score"] == pytest.approx(1 - 0.5 * distance / 750, abs=1e-4)
        assert result["reward_extra_info"]["group_seen"] == GROUP
    assert len(proxy.asked) == PROMPTS
    groups = [[sample["group"] for sample in samples] for samples in proxy.asked]
    assert all(len(group) == GROUP and len(set(group)) == 1 for group in groups)
    assert {group[0] for group in groups} == {f"uid-{i}" for i in range(PROMPTS)}
    assert all([s["member"] for s in samples] == list(range(GROUP)) for samples in proxy.asked)
    # every one that failed was asked again, and there were both kinds: a 503 and a broken connection
    assert proxy.failed == (len(groups) + proxy.failed) // ONE_FAILS_IN >= 2
