#!/usr/bin/env python3
"""Writes the seeds of checkpoint_fuzz into corpus/checkpoint/: the smallest pickles that reach each way in which a checkpoint is
refused or read strangely, as ZIP archives as torch.save makes them, and first bytes of other formats.

    tests/fuzz/corpus/make_checkpoint.py
"""
import pathlib
import struct
import zipfile

FOLDER = pathlib.Path(__file__).parent / "checkpoint"

STORAGE = b"(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x04tQ"


def tensor(storage=STORAGE, offset=b"K\x00", shape=b"K\x04\x85", strides=b"K\x01\x85"):
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + offset + shape + strides + b"\x89NtR"


def named(value):
    return b"\x80\x02}U\x01a" + value + b"s."


PICKLES = {
    "tensor": named(tensor()),
    "views": named(tensor(shape=b"K\x02K\x02\x86", strides=b"K\x01K\x02\x86")),
    "stride_0": named(tensor(shape=b"J\xff\xff\xff\x7f\x85", strides=b"K\x00\x85")),
    "negative_offset": named(tensor(offset=b"J\xff\xff\xff\xff")),
    "huge_stride": named(tensor(shape=b"K\x02K\x01\x86", strides=b"K\x01\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x86")),
    "huge_extents": named(tensor(shape=b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x87", strides=b"K\x00K\x00K\x00\x87")),
    "storage_of_10_gb": named(tensor(storage=STORAGE.replace(b"K\x04tQ", b"\x8a\x08\x00\x00\x00\x00\x01\x00\x00\x00tQ"))),
    "dict_in_itself": b"\x80\x02}q\x00U\x05modelh\x00s.",
    "module_in_itself": b"\x80\x02cnet\nNet\n)\x81q\x00}(U\x08_modules}U\x01ah\x00sU\x0b_parameters}ub.",
    "system": b"\x80\x02cposix\nsystem\nU\x02ls\x85R.",
    "number": b"\x80\x02K\x01.",
    "no_network": b"\x80\x02}U\x05epochK\x03s.",
}

FIRST_BYTES = {
    "page.html": b"<!DOCTYPE html><html>",
    "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n",
    "hdf5": b"\x89HDF\r\n\x1a\n\0\0",
    "gguf": b"GGUF\x03\0\0\0",
    "legacy_begin": bytes.fromhex("80028a0a6cfc9c46f9206aa850192e80024de9032e"),
}


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, pickle in PICKLES.items():
        with zipfile.ZipFile(FOLDER / f"{name}.pt", "w") as archive:
            for member, content in (("data.pkl", pickle), ("data/0", struct.pack("<4f", 1, 2, 3, 4))):
                archive.writestr(zipfile.ZipInfo(f"n/{member}"), content)
    with zipfile.ZipFile(FOLDER / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("n/data.pkl"), bytes(100_000), zipfile.ZIP_DEFLATED)
    for name, content in FIRST_BYTES.items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
