"""Opens files that geor wrote with the Python libraries and compares what they hold.

    npm run build && node interop/write_our_files.mjs interop/out
    python interop/check_our_files.py interop/out
"""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

GOLDEN = Path(__file__).parent.parent / "test" / "golden"


def check_tokenizer(folder: Path, name: str) -> None:
    path = folder / f"tokenizer-{name}.json"
    tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    fast = PreTrainedTokenizerFast(tokenizer_file=str(path))
    encodings = json.loads((folder / f"encodings-{name}.json").read_text(encoding="utf-8"))
    for encoding in encodings:
        text, ids = encoding["text"], encoding["ids"]
        assert tokenizer.encode(text, add_special_tokens=False).ids == ids, text
        assert tokenizer.decode(ids, skip_special_tokens=False) == text, text
        assert fast(text, add_special_tokens=False)["input_ids"] == ids, text
    print(f"{path.name}: {len(encodings)} texts encode and decode alike")


def check_weights(folder: Path, name: str, dtype: torch.dtype) -> None:
    path = folder / f"weights-{name}.safetensors"
    expected = load_file(GOLDEN / "weights.safetensors")
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"by": "geor"}
    ours = load_file(path)
    assert ours.keys() == expected.keys()
    for key, tensor in ours.items():
        assert tensor.dtype == dtype, key
        assert torch.equal(tensor, expected[key].float().to(dtype)), key
    print(f"{path.name}: {len(ours)} tensors are equal")


def main() -> None:
    folder = Path(sys.argv[1])
    for name in ["chain", "qwen2"]:
        check_tokenizer(folder, name)
    for name, dtype in [("F32", torch.float32), ("F16", torch.float16), ("BF16", torch.bfloat16)]:
        check_weights(folder, name, dtype)


if __name__ == "__main__":
    main()
