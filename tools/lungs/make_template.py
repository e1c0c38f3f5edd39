#!/usr/bin/python3
"""The template that src/anatomy/lungs.cpp looks for: the mean of many frontal films, each laid onto it.

Usage: make_template.py --films FOLDER [--count 600] [--rounds 3]
Takes films of training patients only (tools/training/split.py), begins with their plain mean, finds each film's place
on the template as the core does (shift and scale of both axes), and takes the mean of the films so placed, a few times.
What comes out is nobody's film. Prints the table of src/anatomy/lungs_template.h; where the lungs lie in it was read off
the picture by hand, once, and stands beside it.
"""
import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / 'training'))
import films as films_module  # noqa: E402
import split  # noqa: E402

SIDE = 16  # of the template
GRID = 64  # of the film it is laid onto
SEED = 15  # of the split
PLACES = (np.arange(SIDE) + 0.5) / SIDE - 0.5
X, Y = np.meshgrid(PLACES, PLACES)
WEIGHT = np.exp(-((X / 0.42) ** 4) - ((Y / 0.45) ** 4))


def reduced(film):
    """The film on GRID x GRID cells, each the mean of its surroundings, without its extreme fiftieths."""
    cells = film.astype(float).reshape(GRID, film.shape[0] // GRID, GRID, film.shape[1] // GRID).mean((1, 3))
    padded = np.pad(cells, 1, mode='edge')
    smooth = sum(padded[y : y + GRID, x : x + GRID] for y in range(3) for x in range(3)) / 9
    return np.clip(smooth, *np.quantile(smooth, (0.02, 0.98)))


def placed(film, place):
    """Values of the reduced film where the template's would lie: place is x, y of the middle, width, height."""
    x = np.clip((0.5 + place[0] + place[2] * X) * GRID - 0.5, 0, GRID - 1.0001)
    y = np.clip((0.5 + place[1] + place[3] * Y) * GRID - 0.5, 0, GRID - 1.0001)
    left, top = x.astype(int), y.astype(int)
    u, v = x - left, y - top
    upper = film[top, left] * (1 - u) + film[top, left + 1] * u
    return upper * (1 - v) + (film[top + 1, left] * (1 - u) + film[top + 1, left + 1] * u) * v


def standardised(values):
    centred = values - (values * WEIGHT).sum() / WEIGHT.sum()
    return centred / (np.sqrt((centred**2 * WEIGHT).sum()) + 1e-9)


def likeness(film, template, place):
    usual = 0.25 * (place[0] ** 2 + place[1] ** 2) + 0.05 * (np.log(place[2]) ** 2 + np.log(place[3]) ** 2)
    return (standardised(placed(film, place)) * template * WEIGHT).sum() - usual


def find_place(film, template):
    starts = [
        (x, y, width, height)
        for height in (0.8, 1, 1.2)
        for width in (0.85, 1, 1.15)
        for y in (-0.12, -0.04, 0.04, 0.12)
        for x in (-0.08, 0, 0.08)
    ]
    best, place = max((likeness(film, template, start), start) for start in starts)
    step = 0.04
    while step > 0.004:
        moved = False
        for axis in range(4):
            for direction in (-1, 1):
                other = list(place)
                other[axis] += direction * step * (2 if axis >= 2 else 1)
                found = likeness(film, template, other)
                if found > best:
                    best, place, moved = found, other, True
        if not moved:
            step /= 2
    return place


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    options.add_argument('--count', type=int, default=600)
    options.add_argument('--rounds', type=int, default=3)
    chosen = options.parse_args()
    films = films_module.load(chosen.films)
    train = [i for i, patient in enumerate(films.column('patient')) if split.part_of(patient, SEED) == 'train']
    picked = np.random.default_rng(0).permutation(train)[: chosen.count]
    reduced_films = [reduced(films.pixels[i]) for i in picked]
    whole = (0, 0, 1, 1)
    template = standardised(np.mean([standardised(placed(film, whole)) for film in reduced_films], 0))
    for _ in range(chosen.rounds):
        rows = [standardised(placed(film, find_place(film, template))) for film in reduced_films]
        template = standardised(np.mean(rows, 0))
    table = np.round(template / np.abs(template).max() * 127).astype(int)
    for row in table:
        print('    ' + ', '.join(str(value) for value in row) + ',')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'make_template: {error}')
