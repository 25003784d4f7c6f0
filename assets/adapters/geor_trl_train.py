"""Trains with TRL 1.13 what geor exported. Started by accelerate, once per process:

accelerate launch --config_file accelerate.yaml geor_trl_train.py --config config.yaml
"""

import sys
from dataclasses import dataclass, field

import geor_trl
import yaml
from datasets import Image, List, load_dataset
from transformers import AutoProcessor
from trl import (
    GRPOConfig,
    GRPOTrainer,
    ModelConfig,
    SFTConfig,
    SFTTrainer,
    TrlParser,
    get_peft_config,
)


@dataclass
class RunArguments:
    """What TRL has no option for."""

    stage: str = field(metadata={"help": "sft or grpo"})
    train_file: str = field(metadata={"help": "rows to train on, JSON lines"})
    max_pixels: int = field(metadata={"help": "pixels of a picture, at most"})
    validation_file: str | None = field(default=None, metadata={"help": "rows held out"})
    freeze_vision: bool = field(default=True, metadata={"help": "leave the vision tower as it is"})


def rows_of(path):
    """Rows whose pictures are opened when they are needed."""
    return load_dataset("json", data_files=path, split="train").cast_column("images", List(Image()))


def processor_of(run, model):
    """The model's processor with the pixel budget of the exported pictures."""
    size = {"longest_edge": run.max_pixels, "shortest_edge": 4 * 28 * 28}
    return AutoProcessor.from_pretrained(
        model.model_name_or_path, revision=model.model_revision, size=size
    )


def forbid_vision_tokens(args, tokenizer):
    """A policy that samples a picture's token makes its answer impossible to score."""
    known = [token for token in geor_trl.VISION_TOKENS if token in tokenizer.get_vocab()]
    rule = (
        {"bad_words": known}
        if args.use_vllm
        else {"suppress_tokens": tokenizer.convert_tokens_to_ids(known)}
    )
    args.generation_kwargs = {**rule, **(args.generation_kwargs or {})}


def eos_of(processor):
    """Tokens that end an answer: Qwen2.5-VL ends a turn with <|im_end|>, a text with <|endoftext|>."""
    tokenizer = processor.tokenizer
    ends = {tokenizer.eos_token_id, tokenizer.pad_token_id}
    return {end for end in ends if end is not None}


class GeorGRPOTrainer(GRPOTrainer):
    """Tells the reward which split it scores."""

    def evaluate(self, *args, **kwargs):
        reward, size = self.reward_funcs[0], self.args.num_generations
        reward.split, reward.group_size = "validation", self.args.num_generations_eval or size
        try:
            return super().evaluate(*args, **kwargs)
        finally:
            reward.split, reward.group_size = "train", size


def freeze_vision(model):
    """With adapters everything else is frozen anyway; the optimiser is made later, in train()."""
    for name, parameter in model.named_parameters():
        if "visual" in name:
            parameter.requires_grad_(False)


def trainer_of(run, args, model):
    """The trainer of the stage."""
    args.model_init_kwargs = {
        "revision": model.model_revision,
        "attn_implementation": model.attn_implementation,
        "dtype": model.dtype,
    }
    processor = processor_of(run, model)
    common = {
        "model": model.model_name_or_path,
        "args": args,
        "train_dataset": rows_of(run.train_file),
        "eval_dataset": rows_of(run.validation_file) if run.validation_file else None,
        "processing_class": processor,
        "peft_config": get_peft_config(model),
        "callbacks": [geor_trl.AppendMetrics()],
    }
    if run.stage == "sft":
        return SFTTrainer(**common)
    forbid_vision_tokens(args, processor.tokenizer)
    reward = geor_trl.GeorReward(args.num_generations, eos_of(processor))
    return GeorGRPOTrainer(reward_funcs=[reward], **common)


def main():
    with open(sys.argv[sys.argv.index("--config") + 1], encoding="utf-8") as file:
        stage = yaml.safe_load(file)["stage"]
    kind = SFTConfig if stage == "sft" else GRPOConfig
    run, args, model = TrlParser((RunArguments, kind, ModelConfig)).parse_args_and_config()
    trainer = trainer_of(run, args, model)
    if run.freeze_vision:
        freeze_vision(trainer.model)
    trainer.train(resume_from_checkpoint=args.resume_from_checkpoint)
    trainer.save_model(args.output_dir)
    trainer.processing_class.save_pretrained(args.output_dir)


if __name__ == "__main__":
    main()
