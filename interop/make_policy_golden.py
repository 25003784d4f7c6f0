"""Makes test/golden/policy.json: TRL's GRPO through a model, from rewards to the parameters after
three updates.

    python interop/make_policy_golden.py

The model is the first of model_cases.py with parameters by a formula (test/support/tiny-model.ts), in
double precision, so that what is held has no rounding of its own. Runs TRL's own lines for advantages,
its `_get_per_token_logps_and_entropies` and `_compute_loss`, and the optimiser as Trainer sets it up.
Of every gradient its norm and `PROJECTIONS` products with vectors of the formula are held: an error
in any element changes all of them.
"""

import inspect
import json
import textwrap
from collections import defaultdict
from types import MethodType, SimpleNamespace

import numpy as np
import torch
import transformers
import trl
from make_model_golden import GOLDEN, formula_model
from model_cases import CASES as MODELS
from model_cases import IMAGE, checkpoint_name, noise, prepared, shown, widened
from transformers import Trainer
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.utils import nanstd

UPDATES = 3
PROJECTIONS = 2
MAX_LENGTH = 12
TEMPERATURE = 0.8
LEARNING_RATE = 3e-4
WEIGHT_DECAY = 0.05
EPSILON = 1e-5  # with Adam's 1e-8, rounding alone decides where elements with hardly a gradient go
MAX_GRAD_NORM = 1.0
PROMPTS = [[7, *shown(20, 33, 12)], [9, *shown(51, 33, 40)]]
LENGTHS = [[3, 9, 1, 6], [8, 2, 9, 4]]
REWARDS = [[0.9, 0.1, 0.4, None], [0.2, 0.25, 0.7, 0.6]]
SCALES = {"std": "group", "mean": "none", "batch-std": "batch"}


