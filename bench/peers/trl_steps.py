"""TRL's own trainers, one step at a time, to compare speeds with (bench/trl.bench.ts).

Reads lines of JSON from standard input, answers each with one line:
  {"do": "describe"}                -> versions
  {"do": "grpo" or "sft", ...}      -> the number of parameters and a prompt's tokens, before the first step
  {"do": "step"}                    -> milliseconds of one whole step, and of its parts
  {"do": "end"}                     -> an empty object; another trainer may follow

A step is everything from the end of the step before: rows and pictures, tokens, generation, rewards,
passes, optimiser. TRL runs without what costs time and teaches nothing: no logs, no checkpoints, no
recomputation. Generation is transformers'; vLLM does not run here.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import datasets
import torch
import transformers
import trl
from PIL import Image
from reward_peer import geo_r_reward
from transformers import AutoProcessor, TrainerCallback
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer
from trl.data_utils import prepare_multimodal_messages

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
datasets.disable_progress_bars()
WARM_UP_STEPS = 1
PICTURE = "<|vision_start|><|image_pad|><|vision_end|>"


class Stopwatch:
    """Adds up the milliseconds of named parts; a part inside another is counted once, as itself."""

    def __init__(self):
        self.parts = {}
        self._open = []
        self._since = time.perf_counter()

    def _mark(self):
        now = time.perf_counter()
        if self._open:
            name = self._open[-1]
            self.parts[name] = self.parts.get(name, 0) + (now - self._since) * 1000
        self._since = now

    def watch(self, owner, method, name):
        """Counts the calls of a method as part `name`, a text or a function that says it."""
        whole = getattr(owner, method)

        def watched(*args, **kwargs):
            self._mark()
            self._open.append(name() if callable(name) else name)
            try:
                return whole(*args, **kwargs)
            finally:
                self._mark()
                self._open.pop()

        setattr(owner, method, watched)

    def taken(self):
        parts, self.parts = self.parts, {}
        return parts


class InTurns(TrainerCallback):
    """Holds the trainer between its steps until the other side has made its own."""

    def __init__(self, stopwatch):
        self._stopwatch = stopwatch
        self._start = 0.0

    def on_step_end(self, args, state, control, **kwargs):
        now = time.perf_counter()
        if state.global_step > WARM_UP_STEPS:
            answer({"milliseconds": (now - self._start) * 1000, "parts": self._stopwatch.taken()})
        control.should_training_stop = asked()["do"] == "end"
        self._stopwatch.taken()
        self._start = time.perf_counter()


def answer(reply):
    sys.__stdout__.write(json.dumps(reply) + "\n")
    sys.__stdout__.flush()


def asked():
    return json.loads(sys.stdin.readline() or '{"do": "end"}')


def rows_of(settings):
    """Rows as TRL wants them: conversations with coordinates, or texts with their answers."""
    tiles = Path(settings["tiles"]).read_bytes()
    side = settings["sizePx"]
    size = side * side * 3

    def picture(number):
        return Image.frombytes("RGB", (side, side), tiles[number * size : (number + 1) * size])

    rows = settings["rows"]
    columns = {"images": [[picture(row["picture"])] for row in rows]}
    if settings["do"] == "sft":
        columns["prompt"] = [f"{PICTURE}{row['question']}<|im_start|>" for row in rows]
        columns["completion"] = [f"{row['answer']}<|im_end|>" for row in rows]
    else:
        columns["prompt"] = [[{"role": "user", "content": row["question"]}] for row in rows]
        columns["lat"] = [row["lat"] for row in rows]
        columns["lon"] = [row["lon"] for row in rows]
    return datasets.Dataset.from_dict(columns)


def text_reward(completions, lat, lon, **kwargs):
    return geo_r_reward([completion[0]["content"] for completion in completions], lat, lon)


def trainer_of(settings):
    common = {
        "output_dir": settings["folder"] + "-trl",
        "per_device_train_batch_size": settings["batch"],
        "learning_rate": 1e-6,
        "max_steps": 10_000,
        "bf16": False,
        "fp16": False,
        "gradient_checkpointing": False,
        "logging_strategy": "no",
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": True,
        "dataloader_pin_memory": False,
        "model_init_kwargs": {"dtype": "float32"},
    }
    processor = AutoProcessor.from_pretrained(settings["folder"])
    parts = {
        "model": settings["folder"],
        "train_dataset": rows_of(settings),
        "processing_class": processor,
    }
    if settings["do"] == "sft":
        args = SFTConfig(**common, max_length=None, loss_type="chunked_nll", completion_only_loss=True)
        return SFTTrainer(**parts, args=args)
    args = GRPOConfig(
        **common,
        num_generations=settings["samples"],
        max_completion_length=settings["maxTokens"],
        temperature=1.0,
        top_p=1.0,
        top_k=0,
        beta=settings["beta"],
        loss_type="dapo",
        shuffle_dataset=False,
        generation_kwargs={"suppress_tokens": settings["banned"]},
    )
    return GRPOTrainer(**parts, args=args, reward_funcs=[text_reward])


def watch(trainer, stopwatch):
    """Cuts a step into the parts that are reported."""
    grpo = isinstance(trainer, GRPOTrainer)
    stopwatch.watch(trainer.accelerator, "backward", "backward")
    stopwatch.watch(trainer.accelerator, "clip_grad_norm_", "optimizer")
    if not grpo:
        stopwatch.watch(trainer, "data_collator", "prompts and pictures")
        stopwatch.watch(trainer, "compute_loss", "forward")
        return
    stopwatch.watch(trainer, "_tokenize_prompts", "prompts and pictures")
    stopwatch.watch(trainer, "_generate_and_score_completions", "prompts and pictures")
    stopwatch.watch(trainer, "_generate_single_turn", "generation")
    stopwatch.watch(trainer, "_calculate_rewards", "reward")
    stopwatch.watch(trainer, "compute_loss", "forward")
    scoring = lambda: "forward" if torch.is_grad_enabled() else "reference"  # noqa: E731
    stopwatch.watch(trainer, "_get_per_token_logps_and_entropies", scoring)


def prompt_of(trainer):
    """The tokens of the first row's prompt, as the trainer's processor makes them."""
    row = trainer.train_dataset[0]
    if isinstance(row["prompt"], str):
        return trainer.processing_class(text=[row["prompt"]], images=[row["images"]])["input_ids"][0]
    messages = prepare_multimodal_messages(row["prompt"], images=row["images"])
    return trainer.processing_class.apply_chat_template(
        [messages], tokenize=True, add_generation_prompt=True, return_dict=True
    )["input_ids"][0]


def train(settings):
    torch.manual_seed(0)
    trainer = trainer_of(settings)
    stopwatch = Stopwatch()
    watch(trainer, stopwatch)
    trainer.add_callback(InTurns(stopwatch))
    trainer.create_optimizer()
    stopwatch.watch(trainer.optimizer, "step", "optimizer")
    parameters = sum(p.numel() for p in trainer.model.parameters())
    answer({"parameters": parameters, "prompt": prompt_of(trainer)})
    trainer.train()
    answer({})


def main():
    torch.set_num_threads(int(sys.argv[1]))
    sys.stdout = sys.stderr  # the answers alone go out
    while (settings := asked())["do"] != "end":
        if settings["do"] == "describe":
            versions = {"torch": torch, "transformers": transformers, "trl": trl}
            answer({name: module.__version__ for name, module in versions.items()})
        else:
            train(settings)


if __name__ == "__main__":
    main()
