"""Makes test/golden/model.json: what transformers' Qwen2.5-VL computes for the configurations of
model_cases.py with weights and images made by a formula (see test/support/tiny-model.ts), so that
neither needs storing.

    python interop/make_model_golden.py

Integers and short lists are held in full, of long ones their norm and every n-th number.
"""

import json
from pathlib import Path

import numpy as np
import torch
import transformers
from model_cases import CASES, PIXELS, TEMPERATURE, checkpoint_name, make_model, noise, outputs

GOLDEN = Path(__file__).resolve().parent.parent / "test" / "golden"
WHOLE = 64  # numbers that are held in full
SAMPLES = 8


def weights(key: int, name: str, shape: list[int]) -> np.ndarray:
    values = noise(key, int(np.prod(shape)))
    if len(shape) == 1:
        values = values * 0.2 if name.endswith("bias") else 1 + 0.3 * values
    elif "embed_tokens" in name:
        values = values * 0.5
    else:
        values = values * np.sqrt(3 * shape[0] / values.size)
    return values.astype(np.float32).reshape(shape)


def formula_model(case: dict) -> torch.nn.Module:
    """The model of a case with parameters of the formula."""
    model = make_model(case)
    order = sorted(checkpoint_name(name) for name, _ in model.named_parameters())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            ours = checkpoint_name(name)
            parameter.copy_(torch.from_numpy(weights(order.index(ours), ours, list(parameter.shape))))
    return model


def held(tensor: torch.Tensor) -> dict:
    flat = tensor.flatten()
    if not flat.is_floating_point():
        return {"shape": list(tensor.shape), "values": flat.tolist()}
    stride = 1 if flat.numel() <= WHOLE else flat.numel() // SAMPLES
    return {
        "shape": list(tensor.shape),
        "norm": flat.double().norm().item(),
        "largest": flat.abs().max().item(),
        "stride": stride,
        "samples": [float(f"{value:.8g}") for value in flat[::stride].tolist()],
    }


def main() -> None:
    torch.set_num_threads(1)
    cases = []
    for case in CASES:
        found = outputs(formula_model(case), case)
        print(f"{case['name']}: loss {found['loss'].item():.4f}, {len(found)} tensors")
        cases.append({**case, "outputs": {name: held(tensor) for name, tensor in found.items()}})
    golden = {
        "madeBy": "interop/make_model_golden.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "pixels": {"minPixels": PIXELS["min_pixels"], "maxPixels": PIXELS["max_pixels"]},
        "temperature": TEMPERATURE,
        "cases": cases,
    }
    path = GOLDEN / "model.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
