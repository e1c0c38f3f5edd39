#!/usr/bin/python3
"""Makes models/anatomy/ of a trained anatomy network: weights (fp16 matrices), manifest, and the card once it was measured.

Usage: anatomy_export.py --run FOLDER [--measures measures.json] [--models FOLDER]
The weights are written first, without a card, so that anatomy_measure.py can measure them as they are stored; then the same
command with --measures writes card.md. The model is not in models/index.json, which lists what a reader chooses from.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch

import anatomy_card
import anatomy_masks
import anatomy_network
import films as films_module
import network as network_module

TOOLS = Path(__file__).resolve().parents[1]
sys.path.append(str(TOOLS / 'models'))
import pack
import weights_file

MOST_BYTES = 500_000
THRESHOLDS = {'chest': 0.9, 'turned': 0.7, 'mirrored': 0.9, 'inverted': 0.5}
LIMITS = [
    'Learnt from the masks of another network, which itself learnt from 247 and 138 films: agreement with it is no accuracy.',
    'The mask of a lung leaves out what lies behind the heart and under the dome of the diaphragm, as its teacher does.',
    'Adults for the most part, front views only; lateral films were not trained on.',
    'A lung that is white all over is not outlined: the film then counts as one without two lungs.',
    'Left and right are those of the picture: only a side marker or the file tells whose they are.',
]


def manifest(weights, trained):
    raw = weights.read_bytes()
    return {
        'schema_version': 1, 'id': 'anatomy', 'name': 'Lungs and heart', 'version': '1', 'licence': 'MIT',
        'sources': [
            'NIH ChestX-ray14, Wang et al., CVPR 2017: https://nihcc.app.box.com/v/ChestXray-NIHCC. The data set was provided by the NIH Clinical Center.',
            'Masks to learn from: auriml/lung-segmentation-2d, commit 2ff62c9, a fork of imlab-uiip/lung-segmentation-2d (MIT); nothing of it is shipped.',
        ],
        'files': {weights.name: {'sha256': hashlib.sha256(raw).hexdigest(), 'bytes': len(raw)}},
        'architecture': {'family': 'anatomy'},
        'input': {
            'width': anatomy_network.SIDE, 'height': anatomy_network.SIDE, 'channels': 1, 'fit': 'letterbox', 'filter': 'area',
            'mean': [network_module.MEAN], 'std': [network_module.STD],
        },
        'masks': anatomy_masks.MASKS, 'answers': anatomy_network.ANSWERS, 'thresholds': THRESHOLDS,
        'training': {'steps': int(trained['step']), 'films': int(trained['films']), 'kept_out_fold': int(trained['kept_out'])},
        'limits': LIMITS, 'notice': 'For research and teaching. Not a medical device.',
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--run', required=True)
    options.add_argument('--measures')
    options.add_argument('--models', type=Path, default=TOOLS.parent / 'models')
    chosen = options.parse_args()
    trained = torch.load(films_module.present(Path(chosen.run) / 'final.pt'))
    folder = chosen.models / 'anatomy'
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / 'weights.safetensors'
    weights_file.write(weights, pack.stored(network_module.arrays_of(trained['weights']), 'fp16'))
    size = weights.stat().st_size
    if size > MOST_BYTES:
        raise films_module.DataError(f'{weights} has {size} bytes, expected at most {MOST_BYTES}: make the network narrower')
    made = manifest(weights, trained)
    pack.write_json(folder / 'manifest.json', made)
    print(f'{weights}: {size} bytes, after {trained["step"]} steps')
    if chosen.measures:
        measures = json.loads(Path(films_module.present(chosen.measures)).read_text())
        if measures['weights'] != made['files'][weights.name]['sha256']:
            raise films_module.DataError(f'{chosen.measures} is of other weights: measure these again')
        (folder / 'card.md').write_text(anatomy_card.text(made, measures, size))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'anatomy_export: {error}')
