#!/usr/bin/python3
"""Makes preprocess.json: the network input as Pillow and NumPy make it, for small synthetic films.

    /usr/bin/python3 tests/golden/preprocess/make_preprocess.py

Films come from a formula that the test computes again. Values: resize in mode "F" of the cropped film, then the value
rule of the manifest, clamped to 0..1, then (v - mean) / std_dev.
"""
import json
from pathlib import Path

import numpy as np
from PIL import Image

FILTERS = {"lanczos3": Image.LANCZOS, "triangle": Image.BILINEAR, "area": Image.BOX}


def film(width, height, bits):
    x, y = np.meshgrid(np.arange(width, dtype=np.uint64), np.arange(height, dtype=np.uint64))
    smooth = x * 3 + y * 5 + (x // 8 + y // 8) % 2 * 60
    return (smooth % 256 if bits == 8 else 1000 + smooth * 37 % 30000).astype(np.float32)


def prepared(pixels, bits, fit, width, height, name, mean, std_dev, detail):
    w, h = pixels.shape[1], pixels.shape[0]
    low, high = pixels.min(), pixels.max()
    placed = (0, 0, width, height)
    if fit == "centre-square-crop":
        side = min(w, h)
        x, y = w // 2 - side // 2, h // 2 - side // 2
        pixels = pixels[y:y + side, x:x + side].copy()
    if fit == "letterbox":
        scale = min(width / w, height / h)
        pw, ph = max(1, round(w * scale)), max(1, round(h * scale))
        placed = ((width - pw) // 2, (height - ph) // 2, pw, ph)
    coarse = [max(1, round(side * (detail or width) / width)) for side in placed[2:]]
    small = np.asarray(Image.fromarray(pixels, "F").resize(coarse, FILTERS[name])).astype(np.float64)
    small = np.clip(small / 255 if bits == 8 else (small - low) / (high - low), 0, 1)
    if detail:
        small = np.asarray(Image.fromarray(small.astype(np.float32), "F").resize(placed[2:], Image.BILINEAR))
    values = np.zeros((height, width))
    values[placed[1]:placed[1] + placed[3], placed[0]:placed[0] + placed[2]] = small
    return np.stack([(values - m) / s for m, s in zip(mean, std_dev)])


CASES = [  # film width, height, bits, fit, input width, height, filter, mean, std_dev, detail
    (64, 64, 8, "centre-square-crop", 16, 16, "lanczos3", [0.5], [0.25], 0),
    (71, 50, 8, "centre-square-crop", 12, 12, "lanczos3", [0.5], [0.25], 0),
    (51, 70, 16, "centre-square-crop", 12, 12, "area", [0.5], [0.25], 0),
    (71, 50, 16, "letterbox", 15, 15, "lanczos3", [0.0], [1.0], 0),
    (33, 90, 8, "letterbox", 14, 10, "triangle", [0.3], [0.2], 0),
    (45, 37, 16, "stretch", 9, 13, "area", [0.5], [0.25], 0),
    (40, 44, 8, "stretch", 8, 8, "lanczos3", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0),
    (5, 4, 8, "centre-square-crop", 9, 9, "triangle", [0.5], [0.25], 0),
    (64, 71, 8, "centre-square-crop", 15, 15, "lanczos3", [0.5], [0.25], 10),
    (71, 50, 16, "letterbox", 18, 18, "lanczos3", [0.0], [1.0], 12),
]

cases = []
for width, height, bits, fit, w, h, name, mean, std_dev, detail in CASES:
    values = prepared(film(width, height, bits), bits, fit, w, h, name, mean, std_dev, detail)
    cases.append({"width": width, "height": height, "bits": bits, "fit": fit, "input_width": w, "input_height": h,
                  "filter": name, "mean": mean, "std_dev": std_dev, "detail": detail,
                  "tensor": [round(float(v), 6) for v in values.ravel()]})
text = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
(Path(__file__).parent / "preprocess.json").write_text('{"cases":[\n' + text + "\n]}\n")
print(len(cases), "cases")
