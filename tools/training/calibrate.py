#!/usr/bin/python3
"""Fits probabilities and thresholds on validation patients only, and writes them to a file.

Usage: calibrate.py --films FOLDER --split split.json --checkpoint best.pt --out calibration.json Platt's
method per finding (Platt 1999, with his smoothed targets), the slope held near its common value where
positives are few; then three sets of thresholds on calibrated probabilities: rule-out (sensitivity 0.95),
balanced (Youden), rule-in (specificity 0.95).
"""
import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import films as films_module
import inference
from measures import sigmoid

POINTS = [
    ('rule-out', 'Rule out', 'Misses little and calls much: for sorting out films that need no second look.'),
    ('balanced', 'Balanced', 'Weighs missed findings and false calls alike (Youden).'),
    ('rule-in', 'Rule in', 'Calls little and is more often right: for picking films that need a look first.'),
]
SLOPE_PRIOR_WIDTH = 0.35  # of log slope: 95 % within a factor of two
EDGE = 1e-4


def platt(logits, labels, prior_slope=1.0):
    """(scale, offset) such that sigmoid(scale * logit + offset) is the probability; scale > 0."""
    logits, labels = np.float64(logits), np.float64(labels)  # the fit's finite differences need the digits
    positive, negative = labels.sum(), len(labels) - labels.sum()
    target = np.where(labels > 0.5, (positive + 1) / (positive + 2), 1 / (negative + 2))

    def cost(parameters):
        z = np.exp(parameters[0]) * logits + parameters[1]
        fit = (np.logaddexp(0, z) - target * z).sum()
        return fit + 0.5 * ((parameters[0] - np.log(prior_slope)) / SLOPE_PRIOR_WIDTH) ** 2

    found = minimize(cost, [np.log(prior_slope), 0.0], method='BFGS').x
    return float(np.exp(found[0])), float(found[1])


def thresholds(probabilities, labels):
    """(rule-out, balanced, rule-in), rising; a film is called when its probability is at least the threshold. A
    threshold lies half way between two films' probabilities. Where Youden's point misses less than rule-out may, it is
    moved up to it."""
    ordered = np.unique(probabilities)
    cuts = np.concatenate([[ordered[0] * 0.5], (ordered[1:] + ordered[:-1]) / 2])
    positive, negative = np.sort(probabilities[labels > 0.5]), np.sort(probabilities[labels < 0.5])
    sensitivity = 1 - np.searchsorted(positive, cuts) / len(positive)
    specificity = np.searchsorted(negative, cuts) / len(negative)
    rule_out = cuts[sensitivity >= 0.95].max()
    balanced = max(cuts[np.argmax(sensitivity + specificity)], rule_out)
    within = cuts[specificity >= 0.95]
    rule_in = max(within.min() if len(within) else ordered[-1], balanced)
    return [float(np.clip(t, EDGE, 1 - EDGE)) for t in (rule_out, balanced, rule_in)]


def fit(logits, labels):
    slopes = [platt(logits[:, c], labels[:, c]) for c in range(labels.shape[1]) if labels[:, c].sum() >= 20]
    common = float(np.exp(np.mean(np.log([s for s, _ in slopes])))) if slopes else 1.0
    result = {'slope_prior': common, 'findings': {}}
    for c, label in enumerate(films_module.LABELS):
        if labels[:, c].sum() < 1:
            raise films_module.DataError(f'no {label} among the validation films: choose another split seed')
        scale, offset = platt(logits[:, c], labels[:, c], common)
        probability = sigmoid(scale * logits[:, c] + offset)
        result['findings'][label] = {
            'scale': scale,
            'offset': offset,
            'positives': int(labels[:, c].sum()),
            'thresholds': thresholds(probability, labels[:, c]),
        }
    return result


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    options.add_argument('--split', required=True)
    options.add_argument('--checkpoint', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--cache')
    chosen = options.parse_args()
    names = json.loads(Path(chosen.split).read_text())['films']['validation']
    films = films_module.load(chosen.films, chosen.cache).of(names)
    network = inference.restore(*inference.shipped_weights(chosen.checkpoint))
    result = fit(inference.logits_and_features(network, films.pixels), films.labels)
    result['data'] = (
        f'{len(films)} validation films of {len(set(films.column("patient")))} patients of ChestX-ray14, '
        'none of them trained or tested on'
    )
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    for label, row in result['findings'].items():
        print(
            f'{label:20} scale {row["scale"]:.2f} offset {row["offset"]:+.2f} thresholds '
            + ' '.join(f'{t:.3f}' for t in row['thresholds'])
            + f' ({row["positives"]} positives)'
        )


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'calibrate: {error}')
