#!/usr/bin/python3
"""Makes models/<id>/ from a cross-validated network: weights, manifest, golden example, card and plots.

Usage: export.py --films FOLDER --folds folds.json --runs RUNS --network NAME --id ID --name NAME [--version N]
                 [--models FOLDER] [--shipped all] [--storage int8|fp16] [--step 0.3] [--point rule-in] [--default]
RUNS holds what crossvalidate left and what reproduce made of it: dataset.json, and in RUNS/NETWORK all/final.pt, 1/final.pt and so
on, out-of-fold.npz, calibration.json, evaluation.json, heads.json. Shipped are the weights of all/, trained on every film, or with
--shipped K those of fold K, which were not trained on the films of that fold: then it alone is measured, on these. Every figure
comes from out-of-fold scores, without which no card is written. Weights are packed by tools/models/pack.py and read
back. What storage costs is measured on a fold, by storing its network in the same way: a loss of mean AUROC of more
than 0.002 is an error (then use a smaller --step, or --storage fp16).
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

import calibrate
import card
import films as films_module
import folds
import imagenet_start
import inference
import measures
import network as network_module
import pack
import rounding
import scores as scores_module
import separation
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
SHOWN = 400  # films whose logits through the page are held against PyTorch's
NOTICE = 'For research and teaching. Not a medical device.'
SOURCES = [
    'NIH ChestX-ray14, Wang et al., CVPR 2017: https://nihcc.app.box.com/v/ChestXray-NIHCC. '
    'The data set was provided by the NIH Clinical Center.'
]
BEGINNING = f'MobileNetV2 trained on ImageNet, where training began: {imagenet_start.SOURCE}, SHA-256 {imagenet_start.SHA256}'
TEACHER = f'Taught besides by a MobileNetV2 that began there: {imagenet_start.SOURCE}, SHA-256 {imagenet_start.SHA256}'
FAMILIES = {'mobilenetv2': 'mobilenetv2'}  # of the manifest; all others are DenseNets
LIMITS = [
    'Labels were read from reports by a program and are 10 to 30 % less often right than first documented.',
    'Films of one hospital, adults for the most part, front views only; lateral films were not trained on.',
    'It sees 128 by 128 pixels: small nodules and thin lines are lost.',
    (
        'Pneumonia films came mostly from one source of other sharpness; its score is the least certain to'
        ' carry over (see the card).'
    ),
    'Hernia rests on a handful of films: neither its score nor its thresholds mean much.',
]


def sources_of(network):
    return [*SOURCES, BEGINNING if network == 'mobilenetv2' else TEACHER]


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


def platt_section(row):
    return {'kind': 'platt', 'scale': round(row['scale'], 5), 'offset': round(row['offset'], 5)}


def feature_heads(heads, calibration, auroc):
    """What manifest.json says of them: without the figures that only the card needs."""
    low, high = auroc[1:]
    return {
        'reasons': heads['reasons'],
        'any_finding': {
            **heads['any_finding'],
            'calibration': platt_section(calibration['any_finding']),
            'measured': f'AUROC {auroc[0]:.2f} ({low:.2f} to {high:.2f}) for any label against none on {calibration["data"]}',
        },
    }


def manifest(chosen, calibration, evaluation, heads, side):
    words = json.loads((TOOLS / 'models' / 'labels.json').read_text(encoding='utf-8'))['findings']
    rows = [calibration['findings'][label] for label in films_module.LABELS]
    made = {
        'schema_version': 1,
        'id': chosen.id,
        'name': chosen.name,
        'version': chosen.version,
        'licence': 'Apache-2.0',
        'sources': sources_of(chosen.network),
        'architecture': {'family': FAMILIES.get(chosen.network, 'densenet')},
        'input': input_section(side),
        'labels': [
            {'id': label, **words[label], 'calibration': platt_section(row)} for label, row in zip(films_module.LABELS, rows)
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
        'feature_heads': feature_heads(heads, calibration, evaluation['any_finding']),
        'limits': chosen.limit + LIMITS,
        'notice': NOTICE,
        'golden': 'golden.json',
    }
    made = separation.put_into(made, evaluation['separation'], calibration['any_finding']['thresholds'])
    if chosen.shipped != 'all':  # the shipped network itself was measured
        made['evaluation'] = {**made['evaluation'], 'kind': scores_module.HELD_OUT}
    return made


def stored(chosen, path, pixels):
    """(float weights as they are packed, network as it is read back) of a checkpoint; pixels: films it was trained on."""
    weights, name, side = inference.shipped_weights(path)
    if chosen.storage == 'int8':
        weights = rounding.made_up_for(weights, chosen.step, name, side, pixels)
    step = chosen.step if chosen.storage == 'int8' else None
    packed = weights_file.widened(pack.stored(network_module.arrays_of(weights), chosen.storage, step=step))
    return weights, inference.restore(network_module.tensors_of(weights, packed), name, side)


def cost_of_storage(chosen, films, fold, scores, runs):
    """{fold, mean_auroc, mean_auroc_trained, largest_difference, films} of a fold by its network as stored and as trained."""
    k = 1 if chosen.shipped == 'all' else int(chosen.shipped)
    part = films.take(np.where(fold == k)[0])
    before = scores_module.in_order(scores, part).logits
    _, network = stored(chosen, runs / str(k) / 'final.pt', films.pixels[fold != k])
    after = inference.logits_and_features(network, part.pixels)
    means = [measures.mean_auroc(part.labels, logits) for logits in (after, before)]
    lost = means[1] - means[0]
    print(f'{chosen.storage}: mean AUROC of fold {k} {means[0]:.4f}, {lost:+.4f} lost')
    if lost > MOST_LOST:
        raise films_module.DataError(
            f'{chosen.storage} loses {lost:.4f} of mean AUROC, more than {MOST_LOST}: use a smaller --step or --storage fp16'
        )
    return {
        'fold': k,
        'mean_auroc': means[0],
        'mean_auroc_trained': means[1],
        'largest_difference': float(np.abs(after - before).max()),
        'films': len(part),
    }


def packed_model(chosen, template, trained):
    """Runs tools/models/pack.py and make_golden.py."""
    models = ['--id', chosen.id, '--models', chosen.models]
    storage = ['--storage', chosen.storage] + (['--step', str(chosen.step)] if chosen.storage == 'int8' else [])
    default = ['--default'] * chosen.default
    for command in (['pack.py', trained, *models, *storage, '--manifest', template, *default], ['make_golden.py', *models]):
        subprocess.run([sys.executable, TOOLS / 'models' / command[0], *command[1:]], check=True)


def parse(arguments=None):
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    for name in ('--folds', '--runs', '--id', '--name'):
        options.add_argument(name, required=True)
    options.add_argument('--network', choices=['mobilenetv2', 'densenet121'], required=True)
    options.add_argument('--version', default='1')
    options.add_argument('--models', default=str(TOOLS.parent / 'models'))
    options.add_argument('--shipped', default='all', help='whose weights: all, or the number of a fold')
    options.add_argument('--storage', choices=['int8', 'fp16'], default='int8')
    options.add_argument('--step', type=float, default=0.3, help='of int8; smaller is more exact and longer to load')
    options.add_argument('--cache')
    options.add_argument('--point', default='balanced', help='the default operating point')
    options.add_argument('--limit', action='append', default=[], help='one more limit for manifest and card')
    options.add_argument('--default', action='store_true')
    return options.parse_args(arguments)


def checked_evaluation(path, scores):
    """evaluation.json, which must be of these scores and they out of fold: else there is no card."""
    evaluation = card.read_json(films_module.present(path))
    kinds = scores.kind, evaluation.get('kind')
    if kinds != (scores_module.OUT_OF_FOLD,) * 2:
        raise films_module.DataError(
            f'the scores are {kinds[0]}, {path} was measured on {kinds[1]} ones, expected {scores_module.OUT_OF_FOLD} for both: no card'
        )
    if evaluation['about'] != scores.about:
        raise films_module.DataError(f'{path} was measured on scores of other networks than these: run evaluate.py again')
    return evaluation


def heads_file(shipped):
    return 'heads.json' if shipped == 'all' else f'heads-{shipped}.json'


def is_of_shipped(chosen, scores):
    """An error where a fold's network would be shipped with figures of others."""
    done = sorted(scores.about['checkpoints'])
    if chosen.shipped != 'all' and done != [chosen.shipped]:
        raise films_module.DataError(
            f'the scores are of the folds {", ".join(done)}, expected of fold {chosen.shipped} alone, whose network is to be shipped: '
            f'score with scores.py --fold {chosen.shipped}, or ship the network of all films'
        )


