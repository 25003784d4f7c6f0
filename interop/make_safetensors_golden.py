"""Makes test/golden/weights.safetensors and weights.json: a file of the reference implementation.

    python interop/make_safetensors_golden.py

The JSON holds what torch reads from the file, as bit patterns of 32-bit floats, and how torch
rounds 32-bit floats to F16 and BF16.
"""

import json
import struct
from pathlib import Path

import safetensors
import torch
from safetensors.torch import load_file, save_file

GOLDEN = Path(__file__).parent.parent / "test" / "golden"

# Ties, neighbours of ties, the ends of each range, subnormals. NaN is compared apart.
EDGES = [
    0.0, -0.0, 1.0, -1.5, float("inf"), float("-inf"), 3.4028235e38, -3.4028235e38,
    65504.0, 65519.996, 65520.0, -65520.0, 65536.0, 70000.0, 2.0**-14, 2.0**-14 - 2.0**-25, 2.0**-24,
    2.0**-25, 2.0**-25 * 1.0000001, 3 * 2.0**-25, 2.0**-26, 1e-45, -1e-45, 2.0**-126, 2.0**-127,
    1 + 2.0**-11, 1 + 3 * 2.0**-11, 1 + 2.0**-11 + 2.0**-20, 1 + 2.0**-8, 1 + 3 * 2.0**-8,
    1 + 2.0**-8 + 2.0**-20, 2048.5, 2049.0, 2051.0, 0.1, -43.45, 142.62,
]  # fmt: skip


def word(value: float) -> int:
    return struct.unpack("<I", struct.pack("<f", value))[0]


def words(tensor: torch.Tensor) -> list[int]:
    return [bits & 0xFFFFFFFF for bits in tensor.float().flatten().view(torch.int32).tolist()]


def halves(tensor: torch.Tensor) -> list[int]:
    return [bits & 0xFFFF for bits in tensor.view(torch.int16).tolist()]


def main() -> None:
    generator = torch.Generator().manual_seed(0)
    normal = torch.randn(4, 3, 5, generator=generator)
    small = torch.randn(64, generator=generator) * 2.0 ** torch.arange(-40, 24)
    rounded = torch.tensor(EDGES + small.tolist(), dtype=torch.float32)
    tensors = {
        "model.layers.0.weight": normal,
        "model.layers.0.bias": torch.tensor([0.1, -0.0, float("inf"), 1e-45]),
        "b.half": rounded[:50].to(torch.float16),
        "a.half": normal[0].to(torch.float16).contiguous(),
        "b.brain": rounded[:51].to(torch.bfloat16),
        "scalar": torch.tensor(2.5, dtype=torch.bfloat16),
        "empty": torch.zeros(3, 0, 2),
        "名前 \U0001f5fa \"quoted\" \\ é": torch.ones(2, 1),
        "名前 \uffee": torch.full((2,), -2.0),
    }
    path = GOLDEN / "weights.safetensors"
    save_file(tensors, path, metadata={"format": "pt"})
    golden = {
        "madeBy": "interop/make_safetensors_golden.py",
        "safetensors": safetensors.__version__,
        "torch": torch.__version__,
        "tensors": {
            name: {
                "dtype": {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}[
                    str(tensor.dtype).removeprefix("torch.")
                ],
                "shape": list(tensor.shape),
                "words": words(tensor),
            }
            for name, tensor in load_file(path).items()
        },
        "rounding": {
            "words": words(rounded),
            "float16": halves(rounded.to(torch.float16)),
            "bfloat16": halves(rounded.to(torch.bfloat16)),
        },
    }
    text = json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n"
    (GOLDEN / "weights.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
