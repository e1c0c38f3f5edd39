#!/usr/bin/python3
"""Patient-disjoint splits by rule: sha256("seed:patient") decides, so a patient never moves when films are
added.

Usage: split.py --films FOLDER --out split.json [--seed N] Without --seed the smallest seed is taken that
leaves every finding at least a few positives in validation and test (label counts only are looked at,
before any training).
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

import films as films_module

SHARES = (('train', 0.80), ('validation', 0.08), ('test', 0.12))
FEWEST = {'validation': 2, 'test': 3}


def part_of(patient, seed):
    """'train', 'validation' or 'test' for a patient id."""
    digest = hashlib.sha256(f'{seed}:{patient}'.encode()).digest()
    place = int.from_bytes(digest[:8], 'big') / 2.0**64
    for name, share in SHARES:
        if place < share:
            return name
        place -= share
    return SHARES[-1][0]


def parts(patients, seed):
    known = {patient: part_of(patient, seed) for patient in set(patients)}
    return np.array([known[patient] for patient in patients])


def assert_disjoint(patients, part):
    """Raises DataError when one patient has films in two parts."""
    seen = {}
    for patient, name in zip(patients, part):
        if seen.setdefault(patient, name) != name:
            raise films_module.DataError(
                f'patient {patient} is in both {seen[patient]} and {name}: make the split anew'
            )


def parts_of(films, path):
    """[n] the part of every film of Films, by a split.json."""
    split = json.loads(Path(path).read_text())
    where = {name: part for part, _ in SHARES for name in split['films'][part]}
    part = np.array([where.get(name, 'none') for name in films.names])
    assert_disjoint(films.column('patient'), part)
    return part


def choose_seed(patients, labels, limit=1000):
    for seed in range(limit):
        part = parts(patients, seed)
        if all((labels[part == name].sum(0) >= fewest).all() for name, fewest in FEWEST.items()):
            return seed
    raise films_module.DataError(f'no seed below {limit} leaves every finding in every part: too few films')


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    options.add_argument('--out', required=True)
    options.add_argument('--seed', type=int)
    chosen = options.parse_args()
    rows, complaints = films_module.read_table(Path(chosen.films) / films_module.TABLE)
    for complaint in complaints[:10]:
        print(complaint)
    names = sorted(rows)
    patients = [rows[name]['patient'] for name in names]
    labels = np.array([[int(rows[name][label]) for label in films_module.LABELS] for name in names])
    seed = chosen.seed if chosen.seed is not None else choose_seed(patients, labels)
    part = parts(patients, seed)
    assert_disjoint(patients, part)
    record = {
        'rule': 'sha256("seed:patient"), first 8 bytes as a fraction; shares in order',
        'seed': seed,
        'shares': dict(SHARES),
        'films': {},
        'patients': {},
    }
    for name, _ in SHARES:
        inside = part == name
        record['films'][name] = [n for n, yes in zip(names, inside) if yes]
        record['patients'][name] = sorted({p for p, yes in zip(patients, inside) if yes}, key=int)
        print(
            f'{name}: {inside.sum()} films, {len(record["patients"][name])} patients; '
            + ', '.join(f'{l} {c}' for l, c in zip(films_module.LABELS, labels[inside].sum(0)))
        )
    Path(chosen.out).write_text(json.dumps(record))
    print(f'seed {seed}, written to {chosen.out}')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'split: {error}')
