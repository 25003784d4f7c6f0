"""Small Qwen2.5-VL configurations that differ in everything a configuration may say, with prompts and
images to ask them, and what transformers computes for them.

Used by make_model_golden.py (weights by a formula, committed) and tests/test_model.py (random
weights, compared in full).
"""

import math
from copy import deepcopy

import numpy as np
import torch
from PIL import Image
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

IMAGE, START, END, EOS = 3, 1, 2, 4
GREEDY_TOKENS, SAMPLED_TOKENS, TEMPERATURE = 64, 24, 0.7


def config(vision: dict, **text) -> dict:
    """A config.json in the flat form of the published checkpoints."""
    hidden = text["hidden_size"]
    return {
        "model_type": "qwen2_5_vl",
        "vocab_size": 64,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "max_position_embeddings": 512,
        "eos_token_id": EOS,
        "pad_token_id": 0,
        "image_token_id": IMAGE,
        "vision_start_token_id": START,
        "vision_end_token_id": END,
        **text,
        "rope_scaling": {"type": "mrope", "mrope_section": text["rope_scaling"]},
        "vision_config": {
            "patch_size": 14,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "out_hidden_size": hidden,
            **vision,
        },
    }


def shown(*words: int) -> list[int]:
    """One image between its marks, then words."""
    return [START, IMAGE, END, *words]


# images: width, height as they come; they are brought to size by the processor
CASES = [
    {
        "name": "two heads a key, a window half full",
        "config": config(
            hidden_size=32, num_attention_heads=4, num_key_value_heads=2,
            rope_scaling=[2, 1, 1], tie_word_embeddings=True, max_position_embeddings=128,
            vision={"depth": 3, "hidden_size": 32, "intermediate_size": 40, "num_heads": 2,
                    "window_size": 56, "fullatt_block_indexes": [1]},
        ),
        "images": [[84, 56], [84, 56]],
        "examples": [
            {"images": [0], "prompt": [7, *shown(20, 33, 12)], "answer": [40, 21, 9, 63, 18, EOS]},
            {"images": [1], "prompt": shown(51, 33), "answer": [5, 29, 29, EOS]},
        ],
    },
    {
        "name": "three heads a key, odd grids",
        "config": config(
            vocab_size=101, hidden_size=48, num_attention_heads=6, num_key_value_heads=2,
            intermediate_size=72, num_hidden_layers=3, rms_norm_eps=1e-5, rope_theta=1e6,
            rope_scaling=[1, 2, 1], tie_word_embeddings=True,
            vision={"depth": 4, "hidden_size": 24, "intermediate_size": 36, "num_heads": 3,
                    "window_size": 56, "fullatt_block_indexes": [1, 3]},
        ),
        "images": [[30, 410], [150, 90], [200, 201]],
        "examples": [
            {"images": [0], "prompt": [9, 8, *shown(30, 31)], "answer": [70, 71, EOS]},
            {"images": [1], "prompt": shown(*range(40, 60)), "answer": [5, 6, 7, 90, 100, 11, EOS]},
            {"images": [2], "prompt": shown(12), "answer": [99, EOS]},
        ],
    },
    {
        "name": "a head of its own for logits, two images in a prompt",
        "config": config(
            vocab_size=80, hidden_size=40, num_attention_heads=5, num_key_value_heads=5,
            rope_scaling=[2, 1, 1], tie_word_embeddings=False, rms_norm_eps=1e-5,
            vision={"depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 4,
                    "window_size": 112, "fullatt_block_indexes": [0]},
        ),
        "images": [[140, 168], [70, 126], [90, 90]],
        "examples": [
            {"images": [0, 1], "prompt": [6, *shown(7), *shown(8, 9)], "answer": [50, 51, 52, EOS]},
            {"images": [2], "prompt": shown(60, 61), "answer": [10, 20, 30, 40, EOS]},
        ],
    },
    {
        "name": "all heads on one key, windows alone, a prompt without image",
        "config": config(
            vocab_size=72, hidden_size=64, num_attention_heads=4, num_key_value_heads=1,
            num_hidden_layers=1, rope_theta=5e5, rope_scaling=[2, 3, 3], tie_word_embeddings=False,
            vision={"depth": 2, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2,
                    "window_size": 84, "fullatt_block_indexes": []},
        ),
        "images": [[224, 98], [57, 59]],
        "examples": [
            {"images": [0, 1], "prompt": [*shown(), *shown(33)], "answer": [44, EOS]},
            {"images": [], "prompt": [15, 16, 17], "answer": [18, 19, 20, 21, 22, EOS]},
        ],
    },
    {
        "name": "attention to the whole image alone, wide heads",
        "config": config(
            vocab_size=64, hidden_size=64, num_attention_heads=2, num_key_value_heads=1,
            intermediate_size=40, rope_scaling=[8, 4, 4], tie_word_embeddings=True,
            vision={"depth": 1, "hidden_size": 48, "intermediate_size": 20, "num_heads": 3,
                    "window_size": 28, "fullatt_block_indexes": [0]},
        ),
        "images": [[100, 56], [56, 100], [28, 28]],
        "examples": [
            {"images": [2], "prompt": shown(8, 7, 6, 5, 9), "answer": [33, 34, EOS]},
            {"images": [1], "prompt": [11, *shown(12)], "answer": [EOS]},
            {"images": [0], "prompt": [11, *shown(12)], "answer": [13, 14, 15, EOS]},
        ],
    },
]
PIXELS = {"min_pixels": 56 * 56, "max_pixels": 40 * 28 * 28}


