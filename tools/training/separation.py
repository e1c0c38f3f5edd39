#!/usr/bin/python3
"""How well each score tells films with a finding from films without it, as the manifest carries it: counts, AUROC and the
quantiles of the logit in both groups, from which a page computes sensitivity, specificity and the rest at any threshold.

Usage: separation.py --films FOLDER --scores scores.npz --manifest models/ID/manifest.json [--rounds 1000]
Puts the tables of a file of scores.py into a manifest and leaves everything else in it as it is. export.py says what the
tables look like.
"""
import argparse
import json
from pathlib import Path

import numpy as np

import calibrate
import films as films_module
import measures
import scores as scores_module

KNOTS = 64
PLACES = (np.arange(KNOTS) + 0.5) / KNOTS  # shares of the group below each knot
DIGITS = 3


def knots(values):
    """[64] rising: the quantiles at (i + 0.5) / 64, in a straight line between neighbouring films."""
    return [round(float(v), DIGITS) for v in np.quantile(np.float64(values), PLACES)]


def table(labels, logits, patients, rounds):
    """One score's table; labels and logits [n]."""
    labels = np.asarray(labels) > 0.5
    if labels.all() or not labels.any():
        raise films_module.DataError(f'{int(labels.sum())} of {len(labels)} films have the finding: expected some with and some without')
    (row,), _ = measures.auroc_table(labels[:, None].astype(np.float32), np.asarray(logits)[:, None], patients, rounds)
    return {
        'positives': int(labels.sum()),
        'negatives': int((~labels).sum()),
        'auroc': round(row[0], 4),
        'auroc_interval': [round(value, 4) for value in row[1:]],
        'with': knots(logits[labels]),
        'without': knots(logits[~labels]),
    }


def tables(films, scores, rounds=1000):
    """What the manifest carries: of every finding, of any finding, and of all films."""
    patients = films.column('patient')
    findings = {
        label: table(films.labels[:, c], scores.logits[:, c], patients, rounds) for c, label in enumerate(films_module.LABELS)
    }
    truth = films.labels.max(1)
    any_finding = table(truth, scores.any_finding, patients, rounds)
    _, mean = measures.auroc_table(films.labels, scores.logits, patients, rounds)
    return {
        'findings': findings,
        'any_finding': any_finding,
        'all': {
            'kind': scores.kind,
            'data': scores.data,
            'films': len(films),
            'patients': len(set(patients)),
            'mean_auroc': round(mean[0], 4),
            'mean_auroc_interval': [round(value, 4) for value in mean[1:]],
        },
    }


def put_into(manifest, made, any_thresholds=None):
    """The manifest with the tables in it; thresholds of any finding in the order of the operating points."""
    labels = [{**label, 'evaluation': made['findings'][label['id']]} for label in manifest['labels']]
    result = {**manifest, 'labels': labels, 'evaluation': made['all']}
    if 'any_finding' in manifest.get('feature_heads', {}):
        any_finding = {**manifest['feature_heads']['any_finding'], 'evaluation': made['any_finding']}
        if any_thresholds:
            any_finding['thresholds'] = [round(value, 5) for value in any_thresholds]
        result['feature_heads'] = {**manifest['feature_heads'], 'any_finding': any_finding}
    return result


def any_thresholds(films, scores, calibration):
    """Rule-out, balanced and rule-in of the calibrated score for any finding."""
    probability = measures.sigmoid(calibration['scale'] * scores.any_finding + calibration['offset'])
    return calibrate.thresholds(probability, films.labels.max(1))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--scores', required=True)
    options.add_argument('--manifest', required=True)
    options.add_argument('--cache')
    options.add_argument('--rounds', type=int, default=1000)
    chosen = options.parse_args()
    scores = scores_module.read(chosen.scores)
    films = scores_module.films_of(scores, films_module.load(chosen.films, chosen.cache, say=None))
    path = Path(chosen.manifest)
    manifest = json.loads(path.read_text(encoding='utf-8'))
    made = tables(films, scores, chosen.rounds)
    any_finding = manifest.get('feature_heads', {}).get('any_finding')
    thresholds = any_thresholds(films, scores, any_finding['calibration']) if any_finding else None
    path.write_text(
        json.dumps(put_into(manifest, made, thresholds), indent=1, sort_keys=True, ensure_ascii=False) + '\n', encoding='utf-8'
    )
    for label, row in [*made['findings'].items(), ('any finding', made['any_finding'])]:
        print(f'{label:20} {row["auroc"]:.3f} ({row["auroc_interval"][0]:.3f} to {row["auroc_interval"][1]:.3f}) of {row["positives"]} true')
    print('mean', made['all'])


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'separation: {error}')
