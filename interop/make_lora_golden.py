"""Makes test/golden/lora.json: what PEFT computes with adapters on the first model of model_cases.py.

    python interop/make_lora_golden.py

Parameters, adapters and images are made by a formula (test/support/tiny-model.ts), so that none needs
storing. Holds log-probabilities with the adapter, the loss, gradients of both matrices, and merged
weights.
"""

import json

import peft
import torch
import transformers
from make_model_golden import GOLDEN, formula_model
from model_cases import CASES as MODELS
from model_cases import IMAGE, noise, prepared, widened
from peft import LoraConfig, get_peft_model

CASES = {
    "attention": {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]},
    "all-linear": {"r": 2, "lora_alpha": 6, "target_modules": "all-linear", "use_rslora": True},
    "patterns": {
        "r": 3,
        "lora_alpha": 3,
        "target_modules": r".*(language_model\.layers\.\d\.mlp\.(gate|up|down)_proj|blocks\.\d\.attn\.qkv)",
        "exclude_modules": ["layers.1.mlp.up_proj"],
        "rank_pattern": {"down_proj": 5},
        "alpha_pattern": {r"layers\.0\.mlp\.gate_proj": 12},
    },
}


def own_name(name: str) -> str:
    """geor's name of PEFT's parameter."""
    name = name.removeprefix("base_model.model.").replace(".default", "")
    return name.replace("model.visual.", "visual.").replace("model.language_model.", "model.")


def run(settings: dict) -> dict:
    case = MODELS[0]
    model = get_peft_model(formula_model(case), LoraConfig(**settings))
    images = prepared(case)
    matrices = {own_name(name): p for name, p in model.named_parameters() if p.requires_grad}
    order = sorted(matrices)
    with torch.no_grad():
        for name, matrix in matrices.items():
            values = noise(2000 + order.index(name), matrix.numel()) * 0.3
            matrix.copy_(torch.from_numpy(values).float().reshape(matrix.shape))
    total = sum(len(example["answer"]) for example in case["examples"])
    loss = 0
    logs = []
    for example in case["examples"]:
        [number] = example["images"]
        prompt, answer = widened(case, example, images), example["answer"]
        tokens = torch.tensor([prompt + answer])
        out = model(
            input_ids=tokens,
            mm_token_type_ids=(tokens == IMAGE).int(),
            pixel_values=images[number][0],
            image_grid_thw=images[number][1],
        )
        rows = torch.arange(len(prompt) - 1, len(prompt) + len(answer) - 1)
        chosen = torch.log_softmax(out.logits[0], -1)[rows, torch.tensor(answer)]
        loss = loss - chosen.sum() / total
        logs.append(chosen.tolist())
    loss.backward()
    gradients = {}
    for name in order:
        gradient = matrices[name].grad.flatten()
        gradients[name] = {
            "shape": list(matrices[name].shape),
            "norm": gradient.double().norm().item(),
            "samples": gradient[:: max(1, gradient.numel() // 5)].tolist(),
        }
    layers = sorted({name.rsplit(".lora_", 1)[0] for name in order})
    merged = {
        own_name(name): parameter.flatten()[:: max(1, parameter.numel() // 7)].tolist()
        for name, parameter in model.merge_and_unload(safe_merge=True).named_parameters()
        if own_name(name).removesuffix(".weight") in layers
    }
    return {"config": settings, "logProbabilities": logs, "loss": loss.item(), "gradients": gradients, "merged": merged}


def main() -> None:
    torch.set_num_threads(1)
    golden = {
        "madeBy": "interop/make_lora_golden.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "cases": {name: run(settings) for name, settings in CASES.items()},
    }
    path = GOLDEN / "lora.json"
    text = json.dumps(json.loads(json.dumps(golden), parse_float=lambda x: float(f"{float(x):.9g}")), separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
