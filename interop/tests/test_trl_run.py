"""A run of TRL from its export to an evaluation, with everything that may go wrong in between.

Two processes train a tiny random Qwen2.5-VL by GRPO with rewards over HTTP. The launcher and the
engine are killed, then one rank, then the reward service; the run has to end as if nothing had been.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STEPS = 14
PROMPTS = 2
GROUP = 4


def lines(path):
    """Whole lines of a JSONL file, as far as it is there."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().split("\n")[:-1]]


def until(look, what, seconds=240):
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")


def ranks(run: Path, attempt: int):
    """The training processes of an attempt, by rank."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            variables = dict(
                item.split("=", 1) for item in (entry / "environ").read_text().split("\0") if "=" in item
            )
        except (OSError, ValueError):
            continue
        if variables.get("GEOR_JOB") == f"{run}#{attempt}" and "LOCAL_RANK" in variables:
            found[int(variables["LOCAL_RANK"])] = int(entry.name)
    return found


def steps_of(run: Path, attempt: int):
    return [line["step"] for line in lines(run / "metrics" / f"attempt-{attempt}.jsonl")]


@pytest.fixture(scope="module")
def trained(geor, built, tmp_path_factory):
    """The folder of a run that was hit four times, what the last launcher said, and its answer."""
    from places_model import save_places

    folder = tmp_path_factory.mktemp("trl-run")
    banned = save_places(folder / "model")
    run = folder / "run"
    geor(
        "export", "trl", "earth:?count=16", "--stage", "grpo", "--model", folder / "model",
        "--device", "cpu", "--processes", "2", "--adaptation", "lora", "--variant", "released",
        "--save-steps", "2", "--set", f"+max_steps={STEPS}", "--set", f"groupSize={GROUP}",
        "--set", f"promptsPerStep={PROMPTS}", "--set", "updatesPerStep=1", "--set", "epochs=20",
        "--set", "learningRate=0.001", "--set", "maxCompletionLength=2",
        "--set", f"+generation_kwargs={json.dumps({'suppress_tokens': banned})}", "-o", run,
    )
    command = [
        shutil.which("node"), built / "cli" / "main.js", "launch", run, "--python", sys.executable,
        "--attempts", "5", "--json",
    ]

    # 1. the launcher and every process of the engine are killed at once
    launcher = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: 3 in steps_of(run, 1), "step 3")
    os.kill(launcher.pid, signal.SIGKILL)
    (started,) = [event for event in lines(run / "attempts.jsonl") if event["event"] == "started"]
    os.killpg(started["job"]["pid"], signal.SIGKILL)
    orphans = ranks(run, 1)
    launcher.wait()

    # 2. taken up again: the ranks that lived on are ended, the run goes on from its checkpoint
    launcher = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: len(steps_of(run, 2)) >= 3, "the second attempt")
    left = [pid for pid in orphans.values() if Path(f"/proc/{pid}/cwd").exists()]

    # 3. one rank dies
    os.kill(ranks(run, 2)[1], signal.SIGKILL)
    until(lambda: len(ranks(run, 3)) == 2, "the third attempt")

    # 4. the reward service dies while it is needed
    service = [event for event in lines(run / "attempts.jsonl") if event["event"] == "service"][-1]
    os.kill(service["pid"], signal.SIGKILL)
    said, errors = launcher.communicate(timeout=400)
    assert launcher.returncode == 0, errors
    return run, json.loads(said), errors, left


def test_every_fault_is_survived_and_said(trained):
    run, result, errors, left = trained
    assert result["outcome"] == "succeeded"
    assert result["step"] == STEPS
    outcomes = [attempt["outcome"] for attempt in result["attempts"]]
    assert outcomes == ["failed", "failed", "succeeded"]
    began = [attempt["resumedFrom"] for attempt in result["attempts"]]
    assert began[0] == 0 and began[1] >= 2 and began[2] > began[1]
    assert left == []
    assert "it was killed" in errors
    assert "the reward service died and is started again" in errors
    services = [event for event in lines(run / "attempts.jsonl") if event["event"] == "service"]
    assert len(services) == 2 and services[0]["url"] == services[1]["url"]


def test_every_attempt_goes_on_where_its_checkpoint_ends(trained):
    run, result, _, _ = trained
    for attempt in result["attempts"]:
        steps = steps_of(run, attempt["number"])
        assert steps[0] == attempt["resumedFrom"] + 1
    assert steps[-1] == STEPS


def test_nothing_of_the_run_is_left_running(trained):
    run, result, _, _ = trained
    for attempt in result["attempts"]:
        assert ranks(run, attempt["number"]) == {}
    service = [event for event in lines(run / "attempts.jsonl") if event["event"] == "service"][-1]
    assert not Path(f"/proc/{service['pid']}/cwd").exists()


def counted(result):
    """The attempt whose word counts, by step."""
    owner = {}
    for attempt in result["attempts"]:
        for step in range(attempt["resumedFrom"] + 1, STEPS + 1):
            owner[step] = attempt["number"]
    return owner


def test_rewards_have_spread_and_the_policy_moves(trained):
    from safetensors.torch import load_file

    run, result, _, _ = trained
    last = lines(run / "metrics" / f"attempt-{result['attempts'][-1]['number']}.jsonl")
    assert any(line.get("reward_std", 0) > 0 for line in last)
    assert any(line.get("grad_norm", 0) > 0 for line in last)
    final = load_file(run / "checkpoints" / "adapter_model.safetensors")
    before = load_file(run / "checkpoints" / f"checkpoint-{STEPS - 2}" / "adapter_model.safetensors")
    moved = [name for name in final if not final[name].equal(before[name])]
    assert moved
    assert all(final[name].abs().max() > 0 for name in final if "lora_B" in name and "layers.1" in name)


def test_the_service_recorded_the_rewards_of_the_logged_completions(trained, geor, tmp_path):
    """Parts are scored again from the completions that TRL wrote down, by another command."""
    import pyarrow.parquet as parquet

    run, result, _, _ = trained
    truth = {}
    for row in lines(run / "data" / "train.jsonl"):
        solution = row["solution"]
        truth[row["id"]] = json.loads(solution) if isinstance(solution, str) else solution
    recorded = {(row["attempt"], row["step"]): row for row in lines(run / "rewards.jsonl")}
    owner = counted(result)
    rows = []
    for file in sorted((run / "checkpoints" / "completions").glob("*.parquet")):
        for number, row in enumerate(parquet.read_table(file).to_pylist()):
            completion = row["completion"]
            text = completion if isinstance(completion, str) else completion[0]["content"]
            place = truth[row["id"]]
            rows.append({
                "id": f"{row['step']}/{number}", "completion": text,
                "lat": place["lat"], "lon": place["lon"],
            })
    again = tmp_path / "completions.jsonl"
    again.write_text("".join(json.dumps(row) + "\n" for row in rows))
    scored = json.loads(geor("reward", again, "--recipe", "geo-r", "--variant", "released", "--json").stdout)
    by_step = {}
    for row in scored:
        by_step.setdefault(int(row["id"].split("/")[0]), []).append(row)
    assert sorted(by_step) == list(range(1, STEPS + 1))
    for step, members in by_step.items():
        row = recorded[owner[step], step]
        assert row["samples"] == len(members) == PROMPTS * GROUP
        assert row["groups"] == PROMPTS and row["incompleteGroups"] == 0
        assert row["unscored"] == 0
        assert row["reward"] == pytest.approx(sum(one["total"] for one in members) / len(members), abs=1e-9)
        for part, mean in row["parts"].items():
            ours = sum(one["parts"][part] for one in members) / len(members)
            assert mean == pytest.approx(ours, abs=1e-9), (step, part)
        values = [one["total"] for one in members]
        spreads = [len({round(value, 12) for value in values[at : at + GROUP]}) for at in range(0, len(values), GROUP)]
        assert row["zeroVarianceGroups"] == spreads.count(1)


@pytest.fixture(scope="module")
def merged(trained, geor):
    run, _, _, _ = trained
    return json.loads(geor("merge", run, "--python", sys.executable, "--json").stdout)


def test_merging_gives_what_peft_gives(trained, merged):
    import torch
    from peft import PeftModel
    from safetensors.torch import load_file
    from transformers import AutoModelForImageTextToText

    run, _, _, _ = trained
    base = json.loads((run / "manifest.json").read_text())["model"]["path"]
    model = AutoModelForImageTextToText.from_pretrained(base, dtype=torch.float32)
    model = PeftModel.from_pretrained(model, run / "checkpoints").merge_and_unload(safe_merge=True)
    ours = AutoModelForImageTextToText.from_pretrained(merged["model"], dtype=torch.float32)
    theirs = model.state_dict()
    for name, value in ours.state_dict().items():
        torch.testing.assert_close(value, theirs[name], rtol=1e-5, atol=1e-6, msg=name)
    plain = load_file(Path(base) / "model.safetensors")
    changed = [name for name, value in load_file(Path(merged["model"]) / "model.safetensors").items()
               if not value.equal(plain[name])]
    assert len(changed) == merged["merged"]["changed"] == 14
    assert merged["logits"]["difference"] < 1e-3 * merged["logits"]["change"]
    assert merged["merged"]["check"]["worst"] <= 1
    assert merged["serve"].startswith("vllm serve ")


@pytest.fixture(scope="module")
def server(merged, tmp_path_factory):
    """The merged model behind an OpenAI-compatible address."""
    import socket
    import urllib.request

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("huggingface")
    (home / "hub").mkdir()  # without it, transformers serve answers 500 about its models
    command = [Path(sys.executable).parent / "transformers", "serve", merged["model"]]
    log = (home / "log").open("w+")
    process = subprocess.Popen(
        [*command, "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HOME": str(home)}, stdout=log, stderr=log,
    )
    address = f"http://127.0.0.1:{port}/v1"

    def is_up():
        assert process.poll() is None, (home / "log").read_text()
        try:
            return urllib.request.urlopen(f"{address}/models", timeout=5).status == 200
        except OSError:
            return False

    try:
        until(is_up, "the server")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def test_the_merged_model_is_evaluated_over_http(trained, merged, server, geor, tmp_path):
    from places_model import PLACES

    run, _, _, _ = trained
    table = ["id,lat,lon"]
    for row in lines(run / "data" / "train.jsonl")[:4]:
        table.append(f"{Path(row['images'][0]).stem},{row['lat']},{row['lon']}")
    (tmp_path / "truth.csv").write_text("\n".join(table) + "\n")
    answers = tmp_path / "answers.jsonl"
    evaluation = json.loads(geor(
        "evaluate", "--truth", tmp_path / "truth.csv", "--photos", run / "data" / "images",
        "--backend", server, "--model", merged["model"], "--max-tokens", 1, "--answers", answers, "--json",
    ).stdout)
    assert (evaluation["n"], evaluation["answered"], evaluation["invalid"]) == (4, 4, 0)
    assert 0 < evaluation["medianKm"] < 20_100
    known = {(lat, lon) for *_, lat, lon in PLACES}
    said = lines(answers)
    assert len(said) == 4
    assert all((answer["lat"], answer["lon"]) in known for answer in said)
