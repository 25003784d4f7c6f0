"""Makes test/golden/adamw.json: steps of torch.optim.AdamW, with gradients clipped by torch.

    python interop/make_adamw_golden.py
"""

import json
from pathlib import Path

import torch

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
SETTINGS = [
    {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01},
    {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.2},
    {"betas": (0.9, 0.98), "eps": 1e-8, "weight_decay": 0.0},
]
RATES = [0.05, 0.1, 0.02, 0.0, 0.07, 0.01]
MAX_NORM = 1.5


def run(settings: dict) -> dict:
    generator = torch.Generator().manual_seed(1)
    shapes = {"matrix.weight": (3, 2), "norm.weight": (4,)}
    start = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    decay = [parameters["matrix.weight"]]
    others = [parameters["norm.weight"]]
    groups = [{"params": decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0, **settings)
    steps = []
    for rate in RATES:
        for group in optimizer.param_groups:
            group["lr"] = rate
        gradients = {}
        for name, parameter in parameters.items():
            parameter.grad = torch.randn(parameter.shape, generator=generator)
            gradients[name] = parameter.grad.flatten().tolist()
        norm = torch.nn.utils.clip_grad_norm_(list(parameters.values()), MAX_NORM)
        optimizer.step()
        steps.append(
            {
                "learningRate": rate,
                "gradients": gradients,
                "norm": norm.item(),
                "parameters": {name: p.flatten().tolist() for name, p in parameters.items()},
            }
        )
    return {
        "beta1": settings["betas"][0],
        "beta2": settings["betas"][1],
        "epsilon": settings["eps"],
        "weightDecay": settings["weight_decay"],
        "maxNorm": MAX_NORM,
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "steps": steps,
    }


def main() -> None:
    golden = {
        "madeBy": "interop/make_adamw_golden.py",
        "torch": torch.__version__,
        "runs": [run(settings) for settings in SETTINGS],
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (GOLDEN / "adamw.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
