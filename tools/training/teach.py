#!/usr/bin/python3
"""Asks a trained network about all films at hand, for pupils to learn from: train.py --teachers.

Usage: teach.py --films FOLDER --checkpoint final.pt --out says.npz [--more nih-64 kermany-224 ...]
OUT: probabilities of every film, the mean of the film and its mirror image, and the patients whose labels had a say in them. A
fold's network is asked about the films of its own fold too; train.py refuses it wherever that would tell on whom is measured.
"""
import argparse

import numpy as np
import torch

import films as films_module
import inference
import lessons


def said_of(checkpoint, names, pixels, device='cpu'):
    kept = inference.read_checkpoint(checkpoint)
    if 'patients' not in kept:
        raise films_module.DataError(f'{checkpoint} does not say which patients it was trained on: train it with train.py --folds')
    mirrored = np.ascontiguousarray(pixels[:, :, ::-1])
    values = sum(inference.mean_probabilities([checkpoint], shown, device) / 2 for shown in (pixels, mirrored))
    return lessons.Said(names, values, list(kept['patients']))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--checkpoint', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--more', nargs='*', choices=lessons.MORE, default=[])
    options.add_argument('--cache')
    options.add_argument('--threads', type=int, default=1)
    options.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    said = said_of(chosen.checkpoint, *lessons.everything(films, chosen.films, chosen.more), chosen.device)
    lessons.write_said(chosen.out, said)
    print(f'{chosen.checkpoint} says of {len(said.names)} films; written to {chosen.out}')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'teach: {error}')
