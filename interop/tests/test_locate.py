"""`geor locate` against a real server: `transformers serve` with a tiny random Qwen2.5-VL."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("fastapi", reason="transformers serve needs fastapi")
pytest.importorskip("uvicorn", reason="transformers serve needs uvicorn")
pytest.importorskip("openai", reason="transformers serve needs openai")

STARTS_WITHIN_S = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(root, tiny, tmp_path_factory):
    """Address and model of a running server."""
    port = free_port()
    log = tmp_path_factory.mktemp("serve") / "log"
    environment = {**os.environ, "PYTHONPATH": str(root / "interop" / "stand-ins")}
    code = "import sys; from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", code, "serve", str(tiny), "--host", "127.0.0.1"]
    with open(log, "w") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--device", "cpu"],
            env=environment, stdout=output, stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(log.read_text()[-3000:])
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1", str(tiny)
    finally:
        process.terminate()
        process.wait(30)


def photographs(folder: Path) -> Path:
    """The photographs beside the repository if they are there, else three painted ones."""
    shared = Path(os.environ.get("GEOR_SHARED", Path(__file__).parents[3] / "shared"))
    if (shared / "data" / "photos").is_dir():
        return shared / "data" / "photos"
    for i in range(3):
        Image.effect_noise((320, 240), 40 + i).convert("RGB").save(folder / f"{i}.jpg")
    return folder


SHORT = ("-k", 2, "--max-tokens", 12, "--max-pixels", 6272)


def test_one_photograph(server, geor, tmp_path):
    address, model = server
    photo = sorted(photographs(tmp_path).glob("*.jpg"))[0]
    done = geor("locate", photo, "--backend", address, "--model", model, *SHORT, "--json")
    row = json.loads(done.stdout)
    # a random model names no place; what came is kept, and why it ended
    assert row["answered"] == 2 and row["failures"] == []
    assert [sample["finish"] for sample in row["samples"]] == ["length", "length"]
    assert row["asked"]["model"] == f"{address} {model}"
    # this server answers once whatever n says
    assert any("does not take n" in note for note in row["notes"])


def test_all_photographs_and_a_run_that_goes_on(server, geor, tmp_path):
    address, model = server
    folder = photographs(tmp_path)
    count = len(list(folder.glob("*.jpg")))
    output = tmp_path / "rows.jsonl"
    asking = ("locate", folder, "--backend", address, "--model", model, *SHORT)
    geor(*asking, "--format", "jsonl", "-o", output, "--limit", 2)
    geor(*asking, "--format", "jsonl", "-o", output, "--resume")
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert len(rows) == count and all(row["answered"] == 2 for row in rows)


def test_greedy_answers_are_the_same_every_time(server, geor, tmp_path):
    address, model = server
    photo = sorted(photographs(tmp_path).glob("*.jpg"))[0]
    asking = ("locate", photo, "--backend", address, "--model", model, *SHORT[2:], "-k", 1, "--json")
    texts = [json.loads(geor(*asking).stdout)["samples"][0]["text"] for _ in range(2)]
    assert texts[0] == texts[1] and texts[0] != ""


def test_evaluate_asks_the_server(server, geor, tmp_path):
    address, model = server
    folder = photographs(tmp_path)
    photos = sorted(folder.glob("*.jpg"))[:3]
    truth = tmp_path / "truth.csv"
    truth.write_text("id,lat,lon\n" + "".join(f"{photo.stem},10,20\n" for photo in photos))
    done = geor(
        "evaluate", "--truth", truth, "--photos", folder, "--backend", address.removesuffix("/v1"),
        "--model", model, *SHORT[2:], "--answers", tmp_path / "answers.jsonl", "--json",
    )
    result = json.loads(done.stdout)
    assert result["n"] == 3 and result["answered"] + result["invalid"] == 3


def test_a_dead_server(geor, tmp_path):
    photo = sorted(photographs(tmp_path).glob("*.jpg"))[0]
    done = geor("locate", photo, "--backend", f"http://127.0.0.1:{free_port()}/v1", check=False)
    assert done.returncode == 3
    assert "no backend answered" in done.stderr and "hint: start one" in done.stderr
