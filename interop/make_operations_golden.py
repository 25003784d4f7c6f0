"""Makes test/golden/operations.json: every operation of src/tensor in PyTorch, with gradients.

    npm run build && python interop/make_operations_golden.py

The inputs come from src/tensor/check (write_operation_inputs.mjs); what is done with them is written
here once more, in PyTorch. The gradient is that of half the sum of squares of the result.
"""

import json
import subprocess
from pathlib import Path

import torch
import torch.nn.functional as F

ROOT = Path(__file__).parent.parent

SIGNS = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0])


def replaced(x, rows, replacement):
    return x.index_copy(0, rows, replacement)


def split(x):
    first, _, last = torch.split(x, [2, 3, 2], dim=1)
    return first - 2 * last


BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
}
UNARY = {
    "neg": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "sigmoid": torch.sigmoid,
    "erf": torch.erf,
    "silu": F.silu,
    "gelu": F.gelu,
    "softmax": lambda x: F.softmax(x, dim=-1),
}
OTHERS = {
    "minimum: a row": lambda a, b: torch.minimum(a, b * SIGNS),
    "minimum: named rows": lambda a, b: torch.minimum(a * a, b - 1),
    "maximum: a row": lambda a, b: torch.maximum(a, b * SIGNS),
    "maximum: named rows": lambda a, b: torch.maximum(a * a, b - 1),
    "lessOrEqual: a column": lambda a, b: (a <= b).float(),
    "equal: integers": lambda a, b: (a == b).float(),
    "toFloat: booleans": lambda a: (a >= 0).float(),
    "where: a row and a column": lambda pick, a, b: torch.where(pick == 1, a, b),
    "where: named rows, and a number": lambda pick, a: torch.where(pick == 1, a, 7.0),
    "stopGradient: a product": lambda x: x * (3 * x).detach(),
    "gemm: a b": lambda a, b: a @ b,
    "gemm: a' b": lambda a, b: a.T @ b,
    "gemm: a b'": lambda a, b: a @ b.T,
    "gemm: a' b'": lambda a, b: a.T @ b.T,
    "gemm: a long inner axis": lambda a, b: a @ b,
    "linear: without bias": lambda x, w: F.linear(x, w),
    "linear: with bias": lambda x, w, b: F.linear(x, w, b),
    "matmul: batched": torch.matmul,
    "matmul: a shared right side": torch.matmul,
    "matmul: transposed, broadcast heads, named sizes": lambda a, b: a @ b.transpose(-1, -2),
    "sum: all axes": lambda x: x.sum(),
    "sum: one axis": lambda x: x.sum(1),
    "sum: two axes, kept": lambda x: x.sum((0, 2), keepdim=True),
    "sum: named rows": lambda x: x.sum(0),
    "mean: all axes": lambda x: x.mean(),
    "mean: the last axis, kept": lambda x: x.mean(1, keepdim=True),
    "maxOfLastAxis: a block": lambda x: x.amax(-1, keepdim=True),
    "expandLike: a column to named rows": lambda x, like: x.expand_as(like) * (like + 2),
    "reshape: named rows in place": lambda x: x.reshape(-1, 2, 3),
    "reshape: an inferred size": lambda x: x.reshape(-1, 8),
    "transpose: three axes": lambda x: x.permute(2, 0, 1),
    "transpose: heads and named rows": lambda x: x.permute(1, 0, 2),
    "slice: the middle": lambda x: x[:, :, 1:3],
    "slice: the end, named rows": lambda x: x[:, 4:5],
    "split: three parts, one of them not used": split,
    "concat: columns": lambda a, b: torch.cat([a, b], 1),
    "concat: named sizes": lambda a, b, c: torch.cat([a, b, c], 1),
    "gatherRows: a row named twice": lambda table, rows: table[rows],
    "gatherRows: a block of named rows": lambda table, rows: table[rows],
    "replaceRows: a matrix": replaced,
    "replaceRows: a block": replaced,
    "rmsNorm: named rows": lambda x, w: F.rms_norm(x, (7,), w, 1e-6),
    "rmsNorm: a large epsilon": lambda x, w: F.rms_norm(x, (5,), w, 0.5),
    "tokenLogProbabilities: named rows": lambda logits, targets: F.log_softmax(logits, -1)
    .gather(1, targets[:, None])
    .squeeze(1),
}


def function_of(name: str):
    operation = name.split(":")[0]
    return BINARY.get(operation) or UNARY.get(operation) or OTHERS[name]


def rounded(values: torch.Tensor) -> list[float]:
    return [float(f"{value:.9g}") for value in values.detach().flatten().tolist()]


def evaluate(name: str, inputs: dict) -> dict:
    tensors = {}
    for key, given in inputs.items():
        kind = torch.int64 if given["isInteger"] else torch.float32
        tensors[key] = torch.tensor(given["values"], dtype=kind).reshape(given["shape"])
    floats = {k: v.requires_grad_() for k, v in tensors.items() if v.dtype == torch.float32}
    result = function_of(name)(*tensors.values())
    gradients = {}
    if result.requires_grad and not name.startswith("maxOfLastAxis"):
        (result.square().sum() / 2).backward()
        gradients = {key: rounded(value.grad) for key, value in floats.items()}
    return {"shape": list(result.shape), "result": rounded(result), "gradients": gradients}


def main() -> None:
    script = ROOT / "interop" / "write_operation_inputs.mjs"
    inputs = json.loads(subprocess.run(["node", script], check=True, capture_output=True).stdout)
    golden = {
        "madeBy": "interop/make_operations_golden.py",
        "torch": torch.__version__,
        "cases": {name: evaluate(name, given) for name, given in inputs.items()},
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    (ROOT / "test" / "golden" / "operations.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
