"""LoRA adapters both ways with PEFT: the same layers, the same numbers, the same merge."""

import json

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from scoring import assert_alike, by_geor, by_transformers
from test_checkpoints import open_strictly, save
from transformers import AutoModelForImageTextToText

CASES = {
    "suffixes": {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"]},
    "all-linear": {"r": 3, "lora_alpha": 6, "target_modules": "all-linear", "use_rslora": True},
    "expression": {
        "r": 2, "lora_alpha": 8, "target_modules": r".*language_model.*\.(o_proj|up_proj)",
        "rank_pattern": {"up_proj": 5}, "alpha_pattern": {"o_proj": 3},
    },
}
OUR_NAMES = {
    "r": "rank", "lora_alpha": "alpha", "target_modules": "targetModules", "use_rslora": "rankStabilised",
    "rank_pattern": "rankPattern", "alpha_pattern": "alphaPattern",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base") / "model"
    save(folder, initializer_range=0.2)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_an_adapter_of_peft_computes_and_merges_the_same_here(node, tmp_path, base, name):
    torch.manual_seed(1)
    model = get_peft_model(AutoModelForImageTextToText.from_pretrained(base), LoraConfig(**CASES[name]))
    with torch.no_grad():
        for own, parameter in model.named_parameters():
            if "lora_" in own:
                parameter.normal_(std=0.2)
    model.save_pretrained(tmp_path / "adapter")
    theirs = by_transformers(model, base)
    assert_alike(by_geor(node, 384, base, tmp_path / "adapter"), theirs)
    node("interop/ours/merge-adapter.mjs", base, tmp_path / "adapter", tmp_path / "merged")
    merged = open_strictly(tmp_path / "merged")
    assert_alike(by_transformers(merged, tmp_path / "merged"), theirs)
    wanted = model.merge_and_unload(safe_merge=True).state_dict()
    for own, tensor in merged.state_dict().items():
        assert torch.allclose(tensor, wanted[own], atol=1e-6), own


@pytest.mark.parametrize("name", CASES)
def test_an_adapter_made_here_opens_in_peft_and_computes_the_same(node, tmp_path, base, name):
    settings = {OUR_NAMES[key]: value for key, value in CASES[name].items()}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    node("interop/ours/make-adapter.mjs", base, tmp_path / "adapter", tmp_path / "settings.json")
    model = PeftModel.from_pretrained(AutoModelForImageTextToText.from_pretrained(base), tmp_path / "adapter")
    ours = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    inside = {key.replace(".default", ""): value for key, value in model.named_parameters() if "lora_" in key}
    assert inside.keys() == ours.keys()
    for key, tensor in ours.items():
        assert torch.equal(inside[key], tensor), key
    plain = by_geor(node, 384, base)
    adapted = by_geor(node, 384, base, tmp_path / "adapter")
    assert_alike(adapted, by_transformers(model, base))
    assert max(abs(a[0] - b[0]) for a, b in zip(plain, adapted, strict=True)) > 0.05
