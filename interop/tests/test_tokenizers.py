"""Text to ids and back on texts of every script, compared with the reference implementation."""

import json
import random

import pytest
from tiny_model import SPECIAL_TOKENS, SPLIT, TEXTS, make_tokenizer
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

BLOCKS = [
    (0x20, 0x7F), (0x00, 0x20), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x590), (0x590, 0x700),
    (0x900, 0xE00), (0xE00, 0x1200), (0x1E00, 0x2000), (0x2000, 0x2070), (0x2E80, 0x3100),
    (0x3400, 0x9FFF), (0xAC00, 0xD7A4), (0xF900, 0xFB00), (0xFE00, 0xFFFE), (0x10000, 0x10400),
    (0x1D400, 0x1D800), (0x1F300, 0x1FAFF), (0x20000, 0x2A6DF), (0xE0000, 0xE0080),
]
PIECES = [
    *SPECIAL_TOKENS, *TEXTS, " ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2028", "'s", "'LL", "’s",
    "12345", "１２３", "٣٤", "½", "²", "e\u0301", "\u00e9", "ﬁ", "\u212b", "İ", "ẞ", "ſ", "한국", "각",
    "नमस्ते", "👩‍👩‍👧", "🏳️‍🌈", "(43.45, -142.62)", "<|im_", "|>", "<|image_pad|><|image_pad|>", "\ufeff", "\u200d",
]


def texts(count: int, seed: int) -> list[str]:
    source = random.Random(seed)
    out = []
    for _ in range(count):
        parts = []
        for _ in range(source.randrange(1, 8)):
            if source.random() < 0.4:
                parts.append(source.choice(PIECES))
            else:
                low, high = source.choice(BLOCKS)
                length = source.randrange(1, 12)
                parts.append("".join(chr(source.randrange(low, high)) for _ in range(length)))
        out.append("".join(parts))
    return out


def added_tokens() -> Tokenizer:
    """Byte-level BPE with ordinary added tokens that take white space, or stand alone only."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=SPECIAL_TOKENS, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(TEXTS * 4, trainer)
    tokenizer.add_tokens([
        AddedToken("<left>", lstrip=True), AddedToken("<right>", rstrip=True),
        AddedToken("Biei", normalized=False), AddedToken("<both>", lstrip=True, rstrip=True),
    ])
    return tokenizer


def compare(node, folder, tokenizer, all_texts):
    path = folder / "tokenizer.json"
    tokenizer.save(str(path))
    done = node("interop/ours/encode.mjs", path, input=json.dumps(all_texts))
    ours = json.loads(done.stdout)
    assert len(ours) == len(all_texts)
    for text, own in zip(all_texts, ours, strict=True):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert own["ids"] == ids, (text, tokenizer.encode(text).tokens)
        assert own["text"] == tokenizer.decode(ids, skip_special_tokens=False), text
        assert own["plain"] == tokenizer.decode(ids, skip_special_tokens=True), text


@pytest.mark.parametrize("normalizer", [normalizers.NFC(), None])
def test_texts_of_every_script(node, tmp_path, normalizer):
    tokenizer = make_tokenizer().backend_tokenizer
    tokenizer.normalizer = normalizer
    compare(node, tmp_path, tokenizer, texts(4000, 1) + PIECES + TEXTS + [""])


def test_added_tokens_that_take_white_space(node, tmp_path):
    extra = ["a <left> b", "a  <right>  b", "x<both>y", "  <both>  ", "Biei Town", "aBieib", "<left><right>"]
    # JavaScript counts the byte order mark as white space, Rust does not
    mixed = [a.replace("\ufeff", "") + b for a, b in zip(texts(300, 2), extra * 43, strict=False)]
    compare(node, tmp_path, added_tokens(), extra + mixed)
