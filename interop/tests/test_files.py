"""Opens tokenizers and weights that geor wrote with the reference libraries."""

import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast


@pytest.fixture(scope="module")
def folder(node, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours")
    node("interop/ours/write-files.mjs", folder)
    return folder


@pytest.mark.parametrize("name", ["chain", "qwen2"])
def test_a_tokenizer_trained_here_encodes_alike_there(folder, name):
    path = folder / f"tokenizer-{name}.json"
    tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    fast = PreTrainedTokenizerFast(tokenizer_file=str(path))
    encodings = json.loads((folder / f"encodings-{name}.json").read_text(encoding="utf-8"))
    assert len(encodings) > 50
    for encoding in encodings:
        text, ids = encoding["text"], encoding["ids"]
        assert tokenizer.encode(text, add_special_tokens=False).ids == ids, text
        assert tokenizer.decode(ids, skip_special_tokens=False) == text
        assert fast(text, add_special_tokens=False)["input_ids"] == ids, text


@pytest.mark.parametrize(
    ("name", "dtype"), [("F32", torch.float32), ("F16", torch.float16), ("BF16", torch.bfloat16)]
)
def test_tensors_written_here_are_equal_there(folder, root, name, dtype):
    path = folder / f"weights-{name}.safetensors"
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"by": "geor"}
    ours = load_file(path)
    wanted = load_file(root / "test" / "golden" / "weights.safetensors")
    assert ours.keys() == wanted.keys()
    for key, tensor in ours.items():
        assert tensor.dtype == dtype, key
        assert torch.equal(tensor, wanted[key].float().to(dtype)), key
