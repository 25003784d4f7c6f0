"""Qwen2.5-VL with random weights, computed here and there: every number of every tensor."""

import json
import sys

import pytest
import torch
from safetensors.torch import load_file
from tiny_model import make_tokenizer

sys.path.insert(0, str(__import__("pathlib").Path(__file__).parents[1]))
from model_cases import CASES, GREEDY_TOKENS, PIXELS, TEMPERATURE, image, make_model, outputs  # noqa: E402

TOLERANCE = 1e-4
LARGER = {"vocab_size": 400}  # room for the tokenizer that lies beside the weights


def random_model(case: dict, seed: int):
    torch.manual_seed(seed)
    model = make_model(case)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter += 0.2 * torch.randn_like(parameter)
            else:
                parameter.normal_(std=(1.5 / parameter[0].numel()) ** 0.5)
    return model


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_is_the_same(case, seed, node, tmp_path):
    case = {**case, "config": {**case["config"], **LARGER}}
    model = random_model(case, seed)
    folder = tmp_path / "model"
    model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    wanted = outputs(model, case)
    asked = tmp_path / "case.json"
    for number, (width, height) in enumerate(case["images"]):
        (tmp_path / f"case.json.{number}.rgb").write_bytes(image(number, width, height).tobytes())
    asked.write_text(json.dumps({
        "images": case["images"],
        "examples": case["examples"],
        "pixels": {"minPixels": PIXELS["min_pixels"], "maxPixels": PIXELS["max_pixels"]},
        "temperature": TEMPERATURE,
        "greedyTokens": GREEDY_TOKENS,
        "sampled": [wanted[f"sampled.{row}"].tolist() for row in range(len(case["examples"]))],
    }))
    node("interop/ours/run-model-cases.mjs", folder, asked, tmp_path / "found.safetensors")
    found = load_file(tmp_path / "found.safetensors")
    whole = max(tensor.norm().item() for name, tensor in wanted.items() if name.startswith("gradient:"))
    for name, want in wanted.items():
        if name.startswith("sampled."):
            continue
        got = found.pop(name)
        assert got.shape == want.shape, name
        if not want.is_floating_point():
            assert torch.equal(got.long(), want.long()), name
            continue
        if name.startswith("gradient:") and want.norm() < 1e-6 * whole:
            assert got.norm() < 1e-5 * whole, name  # a key's bias: its gradient is rounding
            continue
        error = (got - want).norm() / want.norm()
        assert error < TOLERANCE, f"{name}: {error}"
        largest = (got - want).abs().max() / want.abs().max()
        assert largest < TOLERANCE, f"{name}: {largest}"
    assert not found, "and nothing else"
