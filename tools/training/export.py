#!/usr/bin/python3
"""Makes models/<id>/ from a trained, calibrated and measured run: weights, manifest, golden example, card
and plots.

Usage: export.py --films FOLDER --split S.json --checkpoint best.pt --calibration C.json --evaluation E.json
                 --heads H.json --dataset D.json --runs RUNS_FOLDER --run NAME --id ID --name NAME
[--models FOLDER] [--storage int8|fp16] [--step 0.3] [--default] Weights are packed by tools/models/pack.py, read back,
and measured again on the test films: a loss of mean AUROC of more than 0.002 is an error (then use
--storage fp16).
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

import calibrate
import card
import films as films_module
import inference
import measures
import network as network_module
import rounding
import weights_file

# What the manifest says of the evidence behind a score. Only films count that the scoring network was not trained on.
#
# At the root:
#   "evaluation": {
#     "kind": "out-of-fold" | "held-out",     out-of-fold: each film was scored by the one of several networks that did not see its
#                                             patient, and the shipped network is trained by the same recipe on all films;
#                                             held-out: the shipped network itself, on films kept out of its training
#     "data": text,                           which films
#     "films": number, "patients": number,
#     "mean_auroc": number, "mean_auroc_interval": [low, high]      over the findings; 95 %, patients drawn with replacement
#   }
# In each of "labels", and in "feature_heads"."any_finding" (true: any label):
#   "evaluation": {
#     "positives": number, "negatives": number,     films with and without the finding
#     "auroc": number, "auroc_interval": [low, high],
#     "with": [64 numbers], "without": [64 numbers]
#   }
#   "with" and "without" are knots of the logit, before "calibration", in films with and without the finding. Knot i = 0..63 is the
#   quantile at (i + 0.5) / 64; they never fall. Between knots the share of films below a logit is a straight line; below the first
#   knot and above the last lie 0.8 % of the films each, of which no more is said. Equal knots are films of equal logit.
# In "feature_heads"."any_finding" besides:
#   "thresholds": one probability for each of "operating_points", in their order
# A manifest without these, such as that of an imported network, says nothing of how good its scores are.

TOOLS = Path(__file__).resolve().parents[1]
MOST_LOST = 0.002
NOTICE = 'For research and teaching. Not a medical device.'
SOURCES = [
    'NIH ChestX-ray14, Wang et al., CVPR 2017: https://nihcc.app.box.com/v/ChestXray-NIHCC. '
    'The data set was provided by the NIH Clinical Center.'
]
LIMITS = [
    'Labels were read from reports by a program and are 10 to 30 % less often right than first documented.',
    (
        'Films of one hospital, adults for the most part, front views only; lateral films and children were'
        ' not trained on.'
    ),
    'It sees 128 by 128 pixels: small nodules and thin lines are lost.',
    (
        'Pneumonia films came mostly from one source of other sharpness; its score is the least certain to'
        ' carry over (see the card).'
    ),
    'Hernia rests on a handful of films: neither its score nor its thresholds mean much.',
]


def feature_heads(heads):
    """What manifest.json says of them: without the figures that only the card needs."""
    any_finding = {key: heads['any_finding'][key] for key in ('weights', 'bias', 'calibration', 'measured')}
    return {'reasons': heads['reasons'], 'any_finding': any_finding}


def input_section(side):
    """Films are shown no finer than those trained on, whatever the input's side."""
    section = {
        'width': side,
        'height': side,
        'channels': 1,
        'fit': 'centre-square-crop',
        'filter': 'lanczos3',
        'mean': [network_module.MEAN],
        'std': [network_module.STD],
    }
    return {**section, 'detail': films_module.SIDE} if side > films_module.SIDE else section


