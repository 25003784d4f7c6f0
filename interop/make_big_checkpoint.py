"""Makes a checkpoint in the shape of a published Qwen2.5-VL with random numbers, in BF16 shards.

    python interop/make_big_checkpoint.py 3B FOLDER

What it says is noise; its time and memory are those of the real one. Needs 7.5 GB of disk for 3B and
2 GB of memory. The tokenizer is the tiny one of the tests.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

sys.path.insert(0, str(Path(__file__).parent / "tests"))
from tiny_model import make_processor, make_tokenizer  # noqa: E402

# config.json of Qwen/Qwen2.5-VL-*B-Instruct, what differs from size to size
TEXT = {
    "3B": {"hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 36,
           "num_attention_heads": 16, "num_key_value_heads": 2, "tie_word_embeddings": True,
           "vocab_size": 151936, "max_window_layers": 70},
    "7B": {"hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28,
           "num_attention_heads": 28, "num_key_value_heads": 4, "tie_word_embeddings": False,
           "vocab_size": 152064, "max_window_layers": 28},
}
SHARD_BYTES = 2 * 10**9


def make_config(size: str, tokenizer) -> dict:
    ids = {name: tokenizer.convert_tokens_to_ids(f"<|{name}|>") for name in
           ["endoftext", "im_end", "image_pad", "video_pad", "vision_start", "vision_end"]}
    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "model_type": "qwen2_5_vl",
        "attention_dropout": 0.0,
        "bos_token_id": ids["endoftext"],
        "eos_token_id": ids["im_end"],
        "pad_token_id": ids["endoftext"],
        "vision_start_token_id": ids["vision_start"],
        "vision_end_token_id": ids["vision_end"],
        "image_token_id": ids["image_pad"],
        "video_token_id": ids["video_pad"],
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "max_position_embeddings": 128000,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
        "sliding_window": 32768,
        "use_sliding_window": False,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        **TEXT[size],
        "vision_config": {
            "depth": 32, "hidden_act": "silu", "hidden_size": 1280, "intermediate_size": 3420,
            "num_heads": 16, "in_chans": 3, "out_hidden_size": TEXT[size]["hidden_size"],
            "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14,
            "window_size": 112, "fullatt_block_indexes": [7, 15, 23, 31], "tokens_per_second": 2,
            "temporal_patch_size": 2,
        },
    }


def published_name(name: str) -> str:
    return name.replace("model.visual.", "visual.").replace("model.language_model.", "model.")


def main() -> None:
    size, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    make_processor(tokenizer).save_pretrained(folder)
    config = make_config(size, tokenizer)
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    with torch.device("meta"):
        model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig.from_dict(json.loads(json.dumps(config))))
    torch.manual_seed(0)
    noise = torch.randn(2**24 + 1).bfloat16()  # repeated: numbers of 3 billion take minutes to draw
    places, shard, held, number = {}, {}, 0, 0

    def write() -> None:
        nonlocal shard, held, number
        number += 1
        name = f"model-{number:05d}.safetensors"
        save_file(shard, folder / name, {"format": "pt"})
        places.update(dict.fromkeys(shard, name))
        shard, held = {}, 0

    for name, parameter in model.named_parameters():
        count = parameter.numel()
        values = noise.repeat(-(-count // len(noise)))[:count].reshape(parameter.shape)
        if parameter.ndim == 1:
            values = (0.1 * values + (0 if name.endswith("bias") else 1)).bfloat16()
        else:
            values = (values * (0.02 if "embed" in name else (count // len(parameter)) ** -0.5)).bfloat16()
        shard[published_name(name)] = values.contiguous()
        held += 2 * count
        if held > SHARD_BYTES:
            write()
    write()
    total = sum(2 * parameter.numel() for parameter in model.parameters())
    index = {"metadata": {"total_size": total}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    print(f"{total / 2e9:.2f} billion parameters in {number} files")


if __name__ == "__main__":
    main()
