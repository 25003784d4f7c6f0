"""What tests of several subjects need: the repository, the command line, a tiny model."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# nothing is fetched, and the same numbers come out on every machine
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", CUDA_VISIBLE_DEVICES="")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def built(root) -> Path:
    """dist/, compiled once from the sources as they stand; INTEROP_BUILT=1 takes it as it is."""
    if not os.environ.get("INTEROP_BUILT"):
        subprocess.run(["npm", "run", "--silent", "build"], cwd=root, check=True)
    return root / "dist"


@pytest.fixture(scope="session")
def node(built, root):
    """Runs a program in Node and returns it when it has ended: `node("interop/x.mjs", "folder")`."""

    def run(*arguments, check=True, **options):
        command = [shutil.which("node"), *map(str, arguments)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def geor(built, node):
    """The command line: `geor("resolve", 48.86, 2.35).stdout`."""
    return lambda *arguments, **options: node(built / "cli" / "main.js", *arguments, **options)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """A folder with a tiny random Qwen2.5-VL: weights, tokenizer, processor. Not to be written to."""
    from tiny_model import save_tiny

    folder = tmp_path_factory.mktemp("tiny-qwen2.5-vl")
    save_tiny(folder)
    return folder
