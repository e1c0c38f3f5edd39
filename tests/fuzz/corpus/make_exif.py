#!/usr/bin/python3
"""Makes tests/fuzz/corpus/exif: small TIFF structures in both byte orders, with the tag first, later and absent."""
import struct
from pathlib import Path

OUT = Path(__file__).parent / "exif"
OUT.mkdir(exist_ok=True)
for order, mark in [("<", b"II"), (">", b"MM")]:
    head = mark + struct.pack(order + "HI", 42, 8)
    make = struct.pack(order + "HHI4s", 0x010F, 2, 4, b"abc\0")
    tag = struct.pack(order + "HHIHH", 0x0112, 3, 1, 6, 0)
    for name, entries in [("first", [tag, make]), ("later", [make, make, tag]), ("absent", [make]), ("empty", [])]:
        (OUT / f"{mark.decode()}_{name}.tiff").write_bytes(
            head + struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4))
