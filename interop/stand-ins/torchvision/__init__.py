"""A stand-in for torchvision: the few functions that transformers' Qwen2-VL processors call.

The wheel of torchvision on PyPI is built for CUDA and does not load beside a CPU build of torch;
without any torchvision, transformers refuses to make a video processor and with it the processor of
Qwen2.5-VL, even where no video is ever shown. `interop/environment.mjs` puts this folder on the path.
Images are resized as torchvision does it for tensors: `torch.nn.functional.interpolate`, antialiased.
"""

__version__ = "0.28.0"
