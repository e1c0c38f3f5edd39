#!/usr/bin/python3
"""Measures a trained and calibrated network on the test patients and writes everything to one file.

Usage: evaluate.py --films FOLDER --split split.json --checkpoint best.pt --calibration calibration.json
                   --out evaluation.json
Test films are looked at here and nowhere else. Intervals are 95 %, by drawing patients with replacement.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

import films as films_module
import inference
import measures

AGES = [('under 40', 0, 40), ('40 to 59', 40, 60), ('60 and over', 60, 200)]
FEWEST = 5  # positives, below which a finding is left out of a subgroup's mean
BOX_SCALE = 1024
WORDS = Path(__file__).parents[1] / 'models' / 'labels.json'  # names and contour levels of the findings
OPACITY = ['Pneumonia', 'Consolidation', 'Infiltration']  # whose maps an RSNA opacity box is compared with


def calibrated(logits, calibration):
    rows = [calibration['findings'][label] for label in films_module.LABELS]
    return np.column_stack(
        [measures.sigmoid(row['scale'] * logits[:, c] + row['offset']) for c, row in enumerate(rows)]
    )


def discrimination(films, logits, rounds):
    patients = films.column('patient')
    rows, mean = measures.auroc_table(films.labels, logits, patients, rounds)
    result = {
        label: {
            'auroc': rows[c],
            'positives': int(films.labels[:, c].sum()),
            'average_precision': measures.average_precision(films.labels[:, c], logits[:, c]),
        }
        for c, label in enumerate(films_module.LABELS)
    }
    return result, mean


def operating_points(films, probability, calibration):
    result = {}
    for p, name in enumerate(('rule-out', 'balanced', 'rule-in')):
        result[name] = {}
        for c, label in enumerate(films_module.LABELS):
            called = probability[:, c] >= calibration['findings'][label]['thresholds'][p]
            sensitivity, specificity = measures.sensitivity_specificity(films.labels[:, c], called)
            result[name][label] = {
                'sensitivity': sensitivity,
                'specificity': specificity,
                'called': int(called.sum()),
                'true': int(films.labels[:, c].sum()),
            }
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
    part = films.take(index)
    enough = [
        c for c in range(len(films_module.LABELS)) if FEWEST <= part.labels[:, c].sum() <= len(part) - FEWEST
    ]
    if not enough:
        return None
    _, mean = measures.auroc_table(
        part.labels[:, enough], logits[index][:, enough], part.column('patient'), rounds
    )
    return {
        'films': len(part),
        'patients': len(set(part.column('patient'))),
        'mean_auroc': mean,
        'findings': [films_module.LABELS[c] for c in enough],
    }


def subgroups(films, logits, rounds):
    age = np.array([int(a) if a.isdigit() else -1 for a in films.column('age')])
    groups = {f'view {v}': films.column('view') == v for v in ('PA', 'AP')}
    groups.update({f'sex {s}': films.column('sex') == s for s in ('F', 'M')})
    groups.update({f'age {name}': (age >= low) & (age < high) for name, low, high in AGES})
    return {name: subgroup(films, logits, np.where(inside)[0], rounds) for name, inside in groups.items()}


def within_sources(films, logits, rounds):
    """AUROC per finding among the films of one source resolution: what is left when resolution can give
    nothing away."""
    result = {}
    resolution = films.column('resolution')
    for kind in sorted(set(resolution), key=int):
        index = np.where(resolution == kind)[0]
        part = films.take(index)
        enough = [
            c
            for c in range(len(films_module.LABELS))
            if FEWEST <= part.labels[:, c].sum() <= len(part) - FEWEST
        ]
        if enough:
            rows, mean = measures.auroc_table(
                part.labels[:, enough], logits[index][:, enough], part.column('patient'), rounds
            )
            result[kind] = {
                'films': len(part),
                'mean_auroc': mean,
                'findings': {
                    films_module.LABELS[c]: {'auroc': rows[i], 'positives': int(part.labels[:, c].sum())}
                    for i, c in enumerate(enough)
                },
            }
    return result


def any_finding(films, probability, rounds):
    """(auroc, low, high) of 'any label' against 'No Finding', from the 14 probabilities as if independent."""
    truth = (films.labels.max(1) > 0).astype(np.float32)[:, None]
    score = 1 - np.prod(1 - probability, 1)
    return measures.auroc_table(truth, score[:, None], films.column('patient'), rounds)[0][0]


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


def threshold_logits(calibration):
    """[14] the highest thresholds as logits of the network: what the page measures evidence from."""
    rows = [calibration['findings'][label] for label in films_module.LABELS]
    return np.array(
        [(np.log(t / (1 - t)) - r['offset']) / r['scale'] for r in rows for t in [max(r['thresholds'])]]
    )


def localisation(films, maps):
    """Pointing game and IoU per kind of box, on every film that has one (whatever the network's score)."""
    words, found = json.loads(WORDS.read_text())['findings'], {}
    for i, row in enumerate(films.rows):
        cases = {}
        for label, *box in json.loads(row.get('nih_boxes') or '[]'):
            label = 'Infiltration' if label == 'Infiltrate' else label
            cases.setdefault((f'NIH {label}', label), []).append(box)
        opacity = json.loads(row.get('rsna_boxes_1024') or '[]')
        if opacity:
            cases[('RSNA opacity', None)] = opacity
        for (name, label), boxes in cases.items():
            if label:
                c = films_module.LABELS.index(label)
            else:
                c = max((films_module.LABELS.index(o) for o in OPACITY), key=lambda c: maps[i, c].max())
            cutoff = words[films_module.LABELS[c]]['cutoff']
            found.setdefault(name, []).append(pointing(maps[i, c], boxes, cutoff))
    return {
        name: {
            'films': len(v),
            'hits': int(sum(h for h, _, _ in v)),
            'mean_iou': float(np.mean([u for _, u, _ in v])),
            'chance': float(np.mean([a for _, _, a in v])),
        }
        for name, v in found.items()
    }


def evaluate(films, network, calibration, rounds):
    logits, features = inference.logits_and_features(network, films.pixels, want_features=True)
    maps = inference.evidence(network, features)
    residual = np.abs(maps.mean((2, 3)) + network.classifier.bias.detach().numpy() - logits).max()
    from_threshold = network.classifier.bias.detach().numpy() - threshold_logits(calibration)
    probability = calibrated(logits, calibration)
    findings, mean = discrimination(films, logits, rounds)
    return logits, {
        'data': f'{len(films)} test films of {len(set(films.column("patient")))} patients of ChestX-ray14',
        'bootstrap_rounds': rounds,
        'mean_auroc': mean,
        'findings': findings,
        'operating_points': operating_points(films, probability, calibration),
        'reliability': reliability(films, logits, probability),
        'subgroups': subgroups(films, logits, max(rounds // 2, 50)),
        'within_source_resolution': within_sources(films, logits, max(rounds // 2, 50)),
        'any_finding': any_finding(films, probability, rounds),
        'localisation': localisation(films, maps + from_threshold[None, :, None, None]),
        'evidence_residual': float(residual),
        'map_side': int(maps.shape[-1]),
    }


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in ('--split', '--checkpoint', '--calibration', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--cache')
    options.add_argument('--rounds', type=int, default=1000)
    chosen = options.parse_args()
    names = json.loads(Path(chosen.split).read_text())['films']['test']
    films = films_module.load(chosen.films, chosen.cache).of(names)
    network = inference.restore(*inference.shipped_weights(chosen.checkpoint))
    logits, result = evaluate(films, network, json.loads(Path(chosen.calibration).read_text()), chosen.rounds)
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    np.savez(Path(chosen.out).with_suffix('.npz'), names=np.array(films.names), logits=logits)
    for label, row in result['findings'].items():
        print(
            f'{label:20} {row["auroc"][0]:.3f} ({row["auroc"][1]:.3f}-{row["auroc"][2]:.3f}) of'
            f' {row["positives"]} positives'
        )
    print('mean AUROC {:.3f} ({:.3f}-{:.3f})'.format(*result['mean_auroc']))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'evaluate: {error}')
