"""A tiny Qwen2.5-VL with random weights that answers with places from the first step on.

Its vocabulary has whole answers as single tokens, and everything else is kept from being sampled, so
that a reward of geography is dense although nothing was learned yet.
"""

from pathlib import Path

import torch
from tiny_model import make_config, make_model, make_processor, make_tokenizer
from tokenizers import AddedToken

PLACES = [
    ("France", "Ile-de-France", "Paris", 48.86, 2.35), ("Japan", "Tokyo", "Tokyo", 35.69, 139.69),
    ("Brazil", "Amazonas", "Manaus", -3.1, -60.02), ("China", "Qinghai", "Xining", 36.62, 101.77),
    ("Kenya", "Nairobi", "Nairobi", -1.29, 36.82), ("Norway", "Vestland", "Bergen", 60.39, 5.32),
    ("India", "Delhi", "Delhi", 28.65, 77.23), ("Peru", "Lima", "Lima", -12.05, -77.04),
    ("Canada", "Ontario", "Toronto", 43.7, -79.42), ("Egypt", "Cairo", "Cairo", 30.06, 31.25),
    ("Mexico", "Jalisco", "Guadalajara", 20.67, -103.33), ("Russia", "Omsk Oblast", "Omsk", 54.99, 73.37),
]


def save_places(folder: Path) -> list[int]:
    """Writes the model's folder; the ids that must not be sampled."""
    tokenizer = make_tokenizer()
    answers = [
        f"Country: {country}\nState: {state}\nCity: {city}\nCoordinates: ({lat}, {lon})"
        for country, state, city, lat, lon in PLACES
    ]
    tokenizer.add_tokens([AddedToken(answer, normalized=False) for answer in answers])
    model = make_model(make_config(tokenizer))
    with torch.no_grad():  # embeddings that differ, so that pictures and prompts matter
        model.get_input_embeddings().weight.normal_(std=0.1)
    allowed = {tokenizer.convert_tokens_to_ids(answer) for answer in answers}
    allowed.add(tokenizer.eos_token_id)
    banned = sorted(set(range(len(tokenizer))) - allowed)
    model.generation_config.suppress_tokens = banned  # for a server, which asks nobody
    model.save_pretrained(folder)
    make_processor(tokenizer).save_pretrained(folder)
    return banned
