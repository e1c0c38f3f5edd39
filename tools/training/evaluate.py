#!/usr/bin/python3
"""Measures a network by its out-of-fold scores and writes everything to one file.

Usage: evaluate.py --films FOLDER --folds folds.json --scores out-of-fold.npz --out evaluation.json
Every film counts, scored by the network of its fold. Intervals are 95 %, by drawing patients with replacement. What is fitted
on scores (probabilities, thresholds) is fitted on the other folds where it is measured here; calibrate.py fits it on all.
The headline is the mean AUROC over films of 1024-px sources: a user's films are never small copies.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

import calibrate
import films as films_module
import measures
import scores as scores_module
import separation

AGES = [('under 40', 0, 40), ('40 to 59', 40, 60), ('60 and over', 60, 200)]
HEADLINE = '1024'  # px of the source
FEWEST = 5  # positives, below which a finding is left out of a subgroup's mean
BOX_SCALE = 1024
WORDS = Path(__file__).parents[1] / 'models' / 'labels.json'  # names and contour levels of the findings
OPACITY = ['Pneumonia', 'Consolidation', 'Infiltration']  # whose maps an RSNA opacity box is compared with


def discrimination(films, logits, rounds):
    """({finding: figures}, (mean AUROC, low, high))"""
    rows, mean = measures.auroc_table(films.labels, logits, films.column('patient'), rounds)
    result = {
        label: {
            'auroc': rows[c],
            'positives': int(films.labels[:, c].sum()),
            'average_precision': measures.average_precision(films.labels[:, c], logits[:, c]),
        }
        for c, label in enumerate(films_module.LABELS)
    }
    return result, mean


def crossed(films, scores):
    """(probabilities [n, 14], of any finding [n], called [3, n, 14], called any [3, n]) of every film, with scales, offsets and
    thresholds fitted on the films of the other folds (scores.parts_to_cross)."""
    n, points = len(films), len(calibrate.POINTS)
    probability, any_probability = np.zeros((n, len(films_module.LABELS))), np.zeros(n)
    called, any_called = np.zeros((points, *probability.shape), bool), np.zeros((points, n), bool)
    parts = scores_module.parts_to_cross(scores, films)
    for k in sorted(set(parts.tolist())):
        here = parts == k
        fitted = calibrate.fit(scores.logits[~here], films.labels[~here], scores.any_finding[~here])
        probability[here], any_probability[here] = calibrate.probabilities(scores.logits[here], scores.any_finding[here], fitted)
        for p in range(points):
            thresholds = np.array([fitted['findings'][label]['thresholds'][p] for label in films_module.LABELS])
            called[p, here] = probability[here] >= thresholds
            any_called[p, here] = any_probability[here] >= fitted['any_finding']['thresholds'][p]
    return probability, any_probability, called, any_called


def point_row(labels, called):
    sensitivity, specificity = measures.sensitivity_specificity(labels, called)
    return {'sensitivity': sensitivity, 'specificity': specificity, 'called': int(called.sum()), 'true': int(labels.sum())}


def operating_points(films, called, any_called):
    result = {}
    for p, (name, _, _) in enumerate(calibrate.POINTS):
        result[name] = {label: point_row(films.labels[:, c], called[p][:, c]) for c, label in enumerate(films_module.LABELS)}
        result[name]['any finding'] = point_row(films.labels.max(1), any_called[p])
    return result


def reliability(films, logits, probability):
    raw = measures.sigmoid(logits)
    return {
        label: {
            'brier_before': measures.brier(films.labels[:, c], raw[:, c]),
            'brier_after': measures.brier(films.labels[:, c], probability[:, c]),
            'error_before': measures.calibration_error(films.labels[:, c], raw[:, c]),
            'error_after': measures.calibration_error(films.labels[:, c], probability[:, c]),
        }
        for c, label in enumerate(films_module.LABELS)
    }


def subgroup(films, logits, index, rounds):
    """Figures of the films `index`: of the findings with FEWEST films or more of both kinds; None without any."""
    part = films.take(index)
    enough = [c for c in range(len(films_module.LABELS)) if FEWEST <= part.labels[:, c].sum() <= len(part) - FEWEST]
    if not enough:
        return None
    rows, mean = measures.auroc_table(part.labels[:, enough], logits[index][:, enough], part.column('patient'), rounds)
    return {
        'films': len(part),
        'patients': len(set(part.column('patient'))),
        'mean_auroc': mean,
        'findings': {
            films_module.LABELS[c]: {'auroc': rows[i], 'positives': int(part.labels[:, c].sum())} for i, c in enumerate(enough)
        },
    }


def groups_of(films):
    """{name: [n] whether a film belongs}"""
    age = np.array([int(a) if a.isdigit() else -1 for a in films.column('age')])
    groups = {f'view {v}': films.column('view') == v for v in ('PA', 'AP')}
    groups.update({f'sex {s}': films.column('sex') == s for s in ('F', 'M')})
    groups.update({f'age {name}': (age >= low) & (age < high) for name, low, high in AGES})
    if all('official_split' in row for row in films.rows):
        groups['the test list of the NIH'] = films.column('official_split') == 'test'
    return groups


def sources_of(films):
    """The same by the side of the copy that a film was taken from: what is left when resolution can give nothing away."""
    resolution = films.column('resolution')
    return {f'{kind} px': resolution == kind for kind in sorted(set(resolution), key=int)}


def within_folds(films, scores):
    """Mean over the folds of their own mean AUROC: five networks' logits are not mixed here."""
    means = []
    for k in sorted(set(scores.fold.tolist())):
        here = scores.fold == k
        means.append(measures.mean_auroc(films.labels[here], scores.logits[here]))
    return {'mean': float(np.mean(means)), 'folds': means}


