#!/usr/bin/python3
"""Fits what the page asks of a network's pooled features besides its findings: is this an upright chest film, and is
anything found at all.

Usage: gate.py --films FOLDER --split split.json --checkpoint best.pt --out heads.json
FOLDER also holds ood.tar (photographs, other body parts) and kermany-224.tar (children's films). Each reason is one
logistic regression on pooled features against upright chest films. Half of the strange pictures, and the training films,
are fitted on; thresholds let at most FALSE_ALARMS of the validation films through the wrong way; rates are measured on
the other half and on the test films. Inverted and turned films are made from chest films.
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

import calibrate
import films as films_module
import inference
import measures
import network as network_module

FALSE_ALARMS = 0.005  # of validation films, per reason
TRAINING_FILMS = 2000
TURNED_FILMS = 500  # of each kind, from other films in each part
CHEST = 'CXR'  # medical-mnist's own chest films: neither strange nor ours
REASONS = [
    (
        'not-a-radiograph',
        'refuse',
        'This does not look like a radiograph but like a photograph; the model knows chest films only. Use the'
        ' original film.',
    ),
    (
        'other-body-part',
        'refuse',
        'This looks like another part of the body or another kind of scan; the model knows chest films only. Check'
        ' that it is the right picture.',
    ),
    (
        'inverted',
        'warn',
        'The film looks inverted, with air bright and bone dark; scores of inverted films mean little. If it is,'
        ' invert it for the model.',
    ),
    (
        'rotated',
        'warn',
        'The film looks turned; scores of turned films mean little. If it is, turn it upright for the model.',
    ),
]


def is_held_out(name):
    """Half of all names, by their hash."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def halves(pictures):
    """(pixels to fit on, pixels held out)"""
    parts = [[p for name, p in pictures if is_held_out(name) == held] for held in (False, True)]
    return tuple(np.stack(part) for part in parts)


def turned(pixels):
    """The films turned by 90, 180 and 270 degrees in turn."""
    return np.stack([np.rot90(p, 1 + i % 3) for i, p in enumerate(pixels)])


def fit_head(strange, chest, validation):
    """(weights, bias) on pooled features; score > 0 for at most FALSE_ALARMS of `validation`."""
    x = np.concatenate([strange, chest])
    y = np.concatenate([np.ones(len(strange)), np.zeros(len(chest))])
    centre, spread = x.mean(0), x.std(0) + 1e-6
    model = LogisticRegression(C=0.01, max_iter=2000, class_weight='balanced').fit((x - centre) / spread, y)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (weights * centre).sum())
    return weights, bias - max(0.0, threshold(validation @ weights + bias))


def threshold(scores):
    """The smallest value that at most FALSE_ALARMS of the scores are above."""
    return float(np.sort(scores)[::-1][int(FALSE_ALARMS * len(scores))])


def rate(features, head):
    return float((features @ head[0] + head[1] > 0).mean())


def rounded(values):
    return [float(f'{v:.4g}') for v in values]


def fit_reasons(network, films, part, folder):
    """The reasons with head and rates, and the share of test films that any of them is raised for."""
    random = np.random.default_rng(0)

    def some(name, count):
        index = np.where(part == name)[0]
        return films.pixels[np.sort(random.choice(index, min(count, len(index)), replace=False))]

    def features(pixels):
        return inference.pooled_features(network, pixels)

    photos = halves(films_module.squares(folder / 'ood.tar', lambda n: n.startswith('photo/')))
    others = halves(
        films_module.squares(folder / 'ood.tar', lambda n: n.startswith('medical-mnist/') and f'_{CHEST}_' not in n)
    )
    train, test = some('train', TURNED_FILMS), some('test', TURNED_FILMS)
    strange = {
        'not-a-radiograph': photos,
        'other-body-part': others,
        'inverted': (255 - train, 255 - test),
        'rotated': (turned(train), turned(test)),
    }
    strange = {name: tuple(features(p) for p in parts) for name, parts in strange.items()}
    chest = features(some('train', TRAINING_FILMS))
    validation, tested = features(films.pixels[part == 'validation']), features(films.pixels[part == 'test'])
    heads, alarms, result = {}, np.zeros(len(tested), bool), []
    for name, severity, text in REASONS:
        heads[name] = fit_head(strange[name][0], chest, validation)
        hits, false = rate(strange[name][1], heads[name]), rate(tested, heads[name])
        alarms |= tested @ heads[name][0] + heads[name][1] > 0
        result.append(
            {
                'id': name,
                'severity': severity,
                'text': text,
                'measured': f'found {100 * hits:.0f} % of {len(strange[name][1])} such pictures, wrongly raised for'
                f' {100 * false:.1f} % of {len(tested)} chest films',
                'weights': rounded(heads[name][0]),
                'bias': rounded([heads[name][1]])[0],
            }
        )
    return result, float(alarms.mean())


