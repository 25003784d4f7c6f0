"""Makes test/golden/grpo-loss.json: GRPO's loss and its gradients by the log-probabilities, in torch.

    python interop/make_grpo_golden.py

DeepSeekMath (arXiv 2402.03300), equations 3 and 4, as TRL writes them in `grpo_trainer.py`; every
answer token has the weight 1 / tokens. Each case ascends its gradient for three updates after one
rollout, so that ratios leave the clip range.
"""

import json
from pathlib import Path

import torch

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
SETTINGS = [
    {"epsilon": 0.2, "epsilonHigh": 0.2, "beta": 0.0},
    {"epsilon": 0.2, "epsilonHigh": 0.28, "beta": 0.0},
    {"epsilon": 0.1, "epsilonHigh": 0.1, "beta": 0.04},
    {"epsilon": 0.2, "epsilonHigh": 0.3, "beta": 0.5},
]
TOKENS = 24


def loss_of(logs, old, reference, advantages, weights, settings):
    ratio = torch.exp(logs - old)
    clipped = torch.clamp(ratio, 1 - settings["epsilon"], 1 + settings["epsilonHigh"])
    per_token = -torch.min(ratio * advantages, clipped * advantages)
    kl = torch.exp(reference - logs) - (reference - logs) - 1
    if settings["beta"] != 0.0:
        per_token = per_token + settings["beta"] * kl
    return (per_token * weights).sum(), kl


def run(settings: dict, seed: int) -> dict:
    generator = torch.Generator().manual_seed(seed)
    old = -2 * torch.rand(TOKENS, generator=generator)
    reference = old + 0.5 * torch.randn(TOKENS, generator=generator)
    advantages = torch.randn(4, generator=generator).repeat_interleave(TOKENS // 4)
    advantages[-6:] = 0.0
    weights = torch.full((TOKENS,), 1 / TOKENS)
    logs = old.clone()
    updates = []
    for _ in range(3):
        logs = logs.detach().requires_grad_()
        loss, kl = loss_of(logs, old, reference, advantages, weights, settings)
        loss.backward()
        updates.append(
            {
                "logProbabilities": logs.detach().tolist(),
                "loss": loss.item(),
                "kl": kl.detach().tolist(),
                "gradient": logs.grad.tolist(),
            }
        )
        logs = logs.detach() - 6 * logs.grad + 0.1 * torch.randn(TOKENS, generator=generator)
    return {
        **settings,
        "oldLogProbabilities": old.tolist(),
        "referenceLogProbabilities": reference.tolist(),
        "advantages": advantages.tolist(),
        "weights": weights.tolist(),
        "updates": updates,
    }


def main() -> None:
    golden = {
        "madeBy": "interop/make_grpo_golden.py",
        "torch": torch.__version__,
        "runs": [run(settings, seed) for seed, settings in enumerate(SETTINGS)],
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (GOLDEN / "grpo-loss.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
