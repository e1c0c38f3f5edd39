#!/usr/bin/python3
"""Cross-validation by patient: sha256("fold:seed:patient") decides, so a patient never moves when films are added.

Usage: folds.py --films FOLDER --out folds.json [--seed N]
Without --seed the smallest seed is taken under which no fold has less than half of its equal share of any finding (label
counts only are looked at, before any training). Every film lies in one fold; a network is trained for each fold on the films
of the others.
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

import films as films_module

COUNT = 5
LEAST_SHARE = 0.5  # of a fifth of a finding's films, in every fold
RULE = 'sha256("fold:seed:patient"), first 8 bytes as a fraction, times the count, rounded down, plus 1'


def fold_of(patient, seed, count=COUNT):
    """1 to count."""
    digest = hashlib.sha256(f'fold:{seed}:{patient}'.encode()).digest()
    return int(int.from_bytes(digest[:8], 'big') / 2.0**64 * count) + 1


def folds_of(patients, seed, count=COUNT):
    known = {patient: fold_of(patient, seed, count) for patient in set(patients)}
    return np.array([known[patient] for patient in patients])


def choose_seed(patients, labels, count=COUNT, limit=1000):
    needed = LEAST_SHARE * labels.sum(0) / count
    for seed in range(limit):
        fold = folds_of(patients, seed, count)
        if all((labels[fold == k].sum(0) >= needed).all() for k in range(1, count + 1)):
            return seed
    raise films_module.DataError(f'no seed below {limit} leaves every finding in every fold: too few films')


def record_of(names, patients, seed, count=COUNT):
    """What folds.json holds."""
    fold = folds_of(patients, seed, count)
    return {'rule': RULE, 'seed': seed, 'count': count, 'films': dict(zip(names, fold.tolist()))}


def read(path):
    try:
        record = json.loads(Path(path).read_text())
        return {'seed': int(record['seed']), 'count': int(record['count']), 'films': dict(record['films'])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise films_module.DataError(f'{path} is no file of folds.py ({error}): make it again') from error


def numbers(films, path):
    """[n] the fold of every film of Films, by a folds.json. It must name these films and no others, and keep each patient
    in one fold."""
    record = read(path)
    where, count = record['films'], record['count']
    missing, more = [name for name in films.names if name not in where], sorted(set(where) - set(films.names))
    if missing or more:
        raise films_module.DataError(
            f'{path} names {len(where)} films, expected the {len(films)} at hand: {len(missing)} of them it lacks {missing[:3]}, '
            f'{len(more)} it has besides {more[:3]}. Make the folds again'
        )
    fold = np.array([where[name] for name in films.names])
    if not np.isin(fold, np.arange(1, count + 1)).all():
        raise films_module.DataError(f'{path} holds folds {sorted(set(fold.tolist()))}, expected 1 to {count}: make the folds again')
    seen = {}
    for patient, k in zip(films.column('patient'), fold):
        if seen.setdefault(patient, k) != k:
            raise films_module.DataError(f'{path}: patient {patient} is in folds {seen[patient]} and {k}, expected one: make the folds again')
    return fold


def parts_of(films, path, kept_out):
    """[n] "train" or "validation" of every film; kept_out: the number of a fold as text, or "all" for none."""
    fold, count = numbers(films, path), read(path)['count']
    if kept_out not in [*map(str, range(1, count + 1)), 'all']:
        raise films_module.DataError(f'--fold {kept_out}: expected 1 to {count}, or all')
    return np.where(fold.astype(str) == kept_out, 'validation', 'train')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--out', required=True)
    options.add_argument('--seed', type=int)
    chosen = options.parse_args()
    rows, complaints = films_module.read_table(Path(chosen.films) / films_module.TABLE)
    if complaints:
        raise films_module.DataError(f'{films_module.TABLE}: {len(complaints)} rows are not sound: ' + '; '.join(complaints[:5]))
    names = sorted(rows)
    patients = [rows[name]['patient'] for name in names]
    labels = np.array([[int(rows[name][label]) for label in films_module.LABELS] for name in names])
    seed = chosen.seed if chosen.seed is not None else choose_seed(patients, labels)
    record = record_of(names, patients, seed)
    fold = np.array(list(record['films'].values()))
    for k in range(1, COUNT + 1):
        inside = fold == k
        counts = ', '.join(f'{label} {n}' for label, n in zip(films_module.LABELS, labels[inside].sum(0)))
        print(f'fold {k}: {inside.sum()} films, {len({p for p, yes in zip(patients, inside) if yes})} patients; {counts}')
    Path(chosen.out).write_text(json.dumps(record))
    print(f'seed {seed}, written to {chosen.out}')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'folds: {error}')
