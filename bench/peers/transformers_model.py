"""A checkpoint in transformers, to compare speeds with (bench/transformers.bench.ts).

Reads lines of JSON from standard input, answers each with one line:
  {"do": "describe"}           -> versions and the number of parameters
  {"do": "train", "count": n}  -> milliseconds of each step: forward, backward, clipping, AdamW
  {"do": "sample", "count": n} -> milliseconds of each `generate` with num_return_sequences
"""

import json
import sys
import time

import torch
import transformers
from transformers import Qwen2_5_VLForConditionalGeneration

settings = json.loads(sys.argv[1])
torch.manual_seed(0)
torch.set_num_threads(settings["threads"])
model = Qwen2_5_VLForConditionalGeneration.from_pretrained(settings["folder"], dtype=torch.float32)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
IMAGE = model.config.image_token_id


def batch(rows: list[list[int]]) -> dict:
    longest = max(map(len, rows))
    ids = torch.tensor([[0] * (longest - len(row)) + row for row in rows])
    height, width = settings["grid"]
    patches = height * width * len(rows)
    return {
        "input_ids": ids,
        "attention_mask": torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows]),
        "mm_token_type_ids": (ids == IMAGE).int(),
        "pixel_values": torch.randn(patches, 3 * 2 * 14 * 14),
        "image_grid_thw": torch.tensor([[1, height, width]] * len(rows)),
    }


asked = batch(settings["prompts"])
whole = batch([prompt + answer for prompt, answer in zip(settings["prompts"], settings["answers"], strict=True)])
labels = torch.full_like(whole["input_ids"], -100)
for row, answer in enumerate(settings["answers"]):
    labels[row, -len(answer):] = torch.tensor(answer)


def train() -> None:
    model.train()
    optimizer.zero_grad()
    model(**whole, labels=labels).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def sample() -> None:
    model.eval()
    with torch.inference_mode():
        model.generate(
            **asked, do_sample=True, top_k=0, top_p=1.0, temperature=1.0, pad_token_id=0, eos_token_id=None,
            max_new_tokens=settings["maxTokens"], num_return_sequences=settings["samples"],
        )


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "describe":
        count = sum(p.numel() for p in model.parameters())
        reply = {"torch": torch.__version__, "transformers": transformers.__version__, "parameters": count}
    else:
        work = {"train": train, "sample": sample}[request["do"]]
        times = []
        for _ in range(request["count"]):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
        reply = {"milliseconds": times}
    print(json.dumps(reply), flush=True)
