#!/usr/bin/env python3
"""Thresholds for a network that has no film left to choose them on: by the share of films that they flag.

    python3 tools/models/flagged_share.py TRAINED.safetensors --films FOLDER --out calibration.json [--times 3 2 1]

FOLDER holds nih-128.tar and nih-labels.csv; every film must be one the network was trained on. On such films a network is
surer than it will ever be again, so sensitivity, specificity and Platt's calibration measured there would be flattering
numbers. What changes least from trained to unseen films is how high the scores of all films together lie. So a threshold
is set where the share of flagged films is a stated multiple of the finding's prevalence (at most half of all films), and
the scores stay uncalibrated. No claim about sensitivity follows. Choose thresholds on films of other patients
(tools/training/calibrate.py) as soon as there are any.
"""
import argparse
import csv
import io
import json
import pathlib
import tarfile

import numpy as np
from PIL import Image

import network
import weights_file

LABELS = ['Atelectasis', 'Cardiomegaly', 'Effusion', 'Infiltration', 'Mass', 'Nodule', 'Pneumonia', 'Pneumothorax',
          'Consolidation', 'Edema', 'Emphysema', 'Fibrosis', 'Pleural_Thickening', 'Hernia']
INPUT = {'width': 128, 'height': 128, 'fit': 'centre-square-crop', 'filter': 'lanczos3', 'mean': [0.5], 'std': [0.25]}
LARGEST_SHARE = 0.5
BATCH = 64


def films_and_labels(folder):
    rows = {row['image']: row for row in csv.DictReader(open(folder / 'nih-labels.csv'))}
    with tarfile.open(folder / 'nih-128.tar') as pack:
        for member in pack:
            film = np.asarray(Image.open(io.BytesIO(pack.extractfile(member).read())).convert('L'))
            row = rows[pathlib.Path(member.name).with_suffix('.png').name]
            yield film, [int(row[label]) for label in LABELS]


def scores_of(model, films):
    logits = []
    for first in range(0, len(films), BATCH):
        inputs = np.stack([network.network_input(film, INPUT) for film in films[first:first + BATCH]])
        logits.append(network.run(model, inputs)[0])
    return 1 / (1 + np.exp(-np.concatenate(logits).astype(np.float64)))


def thresholds(scores, prevalence, times):
    return [float(np.quantile(scores, 1 - min(LARGEST_SHARE, multiple * prevalence))) for multiple in times]


def provenance(films, times):
    multiples = ', '.join(f'{multiple:g}' for multiple in times)
    return (f'Provisional: set on the {films} films of ChestX-ray14 that the network was trained on, by the share of them '
            f'that is flagged: {multiples} times the share that carries the label, for the operating points in this '
            'order, at most half. Not tested on unseen patients.')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('weights', type=pathlib.Path)
    parser.add_argument('--films', type=pathlib.Path, required=True)
    parser.add_argument('--out', type=pathlib.Path, required=True)
    parser.add_argument('--times', type=float, nargs='+', default=[3, 2, 1], help='multiples of the prevalence, one per operating point')
    arguments = parser.parse_args()

    films, labels = zip(*films_and_labels(arguments.films))
    labels = np.array(labels)
    scores = scores_of(network.build(weights_file.read_widened(arguments.weights)), films)
    findings = {}
    for index, label in enumerate(LABELS):
        prevalence = labels[:, index].mean()
        findings[label] = {'positives': int(labels[:, index].sum()),
                           'thresholds': thresholds(scores[:, index], prevalence, arguments.times)}
        flagged = [(scores[:, index] > threshold).mean() for threshold in findings[label]['thresholds']]
        print(f'{label:20} prevalence {prevalence:.4f}  thresholds', *(f'{t:.4f}' for t in findings[label]['thresholds']),
              ' flagged', *(f'{share:.4f}' for share in flagged))
    result = {
        'data': provenance(len(films), arguments.times),
        'findings': findings,
    }
    arguments.out.write_text(json.dumps(result, indent=1) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
