"""Makes test/golden/muon.json: steps of torch.optim.Muon, and of the same rule in float64.

    python interop/make_muon_golden.py

torch makes matrices orthogonal in bfloat16, so its steps are near, not equal. The exact ones have no
Newton-Schulz in them: its iteration changes singular values alone, each by the polynomial
a s + b s^3 + c s^5, so the factor comes from a singular value decomposition.
"""

import json
from pathlib import Path

import numpy
import torch

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
COEFFICIENTS = (3.4445, -4.775, 2.0315)
RATES = [0.05, 0.1, 0.02, 0.0, 0.07]
MOMENTUM, DECAY = 0.9, 0.2
SHAPES = {"wide": (3, 8), "tall": (7, 4), "same shape": (3, 8), "square": (5, 5)}


def orthogonal(matrix: numpy.ndarray) -> numpy.ndarray:
    left, values, right = numpy.linalg.svd(matrix, full_matrices=False)
    values = values / numpy.linalg.norm(values)
    for _ in range(5):
        a, b, c = COEFFICIENTS
        values = a * values + b * values**3 + c * values**5
    return (left * values) @ right


def main() -> None:
    generator = torch.Generator().manual_seed(1)
    start = {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}
    torchs = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    exact = {name: value.double().numpy() for name, value in start.items()}
    momenta = {name: numpy.zeros(shape) for name, shape in SHAPES.items()}
    optimizer = torch.optim.Muon(
        torchs.values(),
        lr=0,
        momentum=MOMENTUM,
        weight_decay=DECAY,
        nesterov=True,
        ns_coefficients=COEFFICIENTS,
        adjust_lr_fn="match_rms_adamw",
    )
    steps = []
    for rate in RATES:
        optimizer.param_groups[0]["lr"] = rate
        gradients = {}
        for name, parameter in torchs.items():
            parameter.grad = torch.randn(parameter.shape, generator=generator)
            gradients[name] = parameter.grad.flatten().tolist()
            gradient = parameter.grad.double().numpy()
            momenta[name] = MOMENTUM * momenta[name] + (1 - MOMENTUM) * gradient
            direction = (1 - MOMENTUM) * gradient + MOMENTUM * momenta[name]
            size = rate * 0.2 * max(parameter.shape) ** 0.5
            exact[name] = exact[name] * (1 - rate * DECAY) - size * orthogonal(direction)
        optimizer.step()
        steps.append(
            {
                "learningRate": rate,
                "gradients": gradients,
                "torch": {name: p.flatten().tolist() for name, p in torchs.items()},
                "exact": {name: values.flatten().tolist() for name, values in exact.items()},
            }
        )
    golden = {
        "madeBy": "interop/make_muon_golden.py",
        "torch": torch.__version__,
        "momentum": MOMENTUM,
        "weightDecay": DECAY,
        "shapes": SHAPES,
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "steps": steps,
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (GOLDEN / "muon.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
