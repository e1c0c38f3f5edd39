#!/usr/bin/env python3
"""Packs a trained network for the page: models/<id>/weights.safetensors, and manifest.json and index.json that name it.

    python3 tools/models/pack.py TRAINED.safetensors --id ID [--storage int8|fp16|fp32] [--clip mse|absmax]
                                 [--step 0.3] [--manifest TEMPLATE.json] [--models FOLDER] [--default]

TRAINED.safetensors holds F32 tensors in torchvision's names, batch norm not folded. Storage of convolution and classifier
weights (tensors of two or more dimensions); everything else stays F32:
  int8   symmetric, one scale per output channel, value = int8 * scale: X as I8 and X.scale as F32
         (absmax: the scale reaches the largest weight; mse: of 64 smaller scales the one with the least squared error).
         With --step S the scale is S root mean squares of the channel instead (more only where its largest weight
         would pass 127), and what is not a matrix becomes F16: the integers are small and much alike, so that hosts
         compress them well. It is coarser; tools/training/rounding.py makes up for most of that.
  fp16   F16
TEMPLATE.json is the manifest without "files"; it is written as manifest.json with the SHA-256 and size of the weights.
index.json gains or updates the model's entry. The same input gives the same bytes. Needs numpy only.
"""
import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np

import weights_file

LARGEST = 127
MSE_CANDIDATES = 64


def read_float32(path):
    tensors = weights_file.read(path)
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32:
            sys.exit(f"{path}: tensor {name} is {tensor.dtype}; expected float32. Pack from the trained weights.")
        if not np.isfinite(tensor).all():
            sys.exit(f"{path}: tensor {name} holds a value that is not finite.")
    return tensors


def quantised(rows, scale):
    return np.clip(np.rint(rows / scale[:, None]), -LARGEST, LARGEST)


def int8_scales(rows, clip, step=None):
    """One float32 scale per row of `rows` [out, rest]."""
    extreme = np.abs(rows).max(axis=1)
    absmax = np.where(extreme > 0, extreme / LARGEST, 1.0).astype(np.float32)
    if step:
        return np.maximum(absmax, (step * np.sqrt((rows**2).mean(axis=1))).astype(np.float32))
    if clip == "absmax":
        return absmax

    def error_of(scale):
        return ((quantised(rows, scale) * scale[:, None] - rows) ** 2).sum(axis=1)

    best, least = absmax, error_of(absmax)
    for share in np.linspace(0.6, 1.0, MSE_CANDIDATES, endpoint=False):
        scale = (absmax * share).astype(np.float32)
        error = error_of(scale)
        best, least = np.where(error < least, scale, best), np.minimum(error, least)
    return best.astype(np.float32)


def stored(tensors, storage, clip="mse", step=None):
    """{name: array} as the file holds them, of {name: float32 array}."""
    packed = {}
    for name, tensor in tensors.items():
        if storage == "fp32":
            packed[name] = tensor
        elif tensor.ndim < 2:
            packed[name] = tensor.astype(np.float16) if step and storage == "int8" else tensor
        elif storage == "fp16":
            packed[name] = tensor.astype(np.float16)
        else:
            rows = tensor.reshape(tensor.shape[0], -1).astype(np.float64)
            scale = int8_scales(rows, clip, step)
            packed[name] = quantised(rows, scale).astype(np.int8).reshape(tensor.shape)
            packed[name + weights_file.SCALE] = scale
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
    parser.add_argument("--step", type=float, help="of int8, in root mean squares of a channel")
    parser.add_argument("--manifest", type=pathlib.Path)
    parser.add_argument("--models", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "models")
    parser.add_argument("--default", action="store_true", help="make it the model that the page loads")
    arguments = parser.parse_args()

    folder = arguments.models / arguments.id
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "weights.safetensors"
    tensors = read_float32(arguments.weights)
    weights_file.write(weights, stored(tensors, arguments.storage, arguments.clip, arguments.step))
    print(f"{weights}: {weights.stat().st_size} bytes, {arguments.storage}")
    if arguments.manifest:
        name = write_manifest(arguments.manifest, folder, arguments.id, weights)
        entry = {"id": arguments.id, "name": name, "bytes": weights.stat().st_size}
        update_index(arguments.models / "index.json", entry, arguments.default)


if __name__ == "__main__":
    main()
