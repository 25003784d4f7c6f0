"""Tensors of images, (..., channels, height, width)."""

import numpy
import torch

from torchvision.transforms import InterpolationMode  # noqa: F401  (transformers looks for it here)


def resize(image, size, interpolation=InterpolationMode.BILINEAR, antialias=True):
    # bytes are resized as bytes, which rounds once at the end
    scaled = torch.nn.functional.interpolate(
        image.reshape(-1, *image.shape[-3:]),
        size=list(size),
        mode=interpolation.value,
        antialias=antialias,
        align_corners=False,
    )
    return scaled.reshape(*image.shape[:-2], *scaled.shape[-2:])


def normalize(image, mean, std, inplace=False):
    shape = (-1, 1, 1)
    mean = torch.as_tensor(mean, dtype=image.dtype, device=image.device).reshape(shape)
    std = torch.as_tensor(std, dtype=image.dtype, device=image.device).reshape(shape)
    return image.sub_(mean).div_(std) if inplace else (image - mean) / std


def grayscale_to_rgb(image):
    return image.expand(*image.shape[:-3], 3, -1, -1) if image.shape[-3] == 1 else image


def pil_to_tensor(image):
    array = torch.from_numpy(numpy.array(image))
    return array[None] if array.ndim == 2 else array.permute(2, 0, 1)
