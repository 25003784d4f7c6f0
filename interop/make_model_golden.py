"""Makes test/golden/model.json: what transformers' Qwen2.5-VL computes with weights and images made
by a formula (see src/model/formula.test-support.ts), so that neither needs storing.

    python interop/make_model_golden.py

Holds image patches, rotary positions, log-probabilities, the loss and gradients of a tiny model.
"""

import json
from pathlib import Path

import numpy as np
import torch
import transformers
from PIL import Image
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
IMAGE, START, END, EOS = 3, 1, 2, 4
WIDTH, HEIGHT = 84, 56  # 6 x 4 patches; windows of 4 x 4 patches, the right one half full
CONFIG = {
    "model_type": "qwen2_5_vl",
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "rope_scaling": {"type": "mrope", "mrope_section": [2, 1, 1]},
    "max_position_embeddings": 128,
    "tie_word_embeddings": True,
    "eos_token_id": EOS,
    "pad_token_id": 0,
    "image_token_id": IMAGE,
    "vision_start_token_id": START,
    "vision_end_token_id": END,
    "vision_config": {
        "depth": 3,
        "hidden_size": 32,
        "intermediate_size": 40,
        "num_heads": 2,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 56,
        "fullatt_block_indexes": [1],
        "out_hidden_size": 32,
    },
}
EXAMPLES = [
    {"prompt": [7, START, *[IMAGE] * 6, END, 20, 33, 12], "answer": [40, 21, 9, 63, 18, EOS]},
    {"prompt": [START, *[IMAGE] * 6, END, 51, 33], "answer": [5, 29, 29, EOS]},
]


def noise(key: int, size: int) -> np.ndarray:
    """Uniform numbers in [-1, 1): the finaliser of MurmurHash3 of the index, keyed."""
    h = (np.arange(size, dtype=np.uint64) * 0x9E3779B1 + key * 0x85EBCA6B) & 0xFFFFFFFF
    for shift, factor in [(16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)]:
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return h.astype(np.float64) / 2**31 - 1


def weights(key: int, name: str, shape: list[int]) -> np.ndarray:
    values = noise(key, int(np.prod(shape)))
    if len(shape) == 1:
        values = values * 0.2 if name.endswith("bias") else 1 + 0.3 * values
    elif "embed_tokens" in name:
        values = values * 0.5
    else:
        values = values * np.sqrt(3 * shape[0] / values.size)
    return values.astype(np.float32).reshape(shape)


def image(number: int) -> np.ndarray:
    values = noise(1000 + number, WIDTH * HEIGHT * 3)
    return np.floor((values + 1) * 128).astype(np.uint8).reshape(HEIGHT, WIDTH, 3)


def checkpoint_name(name: str) -> str:
    """The published checkpoints' names of transformers' parameters."""
    return name.replace("model.visual.", "visual.").replace("model.language_model.", "model.")


def checkpoint_order(model: torch.nn.Module) -> list[str]:
    return sorted(checkpoint_name(name) for name, _ in model.named_parameters())


def formula_model() -> Qwen2_5_VLForConditionalGeneration:
    """The model of CONFIG with parameters of the formula."""
    nested = {"rope_parameters": {**CONFIG["rope_scaling"], "rope_type": "default", "rope_theta": 10000.0}}
    text = {k: v for k, v in CONFIG.items() if k not in ("model_type", "vision_config", "rope_scaling")}
    ids = {k: CONFIG[k] for k in ("image_token_id", "vision_start_token_id", "vision_end_token_id")}
    config = Qwen2_5_VLConfig(
        text_config={**text, **nested},
        vision_config=CONFIG["vision_config"],
        tie_word_embeddings=True,
        attn_implementation="eager",
        **ids,
    )
    model = Qwen2_5_VLForConditionalGeneration(config).float()
    assert config.text_config.rope_parameters["rope_theta"] == 10000.0, config.text_config
    assert model.lm_head.weight is model.model.language_model.embed_tokens.weight
    order = checkpoint_order(model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            ours = checkpoint_name(name)
            parameter.copy_(torch.from_numpy(weights(order.index(ours), ours, list(parameter.shape))))

    return model


def formula_pixels() -> list[torch.Tensor]:
    """The patches of each example's image."""
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

    processor = Qwen2VLImageProcessorPil(do_resize=False)
    pixels = []
    for number in range(len(EXAMPLES)):
        out = processor(images=Image.fromarray(image(number)), return_tensors="pt")
        assert out["image_grid_thw"].tolist() == [[1, 4, 6]]
        pixels.append(out["pixel_values"])
    return pixels


def main() -> None:
    torch.set_num_threads(1)
    model = formula_model()
    pixels = formula_pixels()
    total = sum(len(example["answer"]) for example in EXAMPLES)
    grid = torch.tensor([[1, 4, 6]])
    loss = 0
    examples = []
    for number, example in enumerate(EXAMPLES):
        prompt, answer = example["prompt"], example["answer"]
        tokens = torch.tensor([prompt + answer])
        types = (tokens == IMAGE).int()
        positions, _ = model.model.get_rope_index(
            tokens, mm_token_type_ids=types, image_grid_thw=grid
        )
        out = model(
            input_ids=tokens,
            mm_token_type_ids=types,
            pixel_values=pixels[number],
            image_grid_thw=grid,
        )
        logs = torch.log_softmax(out.logits[0], -1)
        rows = torch.arange(len(prompt) - 1, len(prompt) + len(answer) - 1)
        chosen = logs[rows, torch.tensor(answer)]
        loss = loss - chosen.sum() / total
        examples.append(
            {
                "prompt": prompt,
                "answer": answer,
                "positions": positions[:, 0].tolist(),
                "logProbabilities": chosen.tolist(),
                "firstAnswerLogProbabilities": logs[len(prompt) - 1].tolist(),
                "patches": pixels[number].double().abs().mean(1).tolist(),
                "patchSamples": pixels[number].reshape(24, 3, 2, 14, 14)[:, :, 0, 3, 11].tolist(),
            }
        )
    loss.backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        gradient = parameter.grad.flatten()
        stride = max(1, gradient.numel() // 7)
        gradients[checkpoint_name(name)] = {
            "shape": list(parameter.shape),
            "norm": gradient.double().norm().item(),
            "samples": gradient[::stride].tolist(),
        }
    golden = {
        "madeBy": "interop/make_model_golden.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "config": CONFIG,
        "image": {"width": WIDTH, "height": HEIGHT},
        "examples": examples,
        "loss": loss.item(),
        "gradients": dict(sorted(gradients.items())),
    }
    path = GOLDEN / "model.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes, loss {loss.item():.4f}")


if __name__ == "__main__":
    main()