def main():
    chosen = parse()
    runs, folder = Path(chosen.runs) / chosen.network, Path(chosen.models) / chosen.id
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    fold = folds.numbers(films, chosen.folds)
    scores, scored = scores_module.read_out_of_fold(runs / 'out-of-fold.npz', films, chosen.folds)
    is_of_shipped(chosen, scores)
    evaluation = checked_evaluation(runs / 'evaluation.json', scores)
    calibration, heads, dataset = (
        card.read_json(films_module.present(path))
        for path in (runs / 'calibration.json', runs / heads_file(chosen.shipped), Path(chosen.runs) / 'dataset.json')
    )
    cost = cost_of_storage(chosen, films, fold, scores, runs)
    trained_on = films.pixels if chosen.shipped == 'all' else films.pixels[fold != int(chosen.shipped)]
    weights, shipped = stored(chosen, runs / chosen.shipped / 'final.pt', trained_on)
    template, trained = runs / f'{chosen.id}.manifest.json', runs / f'{chosen.id}.safetensors'
    template.write_text(json.dumps(manifest(chosen, calibration, evaluation, heads, shipped.side), indent=1))
    weights_file.write(trained, network_module.arrays_of(weights))
    packed_model(chosen, template, trained)
    shown = films.take(np.where(fold == 1)[0][:SHOWN])
    np.savez(runs / 'shipped.npz', names=np.array(shown.names), logits=inference.logits_and_features(shipped, shown.pixels))
    logs = {path.parent.name: card.read_log(path) for path in sorted(runs.glob('*/log-0.csv'))}
    card.training_plot(folder / 'training.svg', logs)
    card.roc_plot(folder / 'roc.svg', scored.labels, scores.logits, evaluation['mean_auroc'][0])
    card.write(
        folder / 'card.md',
        {
            'id': chosen.id,
            'name': chosen.name,
            'network': chosen.network,
            'parameters': sum(p.numel() for p in shipped.parameters()),
            'bytes': (folder / 'weights.safetensors').stat().st_size,
            'storage': f'int8 per output channel in steps of {chosen.step} of its root mean square, the rest fp16' if chosen.storage == 'int8' else 'fp16',
            'sources': sources_of(chosen.network)[1:],
            'evaluation': evaluation,
            'heads': heads,
            'side': shipped.side,
            'dataset': dataset,
            'app': card.read_json(runs / 'app.json') if (runs / 'app.json').exists() else None,
            'settings': card.read_json(runs / chosen.shipped / 'settings.json'),
            'settings_of_labels': card.read_json(labels) if (labels := runs / f'{chosen.shipped}-labels' / 'settings.json').exists() else None,
            'logs': logs,
            'shipped': chosen.shipped,
            'limits': chosen.limit + LIMITS,
            'cost': cost,
        },
    )
    print(f'{folder}: ' + ', '.join(f'{p.name} {p.stat().st_size}' for p in sorted(folder.iterdir())))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'export: {error}')
