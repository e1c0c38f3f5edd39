#!/usr/bin/python3
"""Scores of films by networks that never saw their patients, in one file from which everything else is measured.

Usage: scores.py --films FOLDER --folds folds.json --runs FOLDER_OF_THE_FOLDS --out out-of-fold.npz
       scores.py … --fold 1 --out out-of-fold.npz
       scores.py --films FOLDER --split split.json --model models/ID --out held-out.npz
The first scores every film with the network of its fold (FOLDER/1/final.pt and so on) and refuses a network that was trained on
one of the patients it would score; with --fold only the films of that fold. A fold whose scores.npz is there without its network
(kept/ holds those of networks trained elsewhere) counts as it is. The last scores the test part of a split with a network as it is shipped. Per film: the
logits of the findings, that of any finding, and the evidence maps where a reader drew boxes.
"""
import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import boxes
import films as films_module
import folds
import inference
import network as network_module
import split

OUT_OF_FOLD, HELD_OUT = 'out-of-fold', 'held-out'


@dataclass
class Scores:
    kind: str  # OUT_OF_FOLD or HELD_OUT
    data: str  # which films, in words
    names: list  # of the films
    fold: np.ndarray  # [n] of the network that scored each film; 0 for HELD_OUT
    logits: np.ndarray  # [n, 14]
    any_finding: np.ndarray  # [n] logits
    boxed: list  # names of the films that readers drew boxes in
    maps: np.ndarray  # [boxed, 14, h, w] evidence; its mean and the bias make the logit
    bias: np.ndarray  # [boxed, 14] of the network that scored each
    about: dict  # what the networks were: side, network, sha256 of every checkpoint


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def score(network, any_head, films):
    """(logits [n, 14], any [n], names of boxed films, their maps) of one network; any_head: (weights, bias)."""
    weight, bias = any_head
    logits, any_finding, boxed, maps = [], [], [], []
    for start in range(0, len(films), 64):
        part = films.take(range(start, min(start + 64, len(films))))
        values, features = inference.logits_and_features(network, part.pixels, want_features=True)
        logits.append(values)
        any_finding.append(features.mean((2, 3)) @ weight + bias)
        drawn = [i for i, row in enumerate(part.rows) if boxes.boxes_of(row) or row.get('rsna_boxes_1024') or row.get('nih_boxes')]
        boxed += [part.names[i] for i in drawn]
        maps.append(inference.evidence(network, features[drawn]).astype(np.float16))
    return np.concatenate(logits), np.concatenate(any_finding), boxed, np.concatenate(maps)


def checked(path, fold, held_out):
    """The checkpoint of a fold, which must not have seen any patient of `held_out`."""
    kept = inference.read_checkpoint(path)
    if 'patients' not in kept or 'fold' not in kept:
        raise films_module.DataError(f'{path} does not say which patients it was trained on: train it with train.py --folds')
    if kept['fold'] != str(fold):
        raise films_module.DataError(f'{path} is of fold {kept["fold"]}, expected fold {fold}')
    seen = sorted(set(kept['patients']) & set(held_out))
    if seen:
        raise films_module.DataError(
            f'{path} was trained on {len(seen)} of the {len(set(held_out))} patients of fold {fold}, expected none; the first: {seen[:5]}'
        )
    return kept


def of_folds(films, folds_path, runs, only=None, say=print, device='cpu'):
    """Scores of all films, fold by fold, or of the fold `only`; those of a fold are kept beside its checkpoint."""
    fold = folds.numbers(films, folds_path)
    count = folds.read(folds_path)['count']
    found, about = [], {'folds': sha256(folds_path), 'checkpoints': {}}
    for k in [only] if only else range(1, count + 1):
        path, part = Path(runs) / str(k) / 'final.pt', films.take(np.where(fold == k)[0])
        if not len(part):
            raise films_module.DataError(f'{folds_path}: no film is in fold {k}: make the folds again')
        stored = path.with_name('scores.npz')
        one = read(stored) if stored.exists() else None
        if one is not None and not path.exists():
            if one.names != part.names:
                raise films_module.DataError(f'{stored} is of other films than those of fold {k}, and its network is not there: train it')
            of = one.about
        else:
            kept = checked(path, k, part.column('patient'))
            of = {'checkpoint': sha256(path), 'network': kept['network'], 'side': kept['side']}
        about.update(network=of['network'], side=of['side'])
        about['checkpoints'][str(k)] = of['checkpoint']
        if one is None or one.about != of or one.names != part.names:
            network = inference.restore(*inference.shipped_weights(path)).to(device)
            logits, any_finding, boxed, maps = score(network, inference.any_finding_head(path), part)
            bias = network_module.head(network).bias.detach().cpu().numpy()
            one = Scores(OUT_OF_FOLD, f'fold {k}', part.names, np.full(len(part), k), logits, any_finding, boxed, maps,
                         np.repeat(bias[None], len(boxed), 0), of)  # fmt: skip
            write(stored, one)
        found.append(one)
        say(f'fold {k}: {len(part)} films scored')
    scored = films.take(np.where(fold == only)[0]) if only else films
    whose = 'all scored by a network that was not trained on them' if only else (
        f'each scored by the one of {count} networks that was not trained on its patient')  # fmt: skip
    return joined(found, f'{len(scored)} films of {len(set(scored.column("patient")))} patients of ChestX-ray14, {whose}', about)


def joined(found, data, about):
    return Scores(
        OUT_OF_FOLD,
        data,
        [name for one in found for name in one.names],
        *(np.concatenate([getattr(one, key) for one in found]) for key in ('fold', 'logits', 'any_finding')),
        [name for one in found for name in one.boxed],
        *(np.concatenate([getattr(one, key) for one in found]) for key in ('maps', 'bias')),
        about,
    )


