#!/usr/bin/python3
"""Fits probabilities and thresholds on out-of-fold scores, and writes them to a file.

Usage: calibrate.py --films FOLDER --folds folds.json --scores out-of-fold.npz --out calibration.json
Platt's method per finding and for any finding (Platt 1999, with his smoothed targets), the slope held near its common
value where positives are few; then three sets of thresholds on calibrated probabilities: rule-out (sensitivity 0.95),
balanced (Youden), rule-in (specificity 0.95).
"""
import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import films as films_module
import scores as scores_module
from measures import sigmoid

POINTS = [
    ('rule-out', 'Rule out', 'Misses little, many false alarms.'),
    ('balanced', 'Balanced', 'Balances missed findings and false alarms (Youden).'),
    ('rule-in', 'Rule in', 'Few false alarms, but misses most disease. Use to prioritise.'),
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


def fit(logits, labels, any_finding):
    """Scales, offsets and thresholds of logits [n, 14] and any_finding [n]."""
    slopes = [platt(logits[:, c], labels[:, c]) for c in range(labels.shape[1]) if labels[:, c].sum() >= 20]
    common = float(np.exp(np.mean(np.log([s for s, _ in slopes])))) if slopes else 1.0
    result = {'slope_prior': common, 'findings': {}}
    columns = [(label, logits[:, c], labels[:, c]) for c, label in enumerate(films_module.LABELS)]
    for label, scores, truth in [*columns, ('any finding', any_finding, labels.max(1))]:
        if not 0 < truth.sum() < len(truth):
            raise films_module.DataError(f'{label}: {int(truth.sum())} of {len(truth)} films have it, expected some with and some without')
        scale, offset = platt(scores, truth, common)
        row = {
            'scale': scale,
            'offset': offset,
            'positives': int(truth.sum()),
            'thresholds': thresholds(sigmoid(scale * scores + offset), truth),
        }
        if label == 'any finding':
            result['any_finding'] = row
        else:
            result['findings'][label] = row
    return result


def probabilities(logits, any_finding, calibration):
    """([n, 14], [n]) calibrated."""
    rows = [calibration['findings'][label] for label in films_module.LABELS]
    last = calibration['any_finding']
    findings = [sigmoid(row['scale'] * logits[:, c] + row['offset']) for c, row in enumerate(rows)]
    return np.column_stack(findings), sigmoid(last['scale'] * any_finding + last['offset'])


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in ('--folds', '--scores', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--cache')
    chosen = options.parse_args()
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    scores, films = scores_module.read_out_of_fold(chosen.scores, films, chosen.folds)
    result = fit(scores.logits, films.labels, scores.any_finding)
    result['data'] = scores.data
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    for label, row in [*result['findings'].items(), ('any finding', result['any_finding'])]:
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
