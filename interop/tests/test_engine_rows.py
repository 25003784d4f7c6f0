"""Every exported file of rows is read by its consumer's own loader."""

import importlib
import json
import sys

import pytest
from PIL import Image as Pictures

TRUTH = {"lat", "lon", "place"}


@pytest.fixture(scope="module")
def export(geor, tiny, tmp_path_factory):
    """Exports 16 rows and 8 held out for an engine and stage; 56 x 56 pixels, which no engine scales."""
    made = {}

    def run(engine, stage):
        if (engine, stage) not in made:
            folder = tmp_path_factory.mktemp("rows") / f"{engine}-{stage}"
            size = "promptsPerStep=8" if stage == "grpo" else "batchSize=8"
            geor(
                *("export", engine, "earth:?count=16&split=train", "--stage", stage, "-o", folder),
                *("--validation", "earth:?count=8&split=test", "--model", tiny, "--set", size),
            )
            made[engine, stage] = folder
        return made[engine, stage]

    return run


def check_truth(text):
    truth = json.loads(text)
    assert set(truth) == TRUTH and isinstance(truth["lat"], float) and truth["place"]["country"]


def check_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["data"]["images"]["count"] == len(list((folder / "data" / "images").iterdir()))
    assert [manifest["data"][split]["rows"] for split in ("train", "validation")] == [16, 8]


@pytest.mark.parametrize("stage", ["sft", "grpo"])
def test_trl(export, stage):
    folder = export("trl", stage)
    check_manifest(folder)
    sys.path.insert(0, str(folder / "engine"))
    try:
        train = importlib.import_module("geor_trl_train")
        for split, count in (("train", 16), ("validation", 8)):
            rows = train.rows_of(str(folder / "data" / f"{split}.jsonl"))
            assert len(rows) == count
            for row in rows:
                assert [picture.size for picture in row["images"]] == [(56, 56)]
                assert [message["role"] for message in row["prompt"]] == ["user"]
                assert "<image>" not in row["prompt"][0]["content"]
                if stage == "grpo":
                    check_truth(row["solution"])
                else:
                    assert "Coordinates: (" in row["completion"][0]["content"]
    finally:
        sys.path.remove(str(folder / "engine"))
        for name in ("geor_trl_train", "geor_trl", "geor_rewards"):
            sys.modules.pop(name, None)


def test_verl_grpo(export, tiny):
    from test_verl_config import composed
    from transformers import AutoProcessor, AutoTokenizer
    from verl.utils.dataset.rl_dataset import RLHFDataset

    folder = export("verl", "grpo")
    check_manifest(folder)
    config = composed("grpo", json.loads((folder / "engine" / "overrides.json").read_text()))
    loaders = AutoTokenizer.from_pretrained(tiny), config.data, AutoProcessor.from_pretrained(tiny)
    for files, split, count in (
        (config.data.train_files, "train", 16),
        (config.data.val_files, "validation", 8),
    ):
        rows = RLHFDataset(files, *loaders)
        assert len(rows) == count
        for i in range(count):
            row = rows[i]
            content = row["raw_prompt"][0]["content"]
            assert [part["type"] for part in content] == ["image", "text"]
            assert Pictures.open(content[0]["image"]).size == (56, 56)
            check_truth(row["reward_model"]["ground_truth"])
            assert row["extra_info"]["split"] == split and isinstance(row["extra_info"]["lat"], float)


def test_verl_sft(export, tiny):
    # verl 0.9.0 imports a class that transformers 5.11 and newer call otherwise; the loader itself
    # does not use it.
    from transformers.models.qwen2_vl import modeling_qwen2_vl
    from transformers.utils import ModelOutput

    if not hasattr(modeling_qwen2_vl, "Qwen2VLCausalLMOutputWithPast"):
        modeling_qwen2_vl.Qwen2VLCausalLMOutputWithPast = ModelOutput
    from test_verl_config import composed
    from transformers import AutoProcessor, AutoTokenizer
    from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset

    folder = export("verl", "sft")
    check_manifest(folder)
    config = composed("sft", json.loads((folder / "engine" / "overrides.json").read_text()))
    tokenizer, processor = AutoTokenizer.from_pretrained(tiny), AutoProcessor.from_pretrained(tiny)
    rows = MultiTurnSFTDataset(config.data.train_files, tokenizer, config.data, processor)
    assert len(rows) == 16
    for i in range(16):
        row = rows[i]
        assert tuple(row["multi_modal_inputs"]["image_grid_thw"][0].tolist()) == (1, 4, 4)
        learned = row["input_ids"][row["loss_mask"].bool()]
        assert "Coordinates: (" in tokenizer.decode(learned)


@pytest.mark.parametrize("stage", ["sft", "grpo"])
def test_swift(export, stage):
    from swift.dataset import load_dataset

    folder = export("swift", stage)
    check_manifest(folder)
    paths = [str(folder / "data" / "train.jsonl")]
    rows, _ = load_dataset(paths, split_dataset_ratio=0.0, shuffle=False, remove_unused_columns=False)
    assert len(rows) == 16
    for row in rows:
        assert Pictures.open(row["images"][0]["path"]).size == (56, 56)
        assert row["messages"][0]["content"].startswith("<image>")
        roles = [message["role"] for message in row["messages"]]
        if stage == "grpo":
            assert roles == ["user"]
            check_truth(row["solution"])
        else:
            assert roles == ["user", "assistant"]
