#!/usr/bin/env python3
"""Packs a trained network for the page: models/<id>/weights.safetensors, and manifest.json and index.json that name it.

    python3 tools/models/pack.py TRAINED.safetensors --id ID [--storage int8|fp16|fp32] [--clip mse|absmax]
                                 [--largest 127] [--manifest TEMPLATE.json] [--models FOLDER] [--default]

TRAINED.safetensors holds F32 tensors in torchvision's names, batch norm not folded. Storage of convolution and classifier
weights (tensors of two or more dimensions); everything else stays F32:
  int8   symmetric, one scale per output channel, value = int8 * scale: X as I8 and X.scale as F32
         (absmax: the scale reaches the largest weight; mse: of 64 smaller scales the one with the least squared error).
         Integers lie in ±--largest: 127 is the most exact, fewer steps make a file that hosts compress better (31: 5.1
         in place of 6.7 MB for a DenseNet-121)
  fp16   F16
TEMPLATE.json is the manifest without "files"; it is written as manifest.json with the SHA-256 and size of the weights.
index.json gains or updates the model's entry. The same input gives the same bytes. Needs numpy only.
"""
import argparse
import hashlib
import json
import pathlib
import struct
import sys

import numpy as np

STORED = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I8": np.dtype("i1")}
MSE_CANDIDATES = 64


def read_float32(path):
    file = path.read_bytes()
    begin = 8 + struct.unpack("<Q", file[:8])[0]
    header = json.loads(file[8:begin])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or name.endswith(".num_batches_tracked"):
            continue
        if entry["dtype"] != "F32":
            sys.exit(f"{path}: tensor {name} is {entry['dtype']}; expected F32. Pack from the trained weights.")
        first, last = entry["data_offsets"]
        tensors[name] = np.frombuffer(file[begin + first:begin + last], STORED["F32"]).reshape(entry["shape"])
        if not np.isfinite(tensors[name]).all():
            sys.exit(f"{path}: tensor {name} holds a value that is not finite.")
    return tensors


def write_safetensors(path, tensors):
    """Larger elements first, so that every tensor is aligned; then by name."""
    spelling = {dtype: name for name, dtype in STORED.items()}
    ordered = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    header, offset = {}, 0
    for name in ordered:
        tensor = tensors[name]
        header[name] = {"dtype": spelling[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + tensor.nbytes]}
        offset += tensor.nbytes
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    data = b"".join(tensors[name].tobytes() for name in ordered)
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def quantised(rows, scale, largest):
    return np.clip(np.rint(rows / scale[:, None]), -largest, largest)


def int8_scales(rows, clip, largest):
    """One float32 scale per row of `rows` [out, rest], for integers in ±largest."""
    extreme = np.abs(rows).max(axis=1)
    absmax = np.where(extreme > 0, extreme / largest, 1.0).astype(np.float32)
    if clip == "absmax":
        return absmax

    def error_of(scale):
        return ((quantised(rows, scale, largest) * scale[:, None] - rows) ** 2).sum(axis=1)

    best, least = absmax, error_of(absmax)
    for share in np.linspace(0.6, 1.0, MSE_CANDIDATES, endpoint=False):
        scale = (absmax * share).astype(np.float32)
        error = error_of(scale)
        best, least = np.where(error < least, scale, best), np.minimum(error, least)
    return best.astype(np.float32)


def stored(tensors, storage, clip, largest):
    packed = {}
    for name, tensor in tensors.items():
        if tensor.ndim < 2 or storage == "fp32":
            packed[name] = tensor
        elif storage == "fp16":
            packed[name] = tensor.astype(STORED["F16"])
        else:
            rows = tensor.reshape(tensor.shape[0], -1).astype(np.float64)
            scale = int8_scales(rows, clip, largest)
            packed[name] = quantised(rows, scale, largest).astype(STORED["I8"]).reshape(tensor.shape)
            packed[name + ".scale"] = scale
    return packed


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def write_manifest(template, folder, model_id, weights):
    manifest = json.loads(template.read_text(encoding="utf-8"))
    if manifest.get("id") != model_id:
        sys.exit(f"{template}: id is {manifest.get('id')!r}; expected {model_id!r}, the name of its folder.")
    raw = weights.read_bytes()
    manifest["files"] = {weights.name: {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}}
    write_json(folder / "manifest.json", manifest)
    return manifest["name"]


def update_index(path, entry, make_default):
    index = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"models": []}
    index["models"] = sorted([m for m in index["models"] if m["id"] != entry["id"]] + [entry], key=lambda m: m["id"])
    if make_default or "default" not in index:
        index["default"] = entry["id"]
    write_json(path, index)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--id", required=True)
    parser.add_argument("--storage", choices=["int8", "fp16", "fp32"], default="int8")
    parser.add_argument("--clip", choices=["mse", "absmax"], default="mse")
    parser.add_argument("--largest", type=int, default=127, choices=range(1, 128), metavar="1..127")
    parser.add_argument("--manifest", type=pathlib.Path)
    parser.add_argument("--models", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "models")
    parser.add_argument("--default", action="store_true", help="make it the model that the page loads")
    arguments = parser.parse_args()

    folder = arguments.models / arguments.id
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "weights.safetensors"
    write_safetensors(weights, stored(read_float32(arguments.weights), arguments.storage, arguments.clip, arguments.largest))
    print(f"{weights}: {weights.stat().st_size} bytes, {arguments.storage}")
    if arguments.manifest:
        name = write_manifest(arguments.manifest, folder, arguments.id, weights)
        entry = {"id": arguments.id, "name": name, "bytes": weights.stat().st_size}
        update_index(arguments.models / "index.json", entry, arguments.default)


if __name__ == "__main__":
    main()
