"""Makes test/golden/tokenizer.json: what Hugging Face's BpeTrainer learns and how it encodes.

    python interop/make_tokenizer_golden.py

The splits are the ones of src/model/tokenizer/patterns.ts; the test fails when they drift apart.
"""

import json
import random
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

GOLDEN = Path(__file__).parent.parent / "test" / "golden"

QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAIN = (
    r"(?:\n|(?<![^\n]|\n))[^\n:(),.0-9]{1,32}: (?:\((?=-?[0-9]))?"
    r"|(?<=: )(?![-0-9., ()]{1,64}(?![^\n]))[^\n]{1,64}(?![^\n])"
    r"|, | ?[^\n ,:;.()0-9-]{1,64}|[^\n]|\n"
)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

# Beyond the corpus: what the splits or the byte alphabet could get wrong.
SAMPLES = [
    "",
    " ",
    "\n",
    "\n\n\nCity: X",
    "Country: ",
    "City: \nCoordinates: (0.00, -0.00)",
    "Coordinates: (-12.34, 7.00)",
    "(-12.34, 7.00)",
    "Coordinates: (12.34",
    "Coordinates: unknown (near 12.34)",
    "Latitude: -12.34\nLongitude: 7.00",
    "City: (12)\nCity: 12\nCity: 12 Apostles\nCity: 6th of October City",
    "City: Foo: Bar, Baz: Qux",
    "city of lights: Paris; it's 20:45, they'LL see",
    "City: O'Fallon\nCity: Xi'an\nCity: L'Haÿ-les-Roses\nCity: Hawai‘i",
    "City: Zürich\nCity: Zu\u0308rich\nCity: Iași\nCity: Đồng Văn",
    "City: 東京都\nCity: 서울\nCity: القاهرة\nCity: ירושלים\nCity: ༄༅",
    "Country: Japan\r\nState: Hokkaido\r\n",
    "Country:\u00a0Japan\u2028State:\u3000Hokkaido\u0085\ufeff\tend",
    "emoji 👨‍👩‍👧‍👦 🇯🇵 \U0001f600 and \x00\x01\x7f control",
    "½ ² Ⅷ ٣ 三 digits; ſ 'ſ long s; İ dotted",
    "The photo shows a narrow street with red roofs: the sign reads Bäckerei, so I think of Germany.",
    "Country: " + "a" * 64 + "\nCity: " + "b" * 65,
    "x" * 300,
    "<|im_start|>assistant\nCountry: Japan<|im_end|>\n<|endoftext|><|im_start|",
    "<|im_end|><|im_end|>City: <|endoftext|>Nara",
    "<think>Left-hand traffic, kanji.</think>\nCountry: Japan",
    "Rome , Italy . It 's ! Why ? n't",
    "__proto__ constructor toString",
]


def build(pattern: str) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def train(texts: list[str], pattern: str, vocab_size: int) -> Tokenizer:
    tokenizer = build(pattern)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def noise() -> list[str]:
    """Trained until no pair is left: words of few letters, for the ties, and a special token that
    merges can spell."""
    generator = random.Random(0)
    return ["".join(generator.choices("abc", k=40)) for _ in range(8)] + [SPECIAL[2]] * 3


def main() -> None:
    corpus = json.loads((GOLDEN / "tokenizer-corpus.json").read_text(encoding="utf-8"))
    cases = []
    for name, training, pattern, vocab_size in [
        ("chain", corpus, CHAIN, 700),
        ("qwen2", corpus, QWEN2, 600),
        ("chain", noise(), CHAIN, 5000),
    ]:
        tokenizer = train(training, pattern, vocab_size)
        texts = training + SAMPLES
        encodings = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        decoded = [tokenizer.decode(ids, skip_special_tokens=True) for ids in encodings]
        for text, ids in zip(texts, encodings):
            assert tokenizer.decode(ids, skip_special_tokens=False) == text, text
        cases.append(
            {
                "name": name,
                "pattern": pattern,
                "vocabSize": vocab_size,
                "noise": None if training is corpus else training,
                "json": json.loads(tokenizer.to_str()),
                "encodings": [
                    {"text": text, "ids": ids, "withoutSpecial": plain}
                    for text, ids, plain in zip(texts, encodings, decoded)
                ],
            }
        )
    golden = {
        "madeBy": "interop/make_tokenizer_golden.py",
        "tokenizers": tokenizers.__version__,
        "specialTokens": SPECIAL,
        "cases": cases,
    }
    path = GOLDEN / "tokenizer.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
