"""Bytes or a path to a (3, height, width) tensor, by Pillow."""

from enum import Enum
from io import BytesIO

import numpy
import torch
from PIL import Image, ImageOps


class ImageReadMode(Enum):
    RGB = "RGB"


def decode_image(data, mode=ImageReadMode.RGB, apply_exif_orientation=False):
    image = Image.open(data if isinstance(data, str) else BytesIO(data.numpy().tobytes()))
    if apply_exif_orientation:
        image = ImageOps.exif_transpose(image)
    return torch.from_numpy(numpy.array(image.convert(ImageReadMode(mode).value))).permute(2, 0, 1)
