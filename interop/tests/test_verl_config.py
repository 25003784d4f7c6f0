"""verl's own configuration takes every override that geor writes: composed by Hydra, nothing is run."""

import json
from pathlib import Path

import pytest
import verl
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

CONFIG = str(Path(verl.__file__).parent / "trainer" / "config")
NAMES = {"grpo": "ppo_trainer", "sft": "sft_trainer_engine"}


def composed(stage, words):
    with initialize_config_dir(config_dir=CONFIG, version_base=None):
        return compose(config_name=NAMES[stage], overrides=words)


@pytest.fixture(scope="module")
def written(node):
    return json.loads(node("interop/ours/verl_overrides.mjs").stdout)


def test_every_preset_composes(written):
    assert len(written) == 28
    for plan in written:
        config = OmegaConf.to_container(composed(plan["stage"], plan["words"]), resolve=False)
        for word in plan["words"]:
            name, _, text = word.lstrip("+").partition("=")
            value = config
            for part in name.split("."):
                value = value[part]
            if text.startswith("'"):
                assert value == text[1:-1], (plan["name"], word)
            elif text.startswith("["):
                assert ",".join(value) == text[1:-1], (plan["name"], word)
            else:
                assert value == OmegaConf.create(f"v: {text}").v, (plan["name"], word)


def test_the_reward_is_where_verl_looks(written):
    plan = next(plan for plan in written if plan["stage"] == "grpo")
    config = composed("grpo", plan["words"])
    manager = config.reward.reward_manager
    assert (manager.source, manager.name) == ("importlib", "GeorRewardManager")
    assert manager.module.path == "/shared/my run (1)/engine/geor_verl.py"
    assert config.reward.reward_model.enable is False


def test_a_name_that_verl_does_not_have_is_refused():
    with pytest.raises(Exception, match="nonsense") as caught:
        composed("grpo", ["actor_rollout_ref.rollout.nonsense=1"])
    assert isinstance(caught.value, OmegaConfBaseException) or "Could not override" in str(caught.value)


def test_the_lists_of_names_are_those_of_verl(root):
    for stage in ("grpo", "sft"):
        text = (root / "assets" / "engines" / f"verl-0.9.0-{stage}.keys.txt").read_text()
        names = [line for line in text.splitlines() if line and not line.startswith("#")]
        config = OmegaConf.to_container(composed(stage, []), resolve=False)
        for name in names:
            value = config
            for part in name.split("."):
                assert isinstance(value, dict) and part in value, name
                value = value[part]
