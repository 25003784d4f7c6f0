"""Logits of a merged model against those of base and adapter together, on one picture.

python geor_merge_check.py BASE ADAPTER MERGED

Prints one line of JSON: the largest difference, what the adapter changes, the largest logit.
"""

import json
import sys

import torch
from peft import PeftModel
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor


def picture():
    """A picture with something in it everywhere."""
    image = Image.new("RGB", (112, 84))
    image.putdata([((7 * x) % 256, (5 * y) % 256, (x * y) % 256) for y in range(84) for x in range(112)])
    return image


def load(folder, dtype):
    return AutoModelForImageTextToText.from_pretrained(folder, dtype=dtype).eval()


@torch.inference_mode()
def logits_of(model, inputs):
    return model(**inputs).logits.float()


def main(base, adapter, merged):
    processor = AutoProcessor.from_pretrained(base)
    content = [{"type": "image"}, {"type": "text", "text": "Where was this photo taken?"}]
    text = processor.apply_chat_template(
        [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False
    )
    inputs = processor(text=[text], images=[picture()], return_tensors="pt")
    model = load(merged, "auto")
    dtype = model.dtype
    ours = logits_of(model, inputs)
    model = load(base, dtype)
    before = logits_of(model, inputs)
    model = PeftModel.from_pretrained(model, adapter).eval()
    together = logits_of(model, inputs)
    print(json.dumps({
        "difference": (ours - together).abs().max().item(),
        "change": (together - before).abs().max().item(),
        "largest": together.abs().max().item(),
        "tokens": together.shape[1],
        "dtype": str(dtype).removeprefix("torch."),
    }))


if __name__ == "__main__":
    main(*sys.argv[1:4])