def noise(key: int, size: int) -> np.ndarray:
    """Uniform numbers in [-1, 1): the finaliser of MurmurHash3 of the index, keyed."""
    h = (np.arange(size, dtype=np.uint64) * 0x9E3779B1 + key * 0x85EBCA6B) & 0xFFFFFFFF
    for shift, factor in [(16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)]:
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return h.astype(np.float64) / 2**31 - 1


def image(number: int, width: int, height: int) -> Image.Image:
    values = np.floor((noise(1000 + number, width * height * 3) + 1) * 128).astype(np.uint8)
    return Image.fromarray(values.reshape(height, width, 3))


def checkpoint_name(name: str) -> str:
    """The published checkpoints' names of transformers' parameters."""
    return name.replace("model.visual.", "visual.").replace("model.language_model.", "model.")


def make_model(case: dict) -> Qwen2_5_VLForConditionalGeneration:
    loaded = Qwen2_5_VLConfig.from_dict(deepcopy(case["config"]))
    loaded._attn_implementation = "eager"
    model = Qwen2_5_VLForConditionalGeneration(loaded).float().eval()
    text = model.config.text_config
    assert text.rope_parameters["rope_theta"] == case["config"]["rope_theta"], text
    assert text.rope_parameters["mrope_section"] == case["config"]["rope_scaling"]["mrope_section"]
    tied = model.lm_head.weight is model.model.language_model.embed_tokens.weight
    assert tied == case["config"]["tie_word_embeddings"]
    return model


def prepared(case: dict) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Patches and grid of every image."""
    processor = Qwen2VLImageProcessorPil(**PIXELS)
    found = [processor(images=image(number, *size), return_tensors="pt")
             for number, size in enumerate(case["images"])]
    return [(out["pixel_values"], out["image_grid_thw"]) for out in found]


def widened(case: dict, example: dict, images: list[tuple[torch.Tensor, torch.Tensor]]) -> list[int]:
    """The prompt with as many placeholders as its images take."""
    merge = case["config"]["vision_config"]["spatial_merge_size"] ** 2
    counts = iter([math.prod(images[number][1][0].tolist()) // merge for number in example["images"]])
    wide = [[IMAGE] * next(counts) if token == IMAGE else [token] for token in example["prompt"]]
    return [token for part in wide for token in part]


def outputs(model: Qwen2_5_VLForConditionalGeneration, case: dict) -> dict[str, torch.Tensor]:
    """Everything that is compared, by name. Prompts stand in one batch, padded on the left."""
    torch.manual_seed(0)
    images = prepared(case)
    pixels, grids = map(list, zip(*images, strict=True))
    found = {"grids": torch.cat(grids)[:, 1:]}
    for number, values in enumerate(pixels):
        first, second = values.reshape(len(values), 3, 2, -1).unbind(2)
        assert torch.equal(first, second)
        found[f"pixels.{number}"] = first.reshape(len(values), -1)

    def batch(rows: list[list[int]]) -> dict:
        longest = max(map(len, rows))
        ids = torch.tensor([[0] * (longest - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
        order = [number for example in case["examples"] for number in example["images"]]
        return {
            "input_ids": ids,
            "attention_mask": mask,
            "mm_token_type_ids": (ids == IMAGE).int(),
            "pixel_values": torch.cat([pixels[number] for number in order]),
            "image_grid_thw": torch.cat([grids[number] for number in order]),
        }

    prompts = [widened(case, example, images) for example in case["examples"]]
    whole = [prompt + example["answer"] for prompt, example in zip(prompts, case["examples"])]
    inputs = batch(whole)
    labels = torch.full_like(inputs["input_ids"], -100)
    for row, example in enumerate(case["examples"]):
        labels[row, -len(example["answer"]):] = torch.tensor(example["answer"])
    positions, _ = model.model.get_rope_index(
        inputs["input_ids"], inputs["mm_token_type_ids"], inputs["image_grid_thw"],
        attention_mask=inputs["attention_mask"],
    )
    features = model.model.get_image_features(torch.cat(pixels), torch.cat(grids)).pooler_output
    found["features"] = torch.cat(list(features)).detach()
    model.zero_grad()
    out = model(**inputs, labels=labels)
    out.loss.backward()
    found["loss"] = out.loss.detach().reshape(1)
    for row, tokens in enumerate(whole):
        found[f"positions.{row}"] = positions[:, row, -len(tokens):]
        found[f"logits.{row}"] = out.logits[row, -len(tokens):-1].detach()
    for name, parameter in model.named_parameters():
        found[f"gradient:{checkpoint_name(name)}"] = parameter.grad.detach().clone()

    asked = batch(prompts)
    quiet = {"pad_token_id": 0, "eos_token_id": None, "use_cache": True}
    generated = model.generate(**asked, **quiet, do_sample=False, max_new_tokens=GREEDY_TOKENS)
    length = asked["input_ids"].shape[1]
    for row in range(len(prompts)):
        found[f"greedy.{row}"] = generated[row, length:]
    sampled = model.generate(
        **asked, **quiet, do_sample=True, temperature=TEMPERATURE, top_k=0, top_p=1.0,
        max_new_tokens=SAMPLED_TOKENS, output_logits=True, return_dict_in_generate=True,
    )
    logs = torch.log_softmax(torch.stack(sampled.logits, 1) / TEMPERATURE, -1)
    chosen = sampled.sequences[:, length:]
    for row in range(len(prompts)):
        found[f"sampled.{row}"] = chosen[row]
        found[f"sampledLogProbabilities.{row}"] = logs[row].gather(1, chosen[row, :, None])[:, 0].detach()
    return {name: tensor.contiguous() for name, tensor in found.items()}