def box_mask(boxes, side):
    mask = np.zeros((side, side), bool)
    for x, y, w, h in boxes:
        left, top, right, bottom = (int(round(v * side / BOX_SCALE)) for v in (x, y, x + w, y + h))
        mask[top : max(bottom, top + 1), left : max(right, left + 1)] = True
    return mask


def pointing(film_map, boxes, cutoff, side=128):
    """(hit, iou, chance) of one map [h, w], measured from the highest threshold, against boxes: the highest
    point lies in a box; the region above the cutoff (nothing where nothing is positive) against the boxes; a
    box's share of the film.
    """
    large = np.asarray(Image.fromarray(film_map.astype(np.float32)).resize((side, side), Image.BILINEAR))
    mask = box_mask(boxes, side)
    hit = mask[np.unravel_index(large.argmax(), large.shape)]
    region = (large >= cutoff * large.max()) & (large > 0)
    return float(hit), float((region & mask).sum() / (region | mask).sum()), float(mask.mean())


def localisation(films, scores, calibration):
    """Pointing game and IoU per kind of box, on every film that has one (whatever the network's score), with maps measured from
    the highest threshold, as the page measures them."""
    words, found = json.loads(WORDS.read_text())['findings'], {}
    fitted = [calibration['findings'][label] for label in films_module.LABELS]
    threshold = np.array([(np.log(t / (1 - t)) - row['offset']) / row['scale'] for row in fitted for t in [max(row['thresholds'])]])
    row_of = dict(zip(films.names, films.rows))
    for name, evidence, bias in zip(scores.boxed, scores.maps, scores.bias):
        maps, row, cases = np.float32(evidence) + (bias - threshold)[:, None, None], row_of[name], {}
        for label, *box in json.loads(row.get('nih_boxes') or '[]'):
            label = 'Infiltration' if label == 'Infiltrate' else label
            cases.setdefault((f'NIH {label}', label), []).append(box)
        opacity = json.loads(row.get('rsna_boxes_1024') or '[]')
        if opacity:
            cases[('RSNA opacity', None)] = opacity
        for (kind, label), boxes in cases.items():
            if label:
                c = films_module.LABELS.index(label)
            else:
                c = max((films_module.LABELS.index(o) for o in OPACITY), key=lambda c: maps[c].max())
            found.setdefault(kind, []).append(pointing(maps[c], boxes, words[films_module.LABELS[c]]['cutoff']))
    return {
        kind: {
            'films': len(rows),
            'hits': int(sum(hit for hit, _, _ in rows)),
            'mean_iou': float(np.mean([iou for _, iou, _ in rows])),
            'chance': float(np.mean([share for _, _, share in rows])),
        }
        for kind, rows in found.items()
    }


def evaluate(films, scores, rounds):
    probability, any_probability, called, any_called = crossed(films, scores)
    findings, mean = discrimination(films, scores.logits, rounds)
    truth, fewer = films.labels.max(1), max(rounds // 2, 50)
    sources = {name: subgroup(films, scores.logits, np.where(inside)[0], fewer) for name, inside in sources_of(films).items()}
    return {
        'kind': scores.kind,
        'data': scores.data,
        'about': scores.about,
        'bootstrap_rounds': rounds,
        'headline': sources.get(f'{HEADLINE} px'),
        'mean_auroc': mean,
        'within_folds': within_folds(films, scores),
        'findings': findings,
        'operating_points': operating_points(films, called, any_called),
        'reliability': reliability(films, scores.logits, probability),
        'subgroups': {
            name: subgroup(films, scores.logits, np.where(inside)[0], fewer) for name, inside in groups_of(films).items()
        },
        'within_source_resolution': sources,
        'any_finding': measures.auroc_table(truth[:, None], scores.any_finding[:, None], films.column('patient'), rounds)[0][0],
        'any_finding_brier': measures.brier(truth, any_probability),
        'localisation': localisation(films, scores, calibrate.fit(scores.logits, films.labels, scores.any_finding)),
        'map_side': int(scores.maps.shape[-1]),
        'separation': separation.tables(films, scores, rounds),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    for name in ('--folds', '--scores', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--cache')
    options.add_argument('--rounds', type=int, default=1000)
    chosen = options.parse_args()
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    scores, films = scores_module.read_out_of_fold(chosen.scores, films, chosen.folds)
    result = evaluate(films, scores, chosen.rounds)
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    headline = result['headline']
    for label, row in result['findings'].items():
        apart = headline['findings'].get(label) if headline else None
        print(
            f'{label:20} {row["auroc"][0]:.3f} ({row["auroc"][1]:.3f}-{row["auroc"][2]:.3f}) of {row["positives"]} true'
            + (f'; {HEADLINE} px {apart["auroc"][0]:.3f} of {apart["positives"]}' if apart else '')
        )
    print('mean AUROC {:.3f} ({:.3f}-{:.3f})'.format(*result['mean_auroc']))
    if headline:
        print('films of {} px {:.3f} ({:.3f}-{:.3f})'.format(HEADLINE, *headline['mean_auroc']))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'evaluate: {error}')
