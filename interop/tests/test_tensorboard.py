"""The line of docs/training.md that turns metrics.jsonl into TensorBoard's event files."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def documented_line() -> str:
    text = (ROOT / "docs" / "training.md").read_text()
    found = re.search(r'^python -c "(.+)" runs/grpo && tensorboard', text, re.MULTILINE)
    assert found, "docs/training.md has no such line"
    return found[1]


def test_metrics_reach_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    rows = [
        {"stage": "grpo", "step": 1, "reward": 0.25, "rewards/distance/mean": 0.5, "kl": 0},
        {"stage": "grpo", "step": 2, "reward": 0.75, "rewards/distance/mean": 0.625, "kl": 1e-3},
    ]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    subprocess.run([sys.executable, "-c", documented_line(), str(tmp_path)], check=True)

    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {"reward", "rewards/distance/mean", "kl"}
    for name in ("reward", "rewards/distance/mean", "kl"):
        seen = [(event.step, event.value) for event in events.Scalars(name)]
        wanted = [(row["step"], pytest.approx(row[name], rel=1e-6)) for row in rows]
        assert seen == wanted
