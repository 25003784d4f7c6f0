"""Models that went either way compute the same: prompt, image and every token's log-probability."""

import pytest
import torch
from scoring import assert_alike, by_geor, by_transformers
from test_checkpoints import TORCH, open_strictly, save


@pytest.mark.parametrize(
    "text", [{}, {"num_key_value_heads": 1, "num_attention_heads": 4}, {"tied": False, "num_key_value_heads": 4}],
    ids=["tied", "one key-value head", "untied"],
)
def test_a_model_of_theirs_computes_the_same_here(node, tmp_path, text):
    model = save(tmp_path / "theirs", initializer_range=0.3, **text)
    theirs = by_transformers(model, tmp_path / "theirs")
    assert_alike(by_geor(node, 384, tmp_path / "theirs"), theirs)


@pytest.mark.parametrize("dtype", ["F16", "BF16"])
def test_a_model_in_16_bits_computes_the_same_here(node, tmp_path, dtype):
    save(tmp_path / "theirs", dtype=TORCH[dtype], initializer_range=0.3)
    model = open_strictly(tmp_path / "theirs", torch.float32)  # its numbers, computed in 32 bits
    assert_alike(by_geor(node, 384, tmp_path / "theirs"), by_transformers(model, tmp_path / "theirs"))


def test_a_model_made_here_computes_the_same_there(node, tmp_path):
    node("interop/ours/make-model.mjs", tmp_path / "ours")
    model = open_strictly(tmp_path / "ours")
    vocabulary = model.config.text_config.vocab_size
    ours = by_geor(node, vocabulary, tmp_path / "ours")
    assert_alike(ours, by_transformers(model, tmp_path / "ours"))


def test_the_model_that_comes_with_geor_opens_there_and_computes_the_same(node, root):
    folder = root / "assets" / "earth-model"
    model = open_strictly(folder, torch.float32)
    ours = by_geor(node, model.config.text_config.vocab_size, folder, size=(56, 56))
    assert_alike(ours, by_transformers(model, folder, size=(56, 56)), 2e-4)