def shipped_network(model):
    """(network, manifest) of a folder of models/, with its weights as they are stored."""
    manifest = json.loads(films_module.present(Path(model) / 'manifest.json').read_text(encoding='utf-8'))
    weights = network_module.read_packed(Path(model) / 'weights.safetensors')
    return inference.restore(weights, network_module.name_of(weights), manifest['input']['width']), manifest


def of_split(films, split_path, model):
    """Scores of the test part by a shipped model. The part goes by the split's rule, so films that came later count as well."""
    seed = json.loads(Path(split_path).read_text())['seed']
    part = films.take(np.where(split.parts(films.column('patient'), seed) == 'test')[0])
    network, manifest = shipped_network(model)
    head = manifest['feature_heads']['any_finding']
    logits, any_finding, boxed, maps = score(network, (np.float32(head['weights']), head['bias']), part)
    bias = network_module.head(network).bias.detach().numpy()
    data = f'{len(part)} films of {len(set(part.column("patient")))} patients of ChestX-ray14, none of them trained on or chosen by'
    return Scores(HELD_OUT, data, part.names, np.zeros(len(part), int), logits, any_finding, boxed, maps,
                  np.repeat(bias[None], len(boxed), 0), {'model': manifest['id'], 'version': manifest['version']})  # fmt: skip


def write(path, scores):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    partial = Path(f'{path}.part.npz')
    np.savez_compressed(partial, **{**vars(scores), 'about': json.dumps(scores.about)})
    partial.replace(path)


def read(path):
    path = films_module.present(path)
    try:
        with np.load(path) as stored:
            values = {key: stored[key] for key in Scores.__dataclass_fields__}
    except (OSError, ValueError, KeyError) as error:
        raise films_module.DataError(f'{path} is no file of scores.py ({error}): score the films again') from error
    values.update(kind=str(values['kind']), data=str(values['data']), about=json.loads(str(values['about'])))
    values.update({key: [str(name) for name in values[key]] for key in ('names', 'boxed')})
    return Scores(**values)


def read_out_of_fold(path, films, folds_path):
    """(the out-of-fold scores, the Films that they are of), in the order of `films`: all of them, or those of the folds that were
    scored so far. An error where they are anything else."""
    scores = read(path)
    if scores.kind != OUT_OF_FOLD:
        raise films_module.DataError(f'{path} holds {scores.kind} scores, expected {OUT_OF_FOLD} ones: make them with scores.py --folds')
    numbers, done = folds.numbers(films, folds_path), [int(k) for k in scores.about['checkpoints']]
    films = films.take(np.where(np.isin(numbers, done))[0])
    fold = dict(zip(films.names, numbers[np.isin(numbers, done)].tolist()))
    missing, more = sorted(set(fold) - set(scores.names)), sorted(set(scores.names) - set(fold))
    if missing or more or len(set(scores.names)) != len(scores.names):
        raise films_module.DataError(
            f'{path} holds scores of {len(scores.names)} films, expected one of each of {len(fold)}: {len(missing)} are missing'
            f' {missing[:3]}, {len(more)} are not at hand {more[:3]}'
        )
    wrong = [name for name, k in zip(scores.names, scores.fold.tolist()) if fold[name] != k]
    if wrong:
        raise films_module.DataError(
            f'{path}: {len(wrong)} films were scored by the network of another fold than theirs, the first {wrong[:3]}: score the films again'
        )
    return in_order(scores, films), films


def parts_to_cross(scores, films):
    """[n] parts of the patients: what is fitted on scores is measured on the part that it was not fitted on. The folds, or, where
    one fold alone was scored, as many parts of its patients."""
    if len(set(scores.fold.tolist())) > 1:
        return scores.fold
    return folds.folds_of(films.column('patient'), 'parts')


def in_order(scores, films):
    """The scores of `films`, in their order."""
    place = {name: i for i, name in enumerate(scores.names)}
    order = [place[name] for name in films.names]
    return Scores(scores.kind, scores.data, list(films.names), scores.fold[order], scores.logits[order], scores.any_finding[order],
                  scores.boxed, scores.maps, scores.bias, scores.about)  # fmt: skip


def films_of(scores, films):
    """The films that were scored, in the order of the scores."""
    place = {name: i for i, name in enumerate(films.names)}
    missing = [name for name in scores.names if name not in place]
    if missing:
        raise films_module.DataError(f'{len(missing)} of {len(scores.names)} scored films are not at hand, the first {missing[:3]}')
    return films.take([place[name] for name in scores.names])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    parts = options.add_mutually_exclusive_group(required=True)
    parts.add_argument('--folds')
    parts.add_argument('--split')
    options.add_argument('--runs', help='with --folds: the folder that holds 1/final.pt and so on')
    options.add_argument('--fold', type=int, help='with --folds: the films of this fold only')
    options.add_argument('--model', help='with --split: a folder of models/')
    options.add_argument('--out', required=True)
    options.add_argument('--cache')
    options.add_argument('--threads', type=int, default=1)
    options.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    if chosen.folds:
        scores = of_folds(films, chosen.folds, chosen.runs, chosen.fold, device=chosen.device)
    else:
        scores = of_split(films, chosen.split, chosen.model)
    if Path(chosen.out).exists() and read(chosen.out).about == scores.about:
        print(f'{chosen.out} holds these scores already')
        return
    write(chosen.out, scores)
    print(f'{scores.data}; written to {chosen.out}')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'scores: {error}')
