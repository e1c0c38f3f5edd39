#!/usr/bin/python3
"""Makes resample.json: Pillow's Image.resize on mode "F" for small synthetic sources, which the test makes again.

    /usr/bin/python3 tests/golden/resample/make_resample.py

The Gaussian is not in Pillow: it is computed here in float64 from the definition in src/imaging/resample.h, by a
function that is first checked against Pillow's own Lanczos, triangle and box.
"""
import json
import math
from pathlib import Path

import numpy as np
from PIL import Image

PILLOW = {"lanczos3": Image.LANCZOS, "triangle": Image.BILINEAR, "area": Image.BOX}
SUPPORT = {"lanczos3": 3, "triangle": 1, "area": 0.5, "gaussian": 2}


def source(width, height):
    """16-bit values of no smoothness at all; the test computes the same."""
    x, y = np.meshgrid(np.arange(width, dtype=np.uint64), np.arange(height, dtype=np.uint64))
    return ((x * 7919 + y * 104729 + x * y * 31) % 65521).astype(np.float32)


def weight(name, x):
    if name == "lanczos3":
        return np.sinc(x) * np.sinc(x / 3) if -3 <= x < 3 else 0.0
    if name == "triangle":
        return max(0.0, 1 - abs(x))
    if name == "area":
        return 1.0 if -0.5 < x <= 0.5 else 0.0
    return math.exp(-2 * x * x)


def matrix(name, begin, end, size, count):
    scale = (end - begin) / count
    stretch = max(scale, 1.0)
    support = SUPPORT[name] * stretch
    rows = np.zeros((count, size))
    for i in range(count):
        centre = begin + (i + 0.5) * scale
        first, last = max(0, int(centre - support + 0.5)), min(size, int(centre + support + 0.5))
        for s in range(first, last):
            rows[i, s] = weight(name, (s - centre + 0.5) / stretch)
        rows[i] /= rows[i].sum()
    return rows


def by_definition(pixels, box, width, height, name):
    return (matrix(name, box[1], box[3], pixels.shape[0], height) @ pixels.astype(np.float64)
            @ matrix(name, box[0], box[2], pixels.shape[1], width).T)


def by_pillow(pixels, box, width, height, name):
    return np.asarray(Image.fromarray(pixels, "F").resize((width, height), PILLOW[name], box=box))


CASES = [  # source width, height, box or None, target width, height, crop instead of box
    (37, 29, None, 8, 8, False),
    (37, 29, None, 5, 11, False),
    (16, 16, None, 16, 16, False),
    (9, 7, None, 14, 12, False),
    (40, 6, None, 7, 9, False),
    (37, 29, (3.25, 4.5, 30.75, 26.0), 8, 7, False),
    (37, 29, (10, 2, 31, 23), 7, 7, False),
    (37, 29, (10, 2, 31, 23), 7, 7, True),
    (200, 150, None, 6, 4, False),
    (1, 50, None, 3, 5, False),
    (1, 1, None, 4, 2, False),
]

cases = []
for width, height, box, w, h, crop in CASES:
    pixels = source(width, height)
    for name in ["lanczos3", "triangle", "area", "gaussian"]:
        part, edges = pixels, box or (0, 0, width, height)
        if crop:
            left, top, right, bottom = box
            part, edges = pixels[top:bottom, left:right].copy(), (0, 0, right - left, bottom - top)
        values = by_definition(part, edges, w, h, name)
        if name in PILLOW:
            pillow = by_pillow(part, edges, w, h, name)
            assert np.abs(values - pillow).max() < 65521 * 2e-7 * 10, (name, np.abs(values - pillow).max())
            values = pillow
        cases.append({"width": width, "height": height, "box": list(box or (0, 0, width, height)), "crop": crop,
                      "target_width": w, "target_height": h, "filter": name,
                      "values": [round(float(v), 3) for v in values.ravel()]})

text = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
(Path(__file__).parent / "resample.json").write_text('{"cases":[\n' + text + "\n]}\n")
print(len(cases), "cases")
