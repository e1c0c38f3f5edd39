#!/usr/bin/env python3
"""Writes the seeds of weights_fuzz into corpus/weights/: the smallest DenseNet (stem 2, growth 1, blocks 1-1, bottleneck 2,
one channel, two classes) as F32, F16, BF16 and I8 with scales, and with the names of an old DataParallel checkpoint."""
import json
import pathlib
import struct

BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I8": 1}
ONE = {"F32": b"\0\0\x80\x3f", "F16": b"\0\x3c", "BF16": b"\x80\x3f", "I8": b"\x01"}


def network():
    """Name and shape of every tensor."""
    def norm(prefix, channels):
        return {f"{prefix}.{part}": [channels] for part in ("weight", "bias", "running_mean", "running_var")}

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


def main():
    folder = pathlib.Path(__file__).parent / "weights"
    folder.mkdir(exist_ok=True)
    for dtype in ("F32", "F16", "BF16"):
        write(folder / f"{dtype.lower()}.safetensors", {name: (dtype, shape) for name, shape in network().items()})
    packed = {}
    for name, shape in network().items():
        packed[name] = ("I8" if len(shape) > 1 else "F32", shape)
        if len(shape) > 1:
            packed[name + ".scale"] = ("F32", shape[:1])
    write(folder / "i8.safetensors", packed)
    old = {"module.densenet121." + name.replace("norm1.", "norm.1.").replace("conv2.", "conv.2.")
           .replace("classifier.", "classifier.0."): ("F16", shape) for name, shape in network().items()}
    write(folder / "old_names.safetensors", old)


if __name__ == "__main__":
    main()
