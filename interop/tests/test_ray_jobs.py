"""Our client of Ray's job API, and the supervision above it, against a real Ray on this machine.

Runs where Ray is installed: in this Python, or in the one that RAY_PYTHON names. What is submitted
is a stand-in for verl: it saves "checkpoints" and reports steps as verl does, and fails once.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

RAY_PYTHON = os.environ.get("RAY_PYTHON", sys.executable)

ENTRYPOINT = '''
import json, os, pathlib, sys
root = pathlib.Path(os.environ["GEOR_TEST_ROOT"])
attempt = int(os.environ["GEOR_ATTEMPT"])
latest = root / "checkpoints" / "latest_checkpointed_iteration.txt"
latest.parent.mkdir(exist_ok=True)
first = int(latest.read_text()) if latest.exists() else 0
metrics = pathlib.Path(os.environ["VERL_FILE_LOGGER_PATH"])
metrics.parent.mkdir(exist_ok=True)
with metrics.open("wb", 0) as file:
    for step in range(first + 1, 7):
        line = {"step": step, "data": {"critic/score/mean": step / 10, "actor/pg_loss": -step}}
        file.write((json.dumps(line) + "\\n").encode())
        if step % 2 == 0:
            (root / "checkpoints" / f"global_step_{step}").mkdir(exist_ok=True)
            latest.write_text(str(step))
        if step == 5 and attempt == 1:
            raise RuntimeError("CUDA out of memory, says the stand-in")
print("done", sys.argv[1:])
'''


def has_ray() -> bool:
    probe = "import ray.dashboard.optional_deps"  # what ray[default] brings
    return subprocess.run([RAY_PYTHON, "-c", probe], capture_output=True).returncode == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def head(tmp_path_factory):
    """The address of the dashboard of a Ray head of our own."""
    if not has_ray():
        pytest.skip(f"{RAY_PYTHON} has no ray[default]; install it, or name a Python with RAY_PYTHON")
    port, dashboard = free_port(), free_port()
    environment = {
        **os.environ, "RAY_DISABLE_IMPORT_WARNING": "1", "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }
    # a program beside the Python that runs Ray
    ray = str(Path(RAY_PYTHON).parent / "ray")
    temporary = tmp_path_factory.mktemp("ray")
    # Ray's sockets need short paths
    short = Path("/tmp") / f"geor-ray-{os.getpid()}"
    short.symlink_to(temporary)
    started = subprocess.Popen(
        [ray, "start", "--head", "--block", f"--port={port}", "--node-ip-address=127.0.0.1",
         "--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}", "--num-cpus=2",
         "--include-dashboard=true", "--disable-usage-stats", f"--temp-dir={short}",
         "--object-store-memory=100000000"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{dashboard}", started
    finally:
        os.killpg(started.pid, 15)
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, 9)
        short.unlink()


def manifest(folder: Path, command, **changes) -> dict:
    empty = "0" * 64
    return {
        "version": 1, "geor": "0.1.0", "run": "stand-in", "stage": "grpo", "seed": 1, "totalSteps": 6,
        "engine": {"name": "verl", "version": "0.9.0"},
        "recipe": {"name": "geo-r", "variant": "paper", "condition": "cor"},
        "model": {"path": "/nowhere", "preset": None, "adaptation": "lora", "maxPixels": 12544},
        "cluster": {"nodes": 1, "gpusPerNode": 0, "processesPerNode": 1, "root": str(folder)},
        "reward": None,
        "data": {"train": {"file": "data/train.jsonl", "rows": 1, "sha256": empty}, "validation": None,
                 "images": {"count": 1, "sha256": empty}},
        "files": [],
        "launch": {"kind": "ray-job", "command": command, "workingDirectory": "engine",
                   "environment": {"GEOR_TEST_ROOT": "{root}",
                                   "VERL_FILE_LOGGER_PATH": "{root}/metrics/attempt-{attempt}.jsonl"},
                   "resumeArguments": [], "perNode": False},
        "metrics": {"file": "metrics/attempt-{attempt}.jsonl", "format": "verl"},
        "checkpoints": {"folder": "checkpoints", "latest": "latest_checkpointed_iteration.txt"},
        "estimates": {}, **changes,
    }


def make_run(folder: Path, script: str, **changes) -> Path:
    for name in ("engine", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "data" / "train.jsonl").write_text("{}\n")
    (folder / "engine" / "main.py").write_text(script)
    command = [RAY_PYTHON, "main.py", "a b", "it's"]
    (folder / "manifest.json").write_text(json.dumps(manifest(folder, command, **changes)))
    return folder


def launched(geor, address, run, *flags, **options):
    return geor("launch", run, "--address", address, "--json", *flags, **options)


def wait_for_head(geor, address, started, folder):
    """Ray's dashboard answers some seconds after the head is there."""
    import time
    import urllib.request

    for _ in range(240):
        assert started.poll() is None, started.stdout.read()
        try:
            urllib.request.urlopen(f"{address}/api/version", timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("Ray's dashboard did not come up")


def test_a_job_that_fails_after_progress_is_submitted_again(head, geor, tmp_path):
    address, started = head
    wait_for_head(geor, address, started, tmp_path)
    run = make_run(tmp_path / "run", ENTRYPOINT)
    done = launched(geor, address, run)
    result = json.loads(done.stdout)
    assert result["outcome"] == "succeeded" and result["step"] == 6
    first, second = result["attempts"]
    assert (first["outcome"], first["resumedFrom"]) == ("failed", 0)
    assert (second["outcome"], second["resumedFrom"]) == ("succeeded", 4)
    assert "CUDA out of memory, says the stand-in" in done.stderr
    assert "smaller batch" in done.stderr
    assert "done ['a b', \"it's\"]" in (run / "logs" / "attempt-1.log").read_text() + _log(address, 2)


def _log(address, attempt):
    import urllib.request

    url = f"{address}/api/jobs/geor-stand-in-a{attempt}/logs"
    return json.loads(urllib.request.urlopen(url, timeout=30).read())["logs"]


def test_a_job_without_progress_is_not_submitted_again(head, geor, tmp_path):
    address, _ = head
    script = "raise ValueError('wrong from the start')"
    run = make_run(tmp_path / "run", script, run="hopeless")
    done = launched(geor, address, run, check=False)
    assert done.returncode == 3
    assert len(json.loads(done.stdout)["attempts"]) == 1
    assert "ValueError: wrong from the start" in done.stderr
    assert "no newer checkpoint" in done.stderr


def test_a_job_goes_on_without_us_and_is_stopped(head, geor, built, tmp_path):
    import signal
    import time

    address, _ = head
    run = make_run(tmp_path / "run", "import time; print('up', flush=True); time.sleep(600)", run="long")
    node = shutil.which("node")
    command = [node, built / "cli" / "main.js", "launch", run, "--address", address]
    launcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for _ in range(1200):
        if (run / "attempts.jsonl").exists():
            break
        time.sleep(0.1)
    launcher.send_signal(signal.SIGINT)
    _, said = launcher.communicate(timeout=60)
    assert launcher.returncode == 130
    assert "goes on without us" in said
    geor("launch", run, "--stop")
    events = [json.loads(line) for line in (run / "attempts.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["started", "ended"]
    assert events[-1]["outcome"] == "stopped"
