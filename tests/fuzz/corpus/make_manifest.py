#!/usr/bin/env python3
"""Writes manifest/evaluated.json: a manifest whose label and score for any finding bring the evidence behind them.

Usage: python3 make_manifest.py     (needs nothing; the same file in every run)
"""
import json
from pathlib import Path


def knots(low, high):
    return [round(low + (high - low) * (i + 0.5) / 64, 3) for i in range(64)]


evaluation = {
    'positives': 60,
    'negatives': 240,
    'auroc': 0.9167,
    'auroc_interval': [0.88, 0.95],
    'with': knots(1, 2),
    'without': knots(0, 1.5),
}
platt = {'kind': 'platt', 'scale': 1.5, 'offset': -0.5}
manifest = {
    'evaluation': {
        'kind': 'held-out',
        'data': 'made up',
        'films': 300,
        'patients': 250,
        'mean_auroc': 0.9,
        'mean_auroc_interval': [0.85, 0.94],
    },
    'labels': [
        {'evaluation': evaluation, 'id': 'A', 'name': 'A', 'explanation': 'A.', 'calibration': platt, 'cutoff': 0.5},
        {'trained': False, 'id': 'B', 'name': 'B', 'explanation': 'B.', 'calibration': platt, 'cutoff': 0.5},
    ],
    'feature_heads': {
        'any_finding': {
            'evaluation': evaluation,
            'thresholds': [0.3],
            'weights': [1, 2],
            'bias': 0,
            'measured': 'made up',
            'calibration': platt,
        }
    },
    'schema_version': 1,
    'id': 'evaluated',
    'name': 'Evaluated',
    'version': '1',
    'licence': 'Apache-2.0',
    'sources': ['made up'],
    'files': {'weights.safetensors': {'sha256': '0' * 64, 'bytes': 3}},
    'architecture': {'family': 'densenet'},
    'input': {
        'width': 64,
        'height': 64,
        'channels': 1,
        'fit': 'letterbox',
        'filter': 'area',
        'mean': [0.5],
        'std': [0.25],
    },
    'operating_points': [
        {'id': 'one', 'name': 'One', 'explanation': 'One.', 'data': 'made up', 'thresholds': [0.1, 0.2]}
    ],
    'default_operating_point': 'one',
    'limits': [],
    'notice': 'For tests.',
}
folder = Path(__file__).parent / 'manifest'
folder.mkdir(exist_ok=True)
(folder / 'evaluated.json').write_text(json.dumps(manifest), encoding='utf-8')
