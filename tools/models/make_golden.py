#!/usr/bin/env python3
"""Writes models/<id>/golden.json and the synthetic films in it: what PyTorch makes of them with the model's own weights.

    python3 tools/models/make_golden.py --id ID [--models FOLDER]

The films are geometric phantoms, nobody's chest: two dark lungs in a grey body with ribs, heart and a bright disc off
centre, so that a map lying in the wrong place shows. One is square with 8 bits, one is wide with 16 bits and a range that
begins above 0, so that crop and intensity range are tested too. The same script gives the same pixels: no random numbers.

The tolerances are for runtimes that compute in 32-bit floats, and logits_fp16 for 16-bit floats.
"""
import argparse
import hashlib
import io
import json
import pathlib

import numpy as np
from PIL import Image

import network
import weights_file

TOLERANCE = {
    'logits': 1e-4,
    'maps': 1e-3,
    'logits_fp16': 5e-2,
    'reason': 'Same weights, same pixels; resampling and sums in another order. Measured with the CPU runtime: 3e-6 in the '
              'logits; the rest is room for other devices. Maps are not averaged over cells, so they differ more. fp16 has '
              '11 bits per value.',
}


def phantom(width, height):
    """Grey values 0..1. Coordinates u, v run over -1..1 of the middle square."""
    side = min(width, height)
    v, u = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = (2 * u + 1 - width) / side, (2 * v + 1 - height) / side

    def ellipse(x, y, a, b, softness=0.06):
        inside = 1 - np.hypot((u - x) / a, (v - y) / b)
        return 1 / (1 + np.exp(-inside / softness))

    body = ellipse(0, 0.25, 1.02, 1.35, 0.03)
    lungs = np.maximum(ellipse(-0.43, -0.02, 0.34, 0.66), ellipse(0.45, -0.02, 0.32, 0.64))
    heart = ellipse(0.12, 0.33, 0.36, 0.36)
    spine = ellipse(0, 0.1, 0.13, 1.4, 0.1)
    ribs = np.maximum(0, np.sin(14 * (v + 0.35 * u * u) + 0.6)) ** 4
    disc = ellipse(-0.48, 0.30, 0.13, 0.13, 0.04)
    x, y = np.meshgrid(np.arange(width, dtype=np.uint32), np.arange(height, dtype=np.uint32))
    mixed = x * np.uint32(374761393) + y * np.uint32(668265263)
    mixed = (mixed ^ mixed >> np.uint32(13)) * np.uint32(1274126177)
    grain = (mixed >> np.uint32(16)) / 65536 - 0.5
    grey = 0.06 + 0.62 * body - 0.44 * lungs * body + 0.08 * ribs * lungs + 0.34 * heart + 0.16 * spine + 0.26 * disc
    return np.clip(grey + 0.015 * grain, 0, 1)


def as_png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, 'PNG', optimize=True)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--id', required=True)
    parser.add_argument('--models', type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / 'models')
    arguments = parser.parse_args()
    folder = arguments.models / arguments.id
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    weights_path = folder / 'weights.safetensors'
    weights = weights_file.read_widened(weights_path)
    model = network.build(weights)

    examples = []
    films = {
        'phantom.png': np.rint(phantom(256, 256) * 255).astype(np.uint8),
        'phantom-wide-16bit.png': (2000 + np.rint(phantom(240, 180) * 40000)).astype(np.uint16),
    }
    for name, pixels in films.items():
        png = as_png(pixels)
        (folder / name).write_bytes(png)
        logits, features = network.run(model, network.network_input(pixels, manifest['input'])[None])
        maps = np.einsum('khw,ck->chw', features[0], network.head_weight(weights))
        examples.append({
            'film': name,
            'sha256': hashlib.sha256(png).hexdigest(),
            'width': pixels.shape[1],
            'height': pixels.shape[0],
            'synthetic': True,
            'logits': [round(float(value), 6) for value in logits[0]],
            'maps': {'shape': list(maps.shape), 'values': [round(float(value), 5) for value in maps.ravel()]},
        })
        print(f'{folder / name}: {len(png)} bytes, logits {logits.min():.3f} to {logits.max():.3f}')
    golden = {
        'about': 'Logits and evidence maps of synthetic films by PyTorch, from the stored weights. '
                 'Made by tools/models/make_golden.py.',
        'weights_sha256': hashlib.sha256(weights_path.read_bytes()).hexdigest(),
        'labels': [label['id'] for label in manifest['labels']],
        'tolerance': TOLERANCE,
        'examples': examples,
    }
    (folder / 'golden.json').write_text(json.dumps(golden, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
