"""A large random checkpoint generates with geor and with transformers, one after the other, each in a
process of its own: seconds to the first token, tokens a second, peak memory.

    npm run build && python interop/measure_big.py 3B FOLDER [geor] [geor-lean] [bfloat16] [float32]

Makes the checkpoint when FOLDER has none (7.5 GB for 3B); delete the folder afterwards.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKED = ["448", "448", "12"]  # width, height, tokens


def main() -> None:
    size, folder, *which = sys.argv[1:]
    if not (Path(folder) / "config.json").exists():
        subprocess.run([sys.executable, ROOT / "interop" / "make_big_checkpoint.py", size, folder], check=True)
    ours = ["node", str(ROOT / "interop" / "ours" / "generate-once.mjs"), folder, *ASKED]
    theirs = [sys.executable, str(ROOT / "bench" / "peers" / "generate_once.py"), folder, *ASKED]
    commands = {
        "geor-lean": [*ours, "lean"],
        "geor": ours,
        "bfloat16": [*theirs, "bfloat16"],
        "float32": [*theirs, "float32"],
    }
    for name in which or commands:
        done = subprocess.run(commands[name], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{name}: ended with {done.returncode}: {done.stderr[-600:]}", flush=True)
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        tokens = found.pop("tokens")
        figures = ", ".join(f"{key} {value:.2f}" for key, value in found.items())
        print(f"{name}: {figures}; tokens {tokens}", flush=True)


if __name__ == "__main__":
    main()
