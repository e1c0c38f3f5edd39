#!/usr/bin/python3
"""Looks through films, labels and folds before anything is trained, and writes what a person wants to know.

Usage: dataset.py --films FOLDER --folds folds.json --out dataset.json [--alike 0.985]
Checks: films without rows and rows without films (an error); patients in two folds (an error); near-duplicate films,
above all across folds; label counts and co-occurrence; sources and resolutions per finding; how far
source resolution alone predicts each finding (the shortcut), and how far it can be told from the 128-px
film's fine texture.
"""
import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import films as films_module
import folds

HASH_SIDE = 32


def signatures(pixels):
    """Unit vectors [n, 2048]: the film shrunk to 32 x 32 and its edges, both without mean; the dot product of
    two is their likeness."""
    small = np.stack(
        [np.asarray(Image.fromarray(p).resize((HASH_SIDE, HASH_SIDE), Image.BOX), np.float32) for p in pixels]
    )
    edges = small - np.stack(
        [
            np.asarray(
                Image.fromarray(p).resize((8, 8), Image.BOX).resize((HASH_SIDE, HASH_SIDE)), np.float32
            )
            for p in pixels
        ]
    )
    parts = []
    for block in (small, edges):
        flat = block.reshape(len(block), -1)
        flat = flat - flat.mean(1, keepdims=True)
        parts.append(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6))
    return np.concatenate(parts, 1) / np.sqrt(2)


def near_duplicates(pixels, alike, progress=True):
    """[(i, j, likeness)] of film pairs at least that alike, i < j. Likeness 1 is the same film up to
    contrast."""
    unit = signatures(pixels)
    pairs, block = [], 512
    for start in range(0, len(unit), block):
        likeness = unit[start : start + block] @ unit.T
        for i, j in zip(*np.where(likeness >= alike)):
            if start + i < j:
                pairs.append((int(start + i), int(j), round(float(likeness[i, j]), 4)))
        if progress and sys.stdout.isatty():
            print(f'\rcomparing {min(start + block, len(unit))}/{len(unit)}', end='', flush=True)
    return pairs


def texture(pixels):
    """[n, 16] log power per frequency band: what a source's resizing and compression leave behind."""
    height = pixels.shape[1]
    fy, fx = np.meshgrid(np.fft.fftfreq(height), np.fft.rfftfreq(height), indexing='ij')
    band = np.minimum((np.hypot(fx, fy) * 32).astype(int), 15).ravel()
    window = np.outer(np.hanning(height), np.hanning(height))
    result = np.empty((len(pixels), 16), np.float32)
    for i, film in enumerate(pixels):
        power = np.abs(np.fft.rfft2((film - film.mean()) * window)).ravel() ** 2
        result[i] = np.log(np.bincount(band, power, 16) / np.bincount(band, minlength=16) + 1e-3)
    return result


def shortcut_probes(films, fold):
    """AUROC per finding on the films of fold 1, fitted on the others, of (a) source resolution alone, (b) fine texture alone;
    and of resolution from texture."""
    kinds = sorted(set(films.column('resolution')), key=int)
    resolution = np.array([[r == kind for kind in kinds] for r in films.column('resolution')], float)
    bands = texture(films.pixels)
    bands = (bands - bands.mean(0)) / bands.std(0)
    train, test = fold != 1, fold == 1
    probes = {'resolution': resolution, 'texture': bands}
    result = {'resolutions': kinds, 'findings': {}}
    for c, label in enumerate(films_module.LABELS):
        y = films.labels[:, c]
        row = {}
        for name, x in probes.items():
            if 0 < y[test].sum() < test.sum() and y[train].sum():
                model = LogisticRegression(max_iter=500).fit(x[train], y[train])
                row[name] = round(float(roc_auc_score(y[test], model.decision_function(x[test]))), 3)
        result['findings'][label] = row
    low = films.column('resolution') == '128'
    model = LogisticRegression(max_iter=500).fit(bands[train], low[train])
    result['source_128_from_texture'] = round(
        float(roc_auc_score(low[test], model.decision_function(bands[test]))), 3
    )
    return result


def report(films, fold, alike):
    patients = films.column('patient')
    pairs = near_duplicates(films.pixels, alike)
    same = [p for p in pairs if patients[p[0]] == patients[p[1]]]
    across = [p for p in pairs if fold[p[0]] != fold[p[1]]]
    together = (films.labels.T @ films.labels).astype(int)
    counts = {
        f'fold {k}': {
            'films': int((fold == k).sum()),
            'patients': len(set(patients[fold == k])),
            'no_finding': int((films.labels[fold == k].sum(1) == 0).sum()),
            'findings': dict(zip(films_module.LABELS, films.labels[fold == k].sum(0).astype(int).tolist())),
        }
        for k in sorted(set(fold.tolist()))
    }
    normal = (
        films.column('rsna_class') == 'Normal'
        if 'rsna_class' in films.rows[0]
        else np.zeros(len(films), bool)
    )
    return {
        'folds': counts,
        'near_duplicates': {
            'likeness_at_least': alike,
            'pairs': len(pairs),
            'same_patient': len(same),
            'across_folds': [[films.names[i], films.names[j], a] for i, j, a in across],
        },
        'co_occurrence': {'order': films_module.LABELS, 'films': together.tolist()},
        'sources_per_finding': {
            label: dict(Counter(films.column('source')[films.labels[:, c] == 1]))
            for c, label in enumerate(films_module.LABELS)
        },
        'resolutions_per_finding': {
            label: dict(Counter(films.column('resolution')[films.labels[:, c] == 1]))
            for c, label in enumerate(films_module.LABELS)
        },
        'resolutions_of_no_finding': dict(Counter(films.column('resolution')[films.labels.sum(1) == 0])),
        'views': dict(Counter(films.column('view'))),
        'sexes': dict(Counter(films.column('sex'))),
        'readers_normal_but_labelled': int((normal & (films.labels.sum(1) > 0)).sum()),
        'shortcut': shortcut_probes(films, fold),
    }


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    options.add_argument('--folds', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--cache', help='the .npz beside the runs')
    options.add_argument('--alike', type=float, default=0.985)
    chosen = options.parse_args()
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    result = report(films, folds.numbers(films, chosen.folds), chosen.alike)
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    for name, part in result['folds'].items():
        print(
            f'{name}: {part["films"]} films, {part["patients"]} patients, {part["no_finding"]} without'
            ' finding'
        )
    alike = result['near_duplicates']
    print(
        f'{alike["pairs"]} near-duplicate pairs, {alike["same_patient"]} of one patient, '
        f'{len(alike["across_folds"])} across folds: {alike["across_folds"][:20]}'
    )
    print('shortcut', json.dumps(result['shortcut']))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'dataset: {error}')
