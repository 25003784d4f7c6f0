"""Makes test/golden/resize.json: Pillow's bicubic bytes and transformers' smart_resize.

    python interop/make_resize_golden.py

Images are a formula, so the file holds only hashes and a few bytes. The sizes of smart_resize are
hashed row by row: every width from 28 to 1500 for one height makes one line.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import PIL
import transformers
from PIL import Image
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
SIZES = [
    ((56, 56), (28, 84)),
    ((640, 480), (252, 196)),
    ((97, 61), (308, 196)),
    ((1000, 33), (1008, 28)),
    ((31, 500), (28, 504)),
    ((5, 7), (56, 84)),
    ((1, 1), (28, 28)),
    ((300, 300), (300, 140)),
    ((300, 200), (140, 200)),
]
BUDGETS = [(56 * 56, 28 * 28 * 1280), (4 * 28 * 28, 200_000)]


def picture(width: int, height: int) -> np.ndarray:
    """Sharp edges and gradients: (x * 37 + y * 91 + c * 53 + x * y * (c + 1)) mod 256, every third
    column black or white."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    values = (x * 37 + y * 91 + c * 53 + x * y * (c + 1)) % 256
    values[:, ::3] = np.where((y + c)[:, ::3] % 2 == 0, 0, 255)
    return values.astype(np.uint8)


def main() -> None:
    resized = []
    for (width, height), (to_width, to_height) in SIZES:
        image = Image.fromarray(picture(width, height))
        out = np.asarray(image.resize((to_width, to_height), Image.Resampling.BICUBIC))
        resized.append(
            {
                "from": [width, height],
                "to": [to_width, to_height],
                "sha256": hashlib.sha256(out.tobytes()).hexdigest(),
                "head": out.reshape(-1)[:12].tolist(),
            }
        )
    sizes = []
    for min_pixels, max_pixels in BUDGETS:
        digest = hashlib.sha256()
        for height in range(28, 1501):
            row = [
                smart_resize(height, width, 28, min_pixels, max_pixels)
                for width in range(28, 1501)
            ]
            digest.update((" ".join(f"{w}x{h}" for h, w in row) + "\n").encode())
        sizes.append({"minPixels": min_pixels, "maxPixels": max_pixels, "sha256": digest.hexdigest()})
    golden = {
        "madeBy": "interop/make_resize_golden.py",
        "pillow": PIL.__version__,
        "transformers": transformers.__version__,
        "resized": resized,
        "smartResize": sizes,
    }
    path = GOLDEN / "resize.json"
    path.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