def fit_any_finding(network, films, part, checkpoint, folder, rounds):
    """The head for any finding, calibrated on validation, measured on test and on children's films."""
    weights, bias = inference.any_finding_head(checkpoint)
    score = {name: inference.pooled_features(network, films.pixels[part == name]) @ weights + bias
             for name in ('validation', 'test')}  # fmt: skip
    truth = films.labels.max(1)
    scale, offset = calibrate.platt(score['validation'], truth[part == 'validation'])
    rows, _ = measures.auroc_table(
        truth[part == 'test'][:, None], score['test'][:, None], films.column('patient')[part == 'test'], rounds
    )
    children = films_module.squares(folder / 'kermany-224.tar', lambda n: '/test/' in n)
    sick = np.array([[float('/PNEUMONIA/' in name)] for name, _ in children])
    persons = np.array([name.rsplit('/', 1)[-1].split('_')[0] for name, _ in children])
    pooled = inference.pooled_features(network, np.stack([p for _, p in children]))
    pneumonia = films_module.LABELS.index('Pneumonia')
    head = network_module.head(network)
    finding = pooled @ head.weight[pneumonia].detach().numpy() + float(head.bias[pneumonia])
    transfer, _ = measures.auroc_table(
        np.repeat(sick, 2, 1), np.column_stack([pooled @ weights + bias, finding]), persons, rounds
    )
    low, high = rows[0][1:]
    return {
        'weights': rounded(weights),
        'bias': rounded([bias])[0],
        'calibration': {'kind': 'platt', 'scale': round(scale, 5), 'offset': round(offset, 5)},
        'measured': f'AUROC {rows[0][0]:.2f} ({low:.2f} to {high:.2f}) for any label against none on'
        f' {int((part == "test").sum())} test films',
        'auroc': rows[0],
        'children': {'films': len(children), 'any_finding': transfer[0], 'pneumonia': transfer[1]},
    }


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in ('--split', '--checkpoint', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--cache')
    options.add_argument('--rounds', type=int, default=1000)
    chosen = options.parse_args()
    films = films_module.load(chosen.films, chosen.cache)
    split = json.loads(Path(chosen.split).read_text())['films']
    where = {name: part for part in ('train', 'validation', 'test') for name in split[part]}
    part = np.array([where.get(name, 'none') for name in films.names])
    network = inference.restore(*inference.shipped_weights(chosen.checkpoint))
    folder = Path(chosen.films)
    reasons, alarms = fit_reasons(network, films, part, folder)
    any_finding = fit_any_finding(network, films, part, chosen.checkpoint, folder, chosen.rounds)
    result = {'reasons': reasons, 'any_finding': any_finding, 'false_alarms': alarms}
    Path(chosen.out).write_text(json.dumps(result))
    for reason in reasons:
        print(f'{reason["id"]:18} {reason["measured"]}')
    print(f'any reason wrongly raised: {100 * alarms:.1f} % of test films')
    print(any_finding['measured'], any_finding['children'])


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'gate: {error}')