def manifest(chosen, calibration, heads, side):
    words = json.loads((TOOLS / 'models' / 'labels.json').read_text(encoding='utf-8'))['findings']
    rows = [calibration['findings'][label] for label in films_module.LABELS]
    return {
        'schema_version': 1,
        'id': chosen.id,
        'name': chosen.name,
        'version': chosen.version,
        'licence': 'Apache-2.0',
        'sources': SOURCES,
        'architecture': {'family': 'densenet'},
        'input': input_section(side),
        'labels': [
            {
                'id': label,
                **words[label],
                'calibration': {
                    'kind': 'platt',
                    'scale': round(row['scale'], 5),
                    'offset': round(row['offset'], 5),
                },
            }
            for label, row in zip(films_module.LABELS, rows)
        ],
        'operating_points': [
            {
                'id': id,
                'name': name,
                'explanation': explanation,
                'data': calibration['data'],
                'thresholds': [round(row['thresholds'][p], 5) for row in rows],
            }
            for p, (id, name, explanation) in enumerate(calibrate.POINTS)
        ],
        'default_operating_point': chosen.point,
        'feature_heads': feature_heads(heads),
        'limits': chosen.limit + LIMITS,
        'notice': NOTICE,
        'golden': 'golden.json',
    }


def run_rows(folder, remarks):
    """One row per run that left a log in the folder of runs; remarks: {run: what to say of it}."""
    rows, logs = [], {}
    for path in sorted(folder.glob('*/log-0.csv')):
        log, settings = card.read_log(path), card.read_json(path.parent / 'settings.json')
        if not log:
            continue
        logs[path.parent.name] = log
        best = max(log, key=lambda r: float(r['validation_auroc']))
        rows.append(
            {
                'run': path.parent.name,
                'network': settings['network'],
                'epochs': f'{len(log)} × {settings["workers"]} workers',
                'minutes': round(sum(float(r['seconds']) for r in log) / 60),
                'validation_auroc': f'{best["validation_auroc"]} (epoch {best["epoch"]})',
                'note': remarks.get(path.parent.name, ''),
            }
        )
    return rows, logs


def how_trained(settings, log):
    """The run in words, from what it left behind."""

    def count(rows):
        return ', '.join(
            f'{sum(r["side"] == side for r in rows)} at {side} px'
            for side in sorted({r['side'] for r in rows}, key=int)
        )

    workers, minutes = settings['workers'], sum(float(r['seconds']) for r in log) / 60
    falling = sum(r['phase'] == 'decay' for r in log)
    together = (
        f' {workers} single-threaded workers trained one network: every {settings["exchange"]} steps each'
        ' moved towards the other’s weights; the epochs are those of the first of them.'
        if workers > 1
        else ''
    )
    threads = settings.get('threads') or 1
    device = (
        'a GPU'
        if settings.get('device') == 'cuda'
        else f'a processor, in {threads} threads' if threads > 1 else 'a shared processor'
    )
    begun = settings.get('begin_with')
    start = 'From random weights' if not begun else 'From the weights of an earlier run of the same network (see runs.md)'
    return (
        f'{start}, in bf16 with AdamW (rate {settings["rate"]}, weight decay'
        f' {settings["weight_decay"]}), batches of {settings["batch"]}; {len(log)} epochs ({count(log)}),'
        f' the rate falling in the last {falling}; {minutes:.0f} minutes on'
        f' {device}.{together} A running'
        ' average of the weights is validated, and its best epoch on validation films is shipped. Rotation'
        ' ±12°, scale ±18 %, shift ±12 %, mirroring, contrast, gamma, sharpness, noise, grey patches; mixup'
        ' until the rate falls; strips along an edge or a corner hidden at random. Where readers drew boxes, a film’s'
        ' map is pulled into them. Besides the 14 findings the network learns "any finding", view, sex and age,'
        ' which are not shipped. Rarer findings weigh somewhat more; findings that RSNA’s readers did not'
        ' confirm count 0.7; every finding is weighted to be equally frequent at every source resolution.'
    )


def parse():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in (
        '--split',
        '--checkpoint',
        '--calibration',
        '--evaluation',
        '--heads',
        '--dataset',
        '--runs',
        '--id',
        '--name',
    ):
        options.add_argument(name, required=True)
    options.add_argument('--version', default='1')
    options.add_argument('--run', required=True, help='folder of the shipped run inside --runs')
    options.add_argument('--models', default=str(TOOLS.parent / 'models'))
    options.add_argument('--storage', choices=['int8', 'fp16'], default='int8')
    options.add_argument('--step', type=float, default=0.3, help='of int8; smaller is more exact and longer to load')
    options.add_argument('--cache')
    options.add_argument('--point', default='balanced', help='the default operating point')
    options.add_argument('--limit', action='append', default=[], help='one more limit for manifest and card')
    options.add_argument('--default', action='store_true')
    return options.parse_args()


