#!/usr/bin/python3
"""Makes the corpus of stored_image: the arguments of open-dicom (src/engine/dicom_json.h), a line feed, the values.

    /usr/bin/python3 tests/fuzz/corpus/make_stored_image.py
"""
import json
import struct
from pathlib import Path

OUT = Path(__file__).parent / "stored_image"
OUT.mkdir(exist_ok=True)

FACTS = dict(transfer_syntax="", modality="DX", body_part="CHEST", view_position="PA", view="", other_part=False, laterality="", orientation="L\\F",
             photometric="MONOCHROME2", presentation_intent="", dual_energy=False, burned_in=False,
             lossy_ratio=0, frames=1, frame=1, frame_chosen=False, spacing=None, aspect=1)
IMAGE = dict(width=3, height=2, channels=1, bits=12, signed=False, lossy=False, presentation_inverse=False, notes=[],
             rescale=dict(slope=1, intercept=0, type=""), voi_function="LINEAR", windows=[], modality_lut=None, voi_luts=[],
             palette=None, padding=None, shutter=None, type="int32")


def write(name, values, facts=(), **image):
    arguments = dict(IMAGE, **image, facts=dict(FACTS, **dict(facts)))
    head = json.dumps(arguments, separators=(",", ":")).encode() + b"\n"
    codes = dict(uint8="B", int8="b", uint16="H", int16="h", int32="i")
    (OUT / name).write_bytes(head + struct.pack(f"<{len(values)}{codes[arguments['type']]}", *values))


grey = [0, 5, 900, 2000, 4000, 4095]
window = dict(centre=1000, width=500, name="A")
table = dict(first=10, bits=8, values=[0, 40, 200, 255, 30], name="T")
write("plain", grey)
write("windows", grey, windows=[window, dict(window, width=1)], rescale=dict(slope=-0.5, intercept=7, type="HU"))
write("sigmoid", grey, windows=[window], voi_function="SIGMOID", facts=dict(photometric="MONOCHROME1"))
write("tables", grey, voi_luts=[table, dict(table, first=0)], modality_lut=dict(table, bits=12), padding=dict(low=0, high=5))
write("narrow", grey, type="uint16", voi_luts=[dict(table, bits=12, values=[4095, 200, 0])], facts=dict(aspect=2.5))
write("signed", [-5, 0, 9, -128, 127, 3], type="int8", signed=True, bits=8, facts=dict(aspect=0.4))
write("shutter", grey, shutter=dict(rectangle=dict(left=0, right=4, top=0, bottom=2), circle=dict(row=1, column=2, radius=1),
                                    polygon=[1, 1, 3, 1, 3, 2]))
write("wide", [-2**31, -1, 0, 1, 7, 2**31 - 1], bits=32, signed=True, windows=[window])
write("colour", list(range(18)), channels=3, bits=8, facts=dict(photometric="RGB"))
red, half = dict(table, first=0, values=[0, 65535, 9]), dict(table, first=0, values=[0, 32768])
write("palette", [0, 1, 2, 3, -1, 7], bits=8, palette=[red, half, half], facts=dict(photometric="PALETTE COLOR"))
