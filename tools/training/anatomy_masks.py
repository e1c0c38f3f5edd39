#!/usr/bin/python3
"""Training masks of right lung, left lung and heart, made by a published network and kept only where rules find them sound.

Usage: anatomy_masks.py --films FOLDER --folds folds.json --teacher gan_generator_model.hdf5 --out masks.npz
       [--count 2400] [--side 160]
Takes films of nih-224.tar in an order that a hash of their names decides, at most two of a patient. Each is [side, side]
uint8 with three masks of 0..255 in the order of MASKS; "right" is the patient's right, on the picture's left, as frontal
films are shown by custom. The teacher's second mask holds the heart and the clavicles: the heart is its largest part
after thin bridges are cut. A film is dropped, and its reason counted, where a rule of sound_masks() fails. What was made
is stored every 100 films, and a later call goes on from there.
"""
import argparse
import hashlib
import io
import tarfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from scipy.spatial import ConvexHull

import anatomy_teacher
import films as films_module
import folds

PACK = 'nih-224.tar'
MASKS = ['right_lung', 'left_lung', 'heart']
FILMS_OF_A_PATIENT = 2


class Unsound(Exception):
    """Why masks are not used."""


def parts(mask):
    """The connected parts of a mask, largest first."""
    numbers, count = ndimage.label(mask)
    sizes = ndimage.sum(mask, numbers, range(1, count + 1))
    return [numbers == k + 1 for k in np.argsort(sizes)[::-1]]


def solidity(mask):
    """Its area over that of its convex hull."""
    points = np.argwhere(mask)
    corners = np.concatenate([points + step for step in ((0, 0), (0, 1), (1, 0), (1, 1))])
    return mask.sum() / ConvexHull(corners).volume


def unsure(probability, mask):
    """Share of the mask's surroundings where the teacher is unsure."""
    around = ndimage.binary_dilation(mask, iterations=8)
    return ((probability > 0.25) & (probability < 0.75) & around).sum() / mask.sum()


def must(yes, reason):
    if not yes:
        raise Unsound(reason)


def sound_masks(lungs, heart):
    """[3, h, w] probabilities of MASKS, from the teacher's two masks [h, w]. Raises Unsound."""
    height, width = lungs.shape
    area = height * width
    found = parts(lungs > 0.5)
    must(len(found) >= 2, 'fewer than two lungs')
    pair = sorted(found[:2], key=lambda lung: ndimage.center_of_mass(lung)[1])
    sizes = [lung.sum() / area for lung in pair]
    must(min(sizes) >= 0.04 and max(sizes) <= 0.30, 'size of a lung')
    must(min(sizes) / max(sizes) >= 0.45, 'one lung much smaller')
    must(sum(part.sum() for part in found[2:]) / area < 0.01, 'a third lung')
    (y_right, x_right), (y_left, x_left) = (ndimage.center_of_mass(lung) for lung in pair)
    must(x_left - x_right >= 0.2 * width and abs(y_left - y_right) <= 0.12 * height, 'lungs not beside each other')
    must(min(solidity(lung) for lung in pair) >= 0.82, 'ragged lung')
    must(max(unsure(lungs, lung) for lung in pair) <= 0.25, 'unsure lung')
    tops = [np.argwhere(lung)[:, 0].min() for lung in pair]
    bottoms = [np.argwhere(lung)[:, 0].max() for lung in pair]
    hearts = parts(ndimage.binary_opening(heart > 0.5, iterations=6))
    must(hearts, 'no heart')
    core = hearts[0]
    y, x = ndimage.center_of_mass(core)
    must(0.025 <= core.sum() / area <= 0.2, 'size of the heart')
    must(x_right < x < x_left, 'heart not between the lungs')
    must(x >= (x_right + x_left) / 2 - 0.01 * width, 'heart on the other side')
    must(y > (min(tops) + max(bottoms)) / 2 and y < max(bottoms) + 0.05 * height, 'height of the heart')
    must(solidity(core) >= 0.9, 'ragged heart')
    must(unsure(heart, core) <= 0.3, 'unsure heart')
    return np.stack([probability * ndimage.binary_dilation(mask, iterations=6)
                     for probability, mask in ((lungs, pair[0]), (lungs, pair[1]), (heart, core))])


def chosen_names(names, patient_of, count):
    """By a hash, at most FILMS_OF_A_PATIENT of a patient."""
    seen, chosen = Counter(), []
    for name in sorted(names, key=lambda n: hashlib.sha256(f'anatomy:{n}'.encode()).digest()):
        if name in patient_of and seen[patient_of[name]] < FILMS_OF_A_PATIENT:
            seen[patient_of[name]] += 1
            chosen.append(name)
    return chosen[:count]


def resized(plane, side):
    return np.asarray(Image.fromarray(plane).resize((side, side), Image.Resampling.BOX if side <= min(plane.shape) else Image.Resampling.BILINEAR))


def read(path):
    """(names, films [n,s,s], masks [n,3,s,s], folds [n]) of a file of this script."""
    with np.load(films_module.present(path)) as stored:
        return [str(n) for n in stored['names']], stored['films'], stored['masks'], stored['folds']


def store(path, made, dropped):
    partial = Path(f'{path}.part.npz')
    names = sorted(made)
    np.savez(
        partial, names=np.array(names), films=np.stack([made[n][0] for n in names]), masks=np.stack([made[n][1] for n in names]),
        folds=np.array([made[n][2] for n in names]), dropped=np.array([f'{n}\t{reason}' for n, reason in dropped.items()]),
    )
    partial.rename(path)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--folds', required=True)
    options.add_argument('--teacher', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--count', type=int, default=2400)
    options.add_argument('--side', type=int, default=160)
    options.add_argument('--threads', type=int, default=1)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    folder = Path(chosen.films)
    rows, _ = films_module.read_table(folder / films_module.TABLE)
    fold_of = folds.read(chosen.folds)['films']
    teacher = anatomy_teacher.load(chosen.teacher)
    out, made, dropped = Path(chosen.out), {}, {}
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists():
        names, films, masks, numbers = read(out)
        made = {n: (f, m, k) for n, f, m, k in zip(names, films, masks, numbers)}
        with np.load(out) as stored:
            dropped = dict(str(line).split('\t') for line in stored['dropped'])
    with tarfile.open(films_module.present(folder / PACK)) as pack:
        members = {m.name.rsplit('/', 1)[-1].replace('.jpg', '.png'): m for m in pack if m.isfile()}
        wanted = chosen_names([n for n in members if n in fold_of], {n: row['patient'] for n, row in rows.items()}, chosen.count)
        began, asked = time.monotonic(), 0
        for name in wanted:
            if name in made or name in dropped:
                continue
            picture = np.asarray(Image.open(io.BytesIO(pack.extractfile(members[name]).read())).convert('L'))
            asked += 1
            try:
                masks = sound_masks(*anatomy_teacher.masks(teacher, picture))
                planes = np.stack([resized((255 * mask).astype(np.uint8), chosen.side) for mask in masks])
                made[name] = (resized(picture, chosen.side), planes, fold_of[name])
            except Unsound as reason:
                dropped[name] = str(reason)
            if asked % 100 == 0:
                store(out, made, dropped)
                print(f'{len(made) + len(dropped)} of {len(wanted)}: {len(made)} sound; {(time.monotonic() - began) / asked:.2f} s a film', flush=True)
    store(out, made, dropped)
    print(f'{len(made)} sound, {len(dropped)} dropped: ' + ', '.join(f'{r} {n}' for r, n in Counter(dropped.values()).most_common()))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'anatomy_masks: {error}')