def main():
    chosen = parse()
    runs, folder = Path(chosen.runs), Path(chosen.models) / chosen.id
    weights, name, side = inference.shipped_weights(chosen.checkpoint)
    calibration, evaluation, heads = (
        card.read_json(Path(path)) for path in (chosen.calibration, chosen.evaluation, chosen.heads)
    )
    template, trained = runs / f'{chosen.id}.manifest.json', runs / f'{chosen.id}.safetensors'
    template.write_text(json.dumps(manifest(chosen, calibration, heads, side), indent=1))
    films = films_module.load(chosen.films, chosen.cache)
    parts = json.loads(Path(chosen.split).read_text())['films']
    if chosen.storage == 'int8':
        weights = rounding.made_up_for(weights, chosen.step, name, side, films.of(parts['train']).pixels)
    weights_file.write(trained, network_module.arrays_of(weights))
    subprocess.run(
        [
            sys.executable,
            TOOLS / 'models' / 'pack.py',
            trained,
            '--id',
            chosen.id,
            '--storage',
            chosen.storage,
            '--step',
            str(chosen.step),
            '--manifest',
            template,
            '--models',
            chosen.models,
        ]
        + ['--default'] * chosen.default,
        check=True,
    )

    films = films.of(parts['test'])
    shipped = inference.restore({**weights, **network_module.read_packed(folder / 'weights.safetensors')}, name, side)
    logits = inference.logits_and_features(shipped, films.pixels)
    with np.load(Path(chosen.evaluation).with_suffix('.npz')) as stored:
        before = stored['logits']
    mean = float(
        np.nanmean([measures.auroc(films.labels[:, c], logits[:, c]) for c in range(logits.shape[1])])
    )
    lost = evaluation['mean_auroc'][0] - mean
    print(
        f'{chosen.storage}: mean AUROC {mean:.4f}, {lost:+.4f} lost; largest logit difference'
        f' {np.abs(logits - before).max():.4f}'
    )
    if lost > MOST_LOST:
        raise films_module.DataError(
            f'{chosen.storage} loses {lost:.4f} of mean AUROC, more than {MOST_LOST}: use --storage fp16'
        )
    subprocess.run(
        [sys.executable, TOOLS / 'models' / 'make_golden.py', '--id', chosen.id, '--models', chosen.models],
        check=True,
    )
    remarks = card.read_json(Path(__file__).with_name('remarks.json'))
    rows, logs = run_rows(runs, remarks['runs'])
    compared, compared_logs = run_rows(runs / 'compared', remarks['compared'])
    card.training_plot(folder / 'training.svg', logs)
    choices = {name: log for name, log in compared_logs.items() if name.startswith('compact-')}
    card.training_plot(folder / 'comparison.svg', {name: log for name, log in compared_logs.items() if name not in choices})
    card.training_plot(folder / 'choices.svg', choices)
    card.test_plot(folder / 'test.svg', films.labels, logits, mean)
    growth, blocks, stem = network_module.CONFIGURATIONS[name]
    card.write(
        folder / 'card.md',
        {
            'id': chosen.id,
            'name': chosen.name,
            'shape': f'growth {growth}, blocks {"-".join(map(str, blocks))}, stem {stem}',
            'parameters': sum(p.numel() for p in shipped.parameters()),
            'bytes': (folder / 'weights.safetensors').stat().st_size,
            'storage': f'int8 per output channel in steps of {chosen.step} of its root mean square, the rest fp16' if chosen.storage == 'int8' else 'fp16',
            'evaluation': evaluation,
            'calibration': calibration,
            'heads': heads,
            'side': side,
            'dataset': card.read_json(Path(chosen.dataset)),
            'app': card.read_json(runs / 'app.json') if (runs / 'app.json').exists() else None,
            'runs': rows,
            'compared': compared,
            'limits': chosen.limit + LIMITS,
            'packed': {
                'mean_auroc': mean,
                'mean_auroc_trained': evaluation['mean_auroc'][0],
                'largest_difference': float(np.abs(logits - before).max()),
            },
            'training': how_trained(card.read_json(runs / chosen.run / 'settings.json'), logs[chosen.run]),
        },
    )
    print(f'{folder}: ' + ', '.join(f'{p.name} {p.stat().st_size}' for p in sorted(folder.iterdir())))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'export: {error}')
