"""Loads a model folder with transformers and generates: times and peak memory as a line of JSON.

    python bench/peers/generate_once.py FOLDER WIDTH HEIGHT TOKENS bfloat16|float32
"""

import json
import resource
import sys
import time

import numpy as np
import torch
from PIL import Image
from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration
from transformers.generation.streamers import BaseStreamer


class Clock(BaseStreamer):
    def __init__(self):
        self.times = []

    def put(self, value):
        self.times.append(time.monotonic())

    def end(self):
        pass


def main() -> None:
    folder, width, height, tokens, dtype = sys.argv[1:]
    width, height = int(width), int(height)
    torch.set_num_threads(2)
    began = time.monotonic()
    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=getattr(torch, dtype))
    processor = AutoProcessor.from_pretrained(folder, use_fast=False)
    loaded = time.monotonic()
    pixels = ((np.arange(width * height * 3, dtype=np.int64) * 7919) % 251).astype(np.uint8)
    image = Image.fromarray(pixels.reshape(height, width, 3))
    messages = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Where?"}]}]
    text = processor.apply_chat_template(messages, add_generation_prompt=True)
    inputs = processor(text=[text], images=[image], return_tensors="pt")
    clock = Clock()
    with torch.inference_mode():
        out = model.generate(**inputs, do_sample=False, max_new_tokens=int(tokens), eos_token_id=None, streamer=clock)
    times = clock.times[1:]  # the first is the prompt
    print(json.dumps({
        "load_s": loaded - began,
        "first_token_s": times[0] - loaded,
        "tokens_per_s": (len(times) - 1) / (times[-1] - times[0]),
        "peak_rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "tokens": out[0, inputs["input_ids"].shape[1]:].tolist(),
    }))


if __name__ == "__main__":
    main()
