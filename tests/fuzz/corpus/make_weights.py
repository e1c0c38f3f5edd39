#!/usr/bin/env python3
"""Writes the seeds of weights_fuzz into corpus/weights/: the smallest DenseNet (stem 2, growth 1, blocks 1-1, bottleneck 2,
one channel, two classes) as F32, F16, BF16 and I8 with scales, and with the names of an old DataParallel checkpoint; and the
smallest MobileNetV2 (every width 1, one class) as I8 with scales."""
import json
import pathlib
import struct

BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I8": 1}
ONE = {"F32": b"\0\0\x80\x3f", "F16": b"\0\x3c", "BF16": b"\x80\x3f", "I8": b"\x01"}


def norm(prefix, channels):
    return {f"{prefix}.{part}": [channels] for part in ("weight", "bias", "running_mean", "running_var")}


def mobilenet():
    """Name and shape of every tensor; the first block alone does not expand."""
    shapes = {"features.0.0.weight": [1, 1, 3, 3], **norm("features.0.1", 1)}
    for block in range(1, 18):
        parts = [("0", "depthwise")] if block == 1 else [("0", "pointwise"), ("1", "depthwise")]
        conv = f"features.{block}.conv"
        for place, kind in parts:
            shapes |= {f"{conv}.{place}.0.weight": [1, 1, 3, 3] if kind == "depthwise" else [1, 1, 1, 1],
                       **norm(f"{conv}.{place}.1", 1)}
        shapes |= {f"{conv}.{len(parts)}.weight": [1, 1, 1, 1], **norm(f"{conv}.{len(parts) + 1}", 1)}
    shapes |= {"features.18.0.weight": [1, 1, 1, 1], **norm("features.18.1", 1)}
    return shapes | {"classifier.1.weight": [1, 1], "classifier.1.bias": [1]}


def densenet():
    """Name and shape of every tensor."""
    shapes = {"features.conv0.weight": [2, 1, 7, 7], **norm("features.norm0", 2)}
    for block, channels in ((1, 2), (2, 1)):
        layer = f"features.denseblock{block}.denselayer1"
        shapes |= {**norm(layer + ".norm1", channels), layer + ".conv1.weight": [2, channels, 1, 1],
                   **norm(layer + ".norm2", 2), layer + ".conv2.weight": [1, 2, 3, 3]}
    shapes |= {**norm("features.transition1.norm", 3), "features.transition1.conv.weight": [1, 3, 1, 1]}
    return shapes | norm("features.norm5", 2) | {"classifier.weight": [2, 2], "classifier.bias": [2]}


def write(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape) in tensors.items():
        count = 1
        for extent in shape:
            count *= extent
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + count * BYTES[dtype]]}
        data += ONE[dtype] * count
    head = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def packed(shapes):
    tensors = {}
    for name, shape in shapes.items():
        tensors[name] = ("I8" if len(shape) > 1 else "F32", shape)
        if len(shape) > 1:
            tensors[name + ".scale"] = ("F32", shape[:1])
    return tensors


def main():
    folder = pathlib.Path(__file__).parent / "weights"
    folder.mkdir(exist_ok=True)
    for dtype in ("F32", "F16", "BF16"):
        write(folder / f"{dtype.lower()}.safetensors", {name: (dtype, shape) for name, shape in densenet().items()})
    write(folder / "i8.safetensors", packed(densenet()))
    write(folder / "mobilenet_v2.safetensors", packed(mobilenet()))
    old = {"module.densenet121." + name.replace("norm1.", "norm.1.").replace("conv2.", "conv.2.")
           .replace("classifier.", "classifier.0."): ("F16", shape) for name, shape in densenet().items()}
    write(folder / "old_names.safetensors", old)


if __name__ == "__main__":
    main()
