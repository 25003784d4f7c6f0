"""Makes test/golden/sft.json: TRL's completion-only SFT through a model, three steps of it.

    python interop/make_sft_golden.py

The model is the first of model_cases.py with parameters by a formula, in double precision. Runs TRL's
own collator (`completion_only_loss`) over a processor that hands out the tokens as they are, and
`SFTTrainer.compute_loss` with the count of answer tokens that Trainer passes it, in one pass of four
samples and in four accumulated ones; then in evaluation, on samples that are not trained on.
"""

import json
from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import torch
import transformers
import trl
from make_model_golden import GOLDEN, formula_model
from make_policy_golden import sketch
from model_cases import CASES as MODELS
from model_cases import IMAGE, PIXELS, checkpoint_name, image, noise, shown
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from trl import SFTTrainer
from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

STEPS = 3
LEARNING_RATE = 3e-4
MAX_GRAD_NORM = 1.0
SIZE = (84, 56)
PROMPTS = [[7, *shown(20, 33, 12)], shown(51, 33), [9, 8, *shown(30)], shown(40, 41, 42, 43)]
LENGTHS = [6, 3, 9, 1]
TRAINED, HELD_OUT = [0, 1, 2, 3], [4, 5, 6]


def words(number: int, length: int) -> list[int]:
    return (5 + np.floor((noise(7000 + number, length) + 1) / 2 * 59).astype(int)).tolist()


SAMPLES = [
    {"image": number, "prompt": PROMPTS[number % 4], "answer": words(number, LENGTHS[-1 - number % 4])}
    for number in range(7)
]


class Processor:
    """Texts are numbers already; images are the formula's."""

    def __init__(self) -> None:
        self.images = Qwen2VLImageProcessorPil(**PIXELS)

    def __call__(self, text, images=None, padding_side="right", **_) -> dict:
        out = {}
        rows = [[int(token) for token in row.split()] for row in text]
        if images is not None:
            found = self.images(images=[own for one in images for own in one], return_tensors="pt")
            out["pixel_values"] = found["pixel_values"].double()
            out["image_grid_thw"] = found["image_grid_thw"]
            count = found["image_grid_thw"].prod(-1) // 4
            rows = [
                [t for token in row for t in ([IMAGE] * count[i] if token == IMAGE else [token])]
                for i, row in enumerate(rows)
            ]
        longest = max(map(len, rows))
        pad = [[0] * (longest - len(row)) for row in rows]
        one = [[1] * len(row) for row in rows]
        left = padding_side == "left"
        join = (lambda a, b: a + b) if left else (lambda a, b: b + a)
        out["input_ids"] = torch.tensor([join(p, row) for p, row in zip(pad, rows)])
        out["attention_mask"] = torch.tensor([join(p, row) for p, row in zip(pad, one)])
        out["mm_token_type_ids"] = (out["input_ids"] == IMAGE).int()
        return out


def collated(numbers: list[int]) -> dict:
    collator = DataCollatorForVisionLanguageModeling(
        processor=Processor(), max_length=None, completion_only_loss=True
    )
    spelled = lambda tokens: " ".join(map(str, tokens))
    return collator(
        [
            {
                "images": [image(SAMPLES[n]["image"], *SIZE)],
                "prompt": spelled(SAMPLES[n]["prompt"]),
                "completion": spelled(SAMPLES[n]["answer"]),
            }
            for n in numbers
        ]
    )


def trainer_for(model: torch.nn.Module) -> SFTTrainer:
    """A trainer with what `compute_loss` reads of it."""
    trainer = SFTTrainer.__new__(SFTTrainer)
    trainer.model = model
    trainer.args = SimpleNamespace(
        use_liger_kernel=False, loss_type="nll", average_tokens_across_devices=False, past_index=-1, n_gpu=1
    )
    trainer.accelerator = SimpleNamespace(gather_for_metrics=lambda x: x, num_processes=1)
    trainer.aux_loss_enabled = False
    trainer.label_smoother = trainer.compute_loss_func = None
    trainer.model_accepts_loss_kwargs = True
    trainer.num_virtual_tokens = 0
    trainer._tp_size = 1
    trainer._total_train_tokens = 0
    trainer._metrics = {mode: defaultdict(list) for mode in ["train", "eval"]}
    return trainer


def teach_held_out(model: torch.nn.Module) -> None:
    """Makes every held-out answer begin with what the model would say, so that some tokens are right."""
    for number in HELD_OUT:
        batch = collated([number])
        del batch["labels"]
        with torch.no_grad():
            logits = model(**batch).logits[0]
        SAMPLES[number]["answer"][0] = logits[-1 - len(SAMPLES[number]["answer"])].argmax().item()


def run(per_pass: int) -> list[dict]:
    model = formula_model(MODELS[0]).double().train()
    trainer = trainer_for(model)
    named = {checkpoint_name(n): p for n, p in model.named_parameters()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    total = sum(len(SAMPLES[n]["answer"]) for n in TRAINED)
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = 0.0
        for first in range(0, len(TRAINED), per_pass):
            batch = collated(TRAINED[first : first + per_pass])
            part = trainer.compute_loss(model, batch, num_items_in_batch=torch.tensor(total))
            part.backward()
            loss += part.item()
        gradients = sketch({name: p.grad for name, p in named.items()})
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_GRAD_NORM).item()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            held_out = trainer.compute_loss(model, collated(HELD_OUT)).item()
        model.train()
        accuracy = trainer._metrics["eval"]["mean_token_accuracy"][-1]
        steps.append(
            {
                "loss": loss,
                "gradNorm": norm,
                "evalLoss": held_out,
                "evalAccuracy": accuracy,
                **({"gradients": gradients} if not steps else {}),
            }
        )
        print(per_pass, {name: value for name, value in steps[-1].items() if name != "gradients"})
    return steps


def main() -> None:
    torch.set_num_threads(1)
    teach_held_out(formula_model(MODELS[0]).double().eval())
    whole, accumulated = run(len(TRAINED)), run(1)
    for one, other in zip(whole, accumulated):
        assert abs(one["loss"] - other["loss"]) < 1e-5, "TRL's own accumulation"
    golden = {
        "madeBy": "interop/make_sft_golden.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "trl": trl.__version__,
        "learningRate": LEARNING_RATE,
        "maxGradNorm": MAX_GRAD_NORM,
        "width": SIZE[0],
        "height": SIZE[1],
        "samples": SAMPLES,
        "trained": TRAINED,
        "heldOut": HELD_OUT,
        "steps": whole,
    }
    path = GOLDEN / "sft.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
