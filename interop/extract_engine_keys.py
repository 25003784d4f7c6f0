"""Writes assets/engines/<engine>-<version>-<stage>.keys.txt: the names that an engine knows.

    python interop/extract_engine_keys.py verl FOLDER-OF-VERL     (its trainer/config/*.yaml)
    python interop/extract_engine_keys.py trl                     (the installed dataclasses)
    python interop/extract_engine_keys.py swift FOLDER-OF-SWIFT   (its dataclasses, read as text)

verl's folder is that of the package, from `pip install --no-deps verl==0.9.0`; swift's likewise from
ms-swift==4.5.2. Only pyyaml is needed for verl, nothing for swift.
"""

import ast
import dataclasses
import sys
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "assets" / "engines"


def write(engine, version, stage, names, source):
    ASSETS.mkdir(parents=True, exist_ok=True)
    path = ASSETS / f"{engine}-{version}-{stage}.keys.txt"
    lines = [f"# {source}; made by interop/extract_engine_keys.py", *sorted(set(names))]
    path.write_text("\n".join(lines) + "\n")
    print(path, len(lines) - 1)


def leaves(tree, prefix=""):
    """Dotted names of a YAML tree; an empty mapping counts as a leaf, and so does every mapping."""
    for name, value in tree.items():
        if name in ("_target_", "defaults"):
            continue
        yield f"{prefix}{name}"
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")


def verl(folder):
    import yaml

    config = Path(folder) / "trainer" / "config"
    version = (Path(folder) / "version" / "version").read_text().strip()
    tree = yaml.safe_load((config / "_generated_ppo_trainer.yaml").read_text())
    source = "verl/trainer/config/_generated_ppo_trainer.yaml"
    # Read by nothing in main_ppo of 0.9.0, so that setting one would be silently without effect.
    dead = ("custom_reward_function", "reward_model", "sandbox_fusion")
    names = [name for name in leaves(tree) if name.split(".")[0] not in dead]
    write("verl", version, "grpo", names, source)
    tree = yaml.safe_load((config / "sft_trainer_engine.yaml").read_text())
    for group, file in (("model", "model/hf_model"), ("engine", "engine/fsdp"), ("optim", "optim/fsdp")):
        tree[group] = yaml.safe_load((config / f"{file}.yaml").read_text())
    write("verl", version, "sft", leaves(tree), "verl/trainer/config/sft_trainer_engine.yaml with FSDP")


def trl():
    import trl as package
    from trl import GRPOConfig, ModelConfig, SFTConfig

    for stage, config in (("sft", SFTConfig), ("grpo", GRPOConfig)):
        names = [field.name for kind in (config, ModelConfig) for field in dataclasses.fields(kind)]
        names += ["stage", "train_file", "validation_file", "max_pixels", "freeze_vision"]
        source = f"trl.{config.__name__}, trl.ModelConfig and geor_trl_train.py"
        write("trl", package.__version__, stage, names, source)


def swift(folder):
    """Fields of every dataclass that SftArguments and RLHFArguments are made of."""
    fields, bases = {}, {}
    for path in sorted(Path(folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ClassDef):
                continue
            named = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign)]
            fields.setdefault(node.name, []).extend(named)
            bases.setdefault(node.name, []).extend(
                base.id if isinstance(base, ast.Name) else base.attr
                for base in node.bases
                if isinstance(base, (ast.Name, ast.Attribute))
            )

    def of(name, seen):
        if name in seen:
            return
        seen.add(name)
        yield from fields.get(name, [])
        for base in bases.get(name, []):
            yield from of(base, seen)

    import transformers

    hugging = [field.name for field in dataclasses.fields(transformers.Seq2SeqTrainingArguments)]
    version = Path(folder, "version.py").read_text().split("__version__ = '")[1].split("'")[0]
    for stage, name in (("sft", "SftArguments"), ("grpo", "RLHFArguments")):
        names = [*of(name, set()), *hugging]
        write("swift", version, stage, names, f"swift {name} and transformers.Seq2SeqTrainingArguments")


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    {"verl": verl, "trl": trl, "swift": swift}[kind](*rest)