def settings() -> list[dict]:
    found = []
    for loss_type in ["grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "luspo"]:
        for level in ["token", "sequence"]:
            for beta in [0.0, 0.04]:
                number = len(found)
                found.append(
                    {
                        "lossType": loss_type,
                        "ratioLevel": level,
                        "beta": beta,
                        "epsilon": 0.2,
                        "epsilonHigh": 1.1 if loss_type == "cispo" else [0.2, 0.28][number % 2],
                        "advantages": list(SCALES)[number % 3],
                        "promptsPerPass": 1 + (number // 2) % 2,
                    }
                )
    return found


def advantages_of(scale: str) -> torch.Tensor:
    """What TRL's own lines make of the rewards."""
    source = inspect.getsource(GRPOTrainer._generate_and_score_completions)
    first = source.index("        unscorable_mask = torch.isnan")
    last = source.index("        # Slice to keep only the local part of the data")
    rewards = torch.tensor(
        [[float("nan") if r is None else r] for group in REWARDS for r in group],
        dtype=torch.float64,
    )
    names = {
        "self": SimpleNamespace(
            multi_objective_aggregation="sum_then_normalize",
            reward_weights=torch.ones(1, dtype=torch.float64),
            scale_rewards=scale,
        ),
        "rewards_per_func": rewards,
        "num_generations": len(REWARDS[0]),
        "device": "cpu",
        "torch": torch,
        "nanstd": nanstd,
    }
    exec(textwrap.dedent(source[first:last]), names)
    return names["advantages"]


def batch_of(case: dict) -> dict:
    """Prompts of one length (in double precision transformers' padding on the left gives no numbers),
    completions of the formula, padded on the right as in TRL."""
    images = prepared(case)
    prompts = [
        widened(case, {"prompt": prompt, "images": [group]}, images)
        for group, prompt in enumerate(PROMPTS)
    ]
    rows, number = [], 0
    for group, lengths in enumerate(LENGTHS):
        for length in lengths:
            words = 5 + np.floor((noise(3000 + number, length) + 1) / 2 * 59).astype(int)
            rows.append((group, words.tolist()))
            number += 1
    width = max(map(max, LENGTHS))
    prompt_ids = torch.tensor([prompts[group] for group, _ in rows])
    completion_ids = torch.tensor([words + [0] * (width - len(words)) for _, words in rows])
    mask = torch.tensor([[1] * len(words) + [0] * (width - len(words)) for _, words in rows])
    numbers = [group for group, _ in rows]
    return {
        "prompt_ids": prompt_ids,
        "prompt_mask": torch.ones_like(prompt_ids),
        "completion_ids": completion_ids,
        "completion_mask": mask,
        "pixel_values": torch.cat([images[n][0] for n in numbers]).double(),
        "image_grid_thw": torch.cat([images[n][1] for n in numbers]),
        "num_images": [1] * len(rows),
        "mm_token_type_ids": torch.cat([(prompt_ids == IMAGE).int(), torch.zeros_like(completion_ids)], 1),
    }


def part_of(batch: dict, first: int, last: int) -> dict:
    """The rows of one pass."""
    patches = batch["image_grid_thw"].prod(-1)
    ends = torch.cat([torch.zeros(1, dtype=torch.long), patches.cumsum(0)])
    part = {name: value[first:last] for name, value in batch.items() if name != "num_items_in_batch"}
    part["pixel_values"] = batch["pixel_values"][ends[first] : ends[last]]
    return {**part, "num_items_in_batch": batch["num_items_in_batch"]}


def trainer_for(model: torch.nn.Module, setting: dict, passes: int) -> SimpleNamespace:
    """What the methods of a GRPOTrainer read of it."""
    alone = SimpleNamespace(
        num_processes=1, gather=lambda x: x.reshape(-1), reduce=lambda x, reduction: x
    )
    trainer = SimpleNamespace(
        _entropy_bonus_enabled=False,
        _metrics=defaultdict(lambda: defaultdict(list)),
        accelerator=alone,
        args=SimpleNamespace(
            delta=None,
            use_bias_correction_kl=False,
            steps_per_generation=passes,
            sapo_temperature_pos=1.0,
            sapo_temperature_neg=1.05,
        ),
        aux_loss_enabled=False,
        beta=setting["beta"],
        current_gradient_accumulation_steps=passes,
        epsilon_low=setting["epsilon"],
        epsilon_high=setting["epsilonHigh"],
        importance_sampling_level=setting["ratioLevel"],
        loss_type=setting["lossType"],
        max_completion_length=MAX_LENGTH,
        model=model,
        model_kwarg_keys=inspect.signature(model.forward).parameters.keys(),
        off_policy_mask_threshold=None,
        temperature=TEMPERATURE,
        top_entropy_quantile=1.0,
        use_vllm=False,
    )
    plain = inspect.unwrap(GRPOTrainer._get_per_token_logps_and_entropies)
    trainer._get_per_token_logps_and_entropies = MethodType(plain, trainer)
    return trainer


def log_probabilities(trainer: SimpleNamespace, model: torch.nn.Module, batch: dict) -> torch.Tensor:
    ids = torch.cat([batch["prompt_ids"], batch["completion_ids"]], 1)
    mask = torch.cat([batch["prompt_mask"], batch["completion_mask"]], 1)
    images = {
        name: batch[name]
        for name in ["pixel_values", "image_grid_thw", "num_images", "mm_token_type_ids"]
    }
    with torch.no_grad():
        logs, _, _ = trainer._get_per_token_logps_and_entropies(
            model, ids, mask, batch["completion_ids"].size(1), **images
        )
    return logs


def decaying_names(model: torch.nn.Module) -> set[str]:
    """Trainer goes by names: norms called norm1, norm2 and ln_q decay, the others do not."""
    return set(Trainer.get_decay_parameter_names(None, model))


def sketch(tensors: dict[str, torch.Tensor]) -> list[list[float]]:
    """Norm and projections of every tensor, by name; a vector's key is the place in this order."""
    held = []
    for place, name in enumerate(sorted(tensors)):
        values = tensors[name].double().flatten().numpy()
        vectors = [noise(4000 + PROJECTIONS * place + k, values.size) for k in range(PROJECTIONS)]
        numbers = [float(np.linalg.norm(values)), *(float(values @ vector) for vector in vectors)]
        held.append([float(f"{number:.7g}") for number in numbers])
    return held


def reference_model(case: dict) -> torch.nn.Module:
    """The formula's model, moved a little."""
    model = formula_model(case).double()
    own = {checkpoint_name(name): p for name, p in model.named_parameters()}
    with torch.no_grad():
        for place, name in enumerate(sorted(own)):
            moved = 0.02 * noise(6000 + place, own[name].numel())
            own[name].add_(torch.from_numpy(moved.astype(np.float32)).double().reshape(own[name].shape))
            own[name].copy_(own[name].float().double())
    return model


def run(setting: dict) -> dict:
    case = MODELS[0]
    model = formula_model(case).double().train()
    batch = batch_of(case)
    size = len(batch["prompt_ids"])
    per_pass = setting["promptsPerPass"] * len(LENGTHS[0])
    trainer = trainer_for(model, setting, size // per_pass)
    batch["advantages"] = advantages_of(SCALES[setting["advantages"]])
    batch["old_per_token_logps"] = log_probabilities(trainer, model, batch)
    batch["ref_per_token_logps"] = log_probabilities(trainer, reference_model(case), batch)
    batch["num_items_in_batch"] = batch["completion_mask"].sum()

    decaying = decaying_names(model)
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for n, p in named.items() if n in decaying], "weight_decay": WEIGHT_DECAY},
            {"params": [p for n, p in named.items() if n not in decaying], "weight_decay": 0.0},
        ],
        lr=LEARNING_RATE,
        eps=EPSILON,
    )
    before = {checkpoint_name(n): p.detach().clone() for n, p in named.items()}
    updates = []
    for _ in range(UPDATES):
        optimizer.zero_grad()
        trainer._metrics = defaultdict(lambda: defaultdict(list))
        loss = 0.0
        for first in range(0, size, per_pass):
            part = GRPOTrainer._compute_loss(trainer, model, part_of(batch, first, first + per_pass))
            part.backward()
            loss += part.item()
        metrics = trainer._metrics["train"]
        gradients = {checkpoint_name(n): p.grad.clone() for n, p in named.items()}
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_GRAD_NORM)
        optimizer.step()
        low, high = (
            metrics.get(f"clip_ratio/{side}_mean") for side in ["low", "high"]
        )
        updates.append(
            {
                "loss": loss,
                "gradNorm": norm.item(),
                **({"kl": metrics["kl"]} if "kl" in metrics else {}),
                **({"clippedLow": low, "clippedHigh": high} if low is not None else {}),
                "gradients": sketch(gradients),
            }
        )
    moved = {checkpoint_name(n): p.detach() - before[checkpoint_name(n)] for n, p in named.items()}
    shares = [u["clippedLow"][0] + u["clippedHigh"][0] if "clippedLow" in u else 0 for u in updates]
    print(setting, [round(u["loss"], 5) for u in updates], "clipped", np.round(shares, 3))
    return {
        **setting,
        "advantageValues": batch["advantages"].tolist(),
        "updates": updates,
        "moved": sketch(moved),
    }


