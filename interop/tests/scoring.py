"""The same question to both: log-probabilities of completions by transformers and by geor."""

import base64
import json

import numpy as np
import torch
from PIL import Image
from transformers import AutoProcessor

SIZE = (112, 84)  # needs no resizing, which the two do not do alike to the last bit


def picture(size: tuple[int, int]) -> Image.Image:
    width, height = size
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def messages(text: str = "Where is this?") -> list[dict]:
    return [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}]


def completions(vocabulary: int) -> list[list[int]]:
    """Every first token, and some sequences."""
    generator = np.random.default_rng(1)
    longer = [generator.integers(10, vocabulary, 12).tolist() for _ in range(2)]
    return [[token] for token in range(vocabulary)] + longer


def by_transformers(model, folder, size=SIZE) -> list[list[float]]:
    processor = AutoProcessor.from_pretrained(folder)
    text = processor.apply_chat_template(messages(), add_generation_prompt=True, tokenize=False)
    inputs = processor(text=[text], images=[picture(size)], return_tensors="pt")
    prompt = inputs["input_ids"].shape[1]
    out = []
    model = model.float().eval()
    all_completions = completions(model.config.text_config.vocab_size)
    with torch.no_grad():
        first = torch.log_softmax(model(**inputs).logits[0, -1], -1)
        for completion in all_completions:
            if len(completion) == 1:
                out.append([first[completion[0]].item()])
                continue
            ids = torch.cat([inputs["input_ids"], torch.tensor([completion])], 1)
            types = torch.cat([inputs["mm_token_type_ids"], torch.zeros(1, len(completion), dtype=torch.int)], 1)
            logits = model(**{
                **inputs, "input_ids": ids, "mm_token_type_ids": types, "attention_mask": torch.ones_like(ids),
            }).logits[0, prompt - 1 : -1]
            logs = torch.log_softmax(logits, -1)
            out.append([logs[i, token].item() for i, token in enumerate(completion)])
    return out


def by_geor(node, vocabulary: int, *arguments, size=SIZE) -> list[list[float]]:
    request = {
        "messages": messages(),
        "image": {
            "width": size[0],
            "height": size[1],
            "data": base64.b64encode(picture(size).tobytes()).decode(),
        },
        "completions": completions(vocabulary),
    }
    return json.loads(node("interop/ours/score.mjs", *arguments, input=json.dumps(request)).stdout)


def assert_alike(ours, theirs, tolerance=1e-4) -> float:
    """Fails unless all log-probabilities differ by less than `tolerance`; returns the largest difference."""
    assert [len(own) for own in ours] == [len(own) for own in theirs]
    flat = lambda lists: np.array([value for own in lists for value in own])  # noqa: E731
    assert np.ptp(flat(theirs)) > 1, "a flat distribution would show nothing"
    worst = float(np.abs(flat(ours) - flat(theirs)).max())
    assert worst < tolerance, worst
    return worst
