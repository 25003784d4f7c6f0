"""Makes test/golden/schedules.json: learning rates of the schedules of transformers.

    python interop/make_schedule_golden.py
"""

import json
from pathlib import Path

import torch
import transformers
from transformers import (
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_cosine_with_min_lr_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
PEAK = 3e-4
STEPS = 23
MAKERS = {
    "constant": lambda o, warmup: get_constant_schedule_with_warmup(o, warmup),
    "linear": lambda o, warmup: get_linear_schedule_with_warmup(o, warmup, STEPS),
    "cosine": lambda o, warmup: get_cosine_schedule_with_warmup(o, warmup, STEPS),
    "cosine with minimum": lambda o, warmup: get_cosine_with_min_lr_schedule_with_warmup(
        o, warmup, STEPS, min_lr_rate=0.1
    ),
}


def rates(name: str, warmup: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = MAKERS[name](optimizer, warmup)
    out = []
    for _ in range(STEPS + 1):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return out


def main() -> None:
    golden = {
        "madeBy": "interop/make_schedule_golden.py",
        "transformers": transformers.__version__,
        "peak": PEAK,
        "steps": STEPS,
        "curves": [
            {"name": name, "warmupSteps": warmup, "rates": rates(name, warmup)}
            for name in MAKERS
            for warmup in (0, 1, 7)
        ],
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (GOLDEN / "schedules.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
