"""Makes test/golden/grpo-loss.json: TRL's GRPO loss and its gradients by the log-probabilities.

    python interop/make_grpo_golden.py

Runs TRL's own `GRPOTrainer._compute_loss` on log-probabilities that stand in for a model's: six
completions of different length, three updates after one rollout, with steps large enough that
ratios leave the clip range. Advantages come from TRL's formula: the group's sample standard
deviation, plus 1e-4.
"""

import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import torch
import trl
from trl.trainer.grpo_trainer import GRPOTrainer

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
LENGTHS = [3, 9, 1, 6, 9, 4]
MAX_LENGTH = 12
SETTINGS = [
    {"lossType": loss_type, "level": level, "beta": beta, "epsilon": 0.2, "epsilonHigh": high}
    for loss_type in ["grpo", "bnpo", "dr_grpo", "dapo"]
    for level in ["token", "sequence"]
    for beta, high in [(0.0, 0.2), (0.04, 0.28)]
]


def trainer_for(settings: dict, logs: torch.Tensor) -> SimpleNamespace:
    """What `_compute_loss` reads of a trainer; the model's log-probabilities are `logs`."""
    alone = SimpleNamespace(
        num_processes=1,
        gather=lambda x: x.reshape(-1),
        reduce=lambda x, reduction: x,
    )
    return SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *_, **__: (logs, torch.zeros_like(logs), None),
        _entropy_bonus_enabled=False,
        _metrics=defaultdict(lambda: defaultdict(list)),
        accelerator=alone,
        args=SimpleNamespace(
            delta=None, use_bias_correction_kl=False, steps_per_generation=1
        ),
        aux_loss_enabled=False,
        beta=settings["beta"],
        current_gradient_accumulation_steps=1,
        epsilon_low=settings["epsilon"],
        epsilon_high=settings["epsilonHigh"],
        importance_sampling_level=settings["level"],
        loss_type=settings["lossType"],
        max_completion_length=MAX_LENGTH,
        model=SimpleNamespace(training=True),
        off_policy_mask_threshold=None,
        top_entropy_quantile=1.0,
        use_vllm=False,
    )


def run(settings: dict, seed: int) -> dict:
    generator = torch.Generator().manual_seed(seed)
    shape = (len(LENGTHS), max(LENGTHS))
    mask = torch.arange(shape[1])[None, :] < torch.tensor(LENGTHS)[:, None]
    old = -2 * torch.rand(shape, generator=generator)
    reference = old + 0.5 * torch.randn(shape, generator=generator)
    rewards = torch.rand(len(LENGTHS), generator=generator)
    advantages = (rewards - rewards.mean()) / (rewards.std() + 1e-4)
    inputs = {
        "prompt_ids": torch.zeros(shape[0], 1, dtype=torch.long),
        "prompt_mask": torch.ones(shape[0], 1, dtype=torch.long),
        "completion_ids": torch.zeros(shape, dtype=torch.long),
        "completion_mask": mask.long(),
        "advantages": advantages,
        "old_per_token_logps": old,
        "ref_per_token_logps": reference,
        "num_items_in_batch": mask.sum(),
    }
    logs = old.clone()
    updates = []
    for _ in range(3):
        logs = logs.detach().requires_grad_()
        trainer = trainer_for(settings, logs)
        loss = GRPOTrainer._compute_loss(trainer, trainer.model, inputs)
        loss.backward()
        metrics = trainer._metrics["train"]
        updates.append(
            {
                "logProbabilities": logs.detach()[mask].tolist(),
                "loss": loss.item(),
                "kl": metrics["kl"][0] if "kl" in metrics else 0.0,
                "clipped": metrics["clip_ratio/region_mean"][0],
                "gradient": logs.grad[mask].tolist(),
            }
        )
        move = logs.grad / logs.grad.abs().max()
        logs = logs.detach() - 0.3 * move + 0.1 * torch.randn(shape, generator=generator)
    return {
        **settings,
        "rewards": rewards.tolist(),
        "advantages": advantages.tolist(),
        "oldLogProbabilities": old[mask].tolist(),
        "referenceLogProbabilities": reference[mask].tolist(),
        "updates": updates,
    }


def main() -> None:
    golden = {
        "madeBy": "interop/make_grpo_golden.py",
        "torch": torch.__version__,
        "trl": trl.__version__,
        "lengths": LENGTHS,
        "maxCompletionLength": MAX_LENGTH,
        "runs": [run(settings, seed) for seed, settings in enumerate(SETTINGS)],
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (GOLDEN / "grpo-loss.json").write_text(text, encoding="utf-8")
    print(len(text), "bytes,", len(SETTINGS), "settings")


if __name__ == "__main__":
    main()
