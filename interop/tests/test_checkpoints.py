"""Model folders both ways: written here and opened there, written there and opened here."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_model import CHAT_TEMPLATE, make_config, make_model, make_processor, make_tokenizer
from transformers import (
    AutoConfig,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    GenerationConfig,
)

TORCH = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def open_strictly(folder, dtype="auto"):
    """The model, or a failure when a tensor is missing, left over or of another shape."""
    model, info = AutoModelForImageTextToText.from_pretrained(
        folder, dtype=dtype, output_loading_info=True
    )
    for kind, names in info.items():
        assert not names, (kind, names)
    return model


def save(folder, tied=True, dtype=torch.float32, shard="5GB", **text):
    tokenizer = make_tokenizer()
    model = make_model(make_config(tokenizer, tied, **text)).to(dtype)
    model.save_pretrained(folder, max_shard_size=shard)
    make_processor(tokenizer).save_pretrained(folder)
    return model


def assert_equal(ours, theirs, dtype):
    theirs = theirs.state_dict()
    assert ours.state_dict().keys() == theirs.keys()
    for name, tensor in ours.state_dict().items():
        assert tensor.dtype == dtype, name
        assert torch.equal(tensor, theirs[name].to(dtype)), name


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("written", ["F32", "F16", "BF16"])
def test_a_folder_of_theirs_written_again_here_is_the_same_model(node, tmp_path, tied, written):
    theirs = save(tmp_path / "theirs", tied)
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours", written)
    assert_equal(open_strictly(tmp_path / "ours"), theirs, TORCH[written])


@pytest.mark.parametrize("read", ["F16", "BF16"])
def test_a_file_of_16_bits_comes_through_unchanged(node, tmp_path, read):
    theirs = save(tmp_path / "theirs", dtype=TORCH[read])
    assert load_file(tmp_path / "theirs" / "model.safetensors")["model.norm.weight"].dtype == TORCH[read]
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours", read)
    assert_equal(open_strictly(tmp_path / "ours"), theirs, TORCH[read])


def test_shards_of_theirs_open_here_and_shards_of_ours_open_there(node, tmp_path):
    theirs = save(tmp_path / "theirs", shard="150KB")
    assert len(list((tmp_path / "theirs").glob("model-*.safetensors"))) > 3
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours", "F32", 200_000)
    assert len(list((tmp_path / "ours").glob("model-*.safetensors"))) > 2
    assert_equal(open_strictly(tmp_path / "ours"), theirs, torch.float32)


def test_names_as_inside_transformers_open_here(node, tmp_path):
    theirs = save(tmp_path / "theirs")
    inside = {name: tensor.contiguous() for name, tensor in theirs.state_dict().items()
              if name != "lm_head.weight"}
    assert any(name.startswith("model.visual.") for name in inside)
    assert any(name.startswith("model.language_model.") for name in inside)
    save_file(inside, tmp_path / "theirs" / "model.safetensors", {"format": "pt"})
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours")
    assert_equal(open_strictly(tmp_path / "ours"), theirs, torch.float32)


def test_a_flat_config_of_the_published_form_opens_here(node, tmp_path):
    theirs = save(tmp_path / "theirs")
    path = tmp_path / "theirs" / "config.json"
    config = json.loads(path.read_text())
    text = config.pop("text_config")
    rope = text.pop("rope_parameters")
    path.write_text(json.dumps({
        **text, **config, "rope_theta": rope["rope_theta"],
        "rope_scaling": {"type": "mrope", "mrope_section": rope["mrope_section"]},
    }))
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours")
    assert_equal(open_strictly(tmp_path / "ours"), theirs, torch.float32)


def test_a_config_written_here_means_the_same_there(node, tmp_path):
    save(tmp_path / "theirs", rms_norm_eps=3e-6)
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours", "BF16")
    theirs = AutoConfig.from_pretrained(tmp_path / "theirs").to_dict()
    ours = AutoConfig.from_pretrained(tmp_path / "ours").to_dict()
    assert str(ours["dtype"]).removeprefix("torch.") == "bfloat16"
    assert ours["text_config"]["rope_parameters"].pop("type") == "mrope"  # for transformers 4
    assert theirs["text_config"].pop("tie_word_embeddings") == theirs["tie_word_embeddings"]
    for config in (theirs, ours):
        for about_the_file in ("transformers_version", "_name_or_path", "dtype"):
            config.pop(about_the_file, None)
            config["text_config"].pop(about_the_file, None)
            config["vision_config"].pop(about_the_file, None)
    assert ours == theirs


def test_what_lies_beside_the_weights_comes_through(node, tmp_path):
    save(tmp_path / "theirs")
    node("interop/ours/copy-model.mjs", tmp_path / "theirs", tmp_path / "ours")
    theirs, ours = (AutoProcessor.from_pretrained(tmp_path / name) for name in ("theirs", "ours"))
    assert type(ours) is type(theirs)
    assert ours.chat_template == CHAT_TEMPLATE
    keys = ("size", "patch_size", "merge_size", "temporal_patch_size", "image_mean", "image_std")
    for key in keys:
        assert getattr(ours.image_processor, key) == getattr(theirs.image_processor, key), key
    for text in ["Country: Japan\nState:", "<|im_start|>user\nWhere?<|im_end|>", "Tromsø – 69°N"]:
        assert ours.tokenizer(text)["input_ids"] == theirs.tokenizer(text)["input_ids"], text
    assert ours.tokenizer.eos_token == theirs.tokenizer.eos_token
    assert ours.tokenizer.pad_token == theirs.tokenizer.pad_token
    generation = GenerationConfig.from_pretrained(tmp_path / "ours")
    assert generation.eos_token_id == GenerationConfig.from_pretrained(tmp_path / "theirs").eos_token_id


def test_a_model_made_here_opens_there(node, tmp_path):
    node("interop/ours/make-model.mjs", tmp_path / "ours")
    model = open_strictly(tmp_path / "ours")
    assert model.config.text_config.hidden_size == 64
    processor = AutoProcessor.from_pretrained(tmp_path / "ours")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "ours")
    assert tokenizer.eos_token_id == model.generation_config.eos_token_id
    assert processor.image_token == "<|image_pad|>"
    assert tokenizer.convert_tokens_to_ids("<|image_pad|>") == model.config.image_token_id
