#!/usr/bin/env python3
"""Writes tests/golden/films/<id>.json: the logits that PyTorch gives for real films with the model's stored weights.

    python3 tests/golden/films/make_films.py FOLDER --id ID

FOLDER holds the original PNGs (film packs: films/*.png, 8-bit grey). Only names, SHA-256 sums and numbers are written, no
pixel. The tests that use them skip by name where the films are not at hand; run this again when the weights change.
"""
import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / 'tools/models'))
import network  # noqa: E402
import weights_file  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--id', required=True)
    arguments = parser.parse_args()
    model = ROOT / 'models' / arguments.id
    manifest = json.loads((model / 'manifest.json').read_text(encoding='utf-8'))
    weights = model / 'weights.safetensors'
    densenet = network.build(weights_file.read_widened(weights))
    examples = []
    for path in sorted(arguments.folder.glob('*.png')):
        pixels = np.asarray(Image.open(path).convert('L'))
        logits, _ = network.run(densenet, network.network_input(pixels, manifest['input'])[None])
        examples.append({
            'film': path.name,
            'sha256': hashlib.sha256(path.read_bytes()).hexdigest(),
            'logits': [round(float(value), 6) for value in logits[0]],
        })
    if not examples:
        raise SystemExit(f'no PNG in {arguments.folder}')
    golden = {
        'about': 'Logits of real films by PyTorch, from the stored weights. Made by tests/golden/films/make_films.py.',
        'weights_sha256': hashlib.sha256(weights.read_bytes()).hexdigest(),
        'labels': [label['id'] for label in manifest['labels']],
        'tolerance': {
            'logits': 1e-3,
            'reason': 'Same weights, same pixels; 1024 px are resampled to 128 in another order of sums, and Pillow rounds '
                      'its filter differently by 1e-5 of the range. Ten times the 1e-4 of the synthetic films.',
        },
        'examples': examples,
    }
    out = pathlib.Path(__file__).with_name(f'{arguments.id}.json')
    out.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
    print(f'{out}: {len(examples)} films')


if __name__ == '__main__':
    main()