def main() -> None:
    torch.set_num_threads(1)
    case = MODELS[0]
    batch = batch_of(case)
    trainer = trainer_for(formula_model(case).double(), settings()[0], 1)
    logs = log_probabilities(trainer, trainer.model, batch)
    mask = batch["completion_mask"].bool()
    golden = {
        "madeBy": "interop/make_policy_golden.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "trl": trl.__version__,
        "maxCompletionLength": MAX_LENGTH,
        "temperature": TEMPERATURE,
        "learningRate": LEARNING_RATE,
        "weightDecay": WEIGHT_DECAY,
        "adamEpsilon": EPSILON,
        "decaying": sorted(checkpoint_name(n) for n in decaying_names(formula_model(case))),
        "maxGradNorm": MAX_GRAD_NORM,
        "prompts": [
            batch["prompt_ids"][row].tolist() for row in range(0, len(mask), len(LENGTHS[0]))
        ],
        "completions": [ids[own].tolist() for ids, own in zip(batch["completion_ids"], mask)],
        "rewards": [reward for group in REWARDS for reward in group],
        "oldLogProbabilities": [
            [float(f"{value:.9g}") for value in row[own].tolist()] for row, own in zip(logs, mask)
        ],
        "runs": [run(setting) for setting in settings()],
    }
    path = GOLDEN / "policy.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path.name, path.stat().st_size, "bytes,", len(golden["runs"]), "runs")


if __name__ == "__main__":
    main()
