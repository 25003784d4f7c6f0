"""The peer of tensor.bench.ts: answers a line of JSON with the milliseconds of some runs in PyTorch.

    python torch_tensor.py '{"threads": 2}'
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

SETTINGS = json.loads(sys.argv[1])
torch.set_num_threads(SETTINGS["threads"])
torch.manual_seed(1)


def product(size: int, products: int):
    x = torch.randn(size, size) / size**0.5
    w = torch.randn(size, size) / size**0.5

    def run() -> None:
        with torch.no_grad():
            y = x
            for _ in range(products):
                y = y @ w

    return run


def chain(rows: int, width: int, hidden: int, layers: int):
    """A stack of gated blocks: forward, backward, gradients of all weights."""
    x = torch.randn(rows, width)
    weights = [
        (
            torch.randn(hidden, width) / width**0.5,
            torch.randn(width, hidden) / hidden**0.5,
            torch.ones(width),
        )
        for _ in range(layers)
    ]
    parameters = [p.requires_grad_() for block in weights for p in block]

    def run() -> None:
        h = x
        for up, down, norm in weights:
            h = h + F.linear(F.silu(F.linear(F.rms_norm(h, (width,), norm, 1e-6), up)), down)
        for p in parameters:
            p.grad = None
        (h * h).mean().backward()

    return run


def adamw(parameters: int):
    values = torch.nn.Parameter(torch.randn(parameters))
    values.grad = torch.randn(parameters)
    optimizer = torch.optim.AdamW([values], lr=1e-3, fused=True)
    return optimizer.step


WORK = {"product": product, "chain": chain, "adamw": adamw}
made = {}

print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    key = line.split('"count"')[0]
    if key not in made:
        made[key] = WORK[request["do"]](*request["arguments"])
        made[key]()
    times = []
    for _ in range(request["count"]):
        start = time.perf_counter()
        made[key]()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"milliseconds": times}), flush=True)
