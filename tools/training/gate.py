#!/usr/bin/python3
"""Fits what the page asks of a network's pooled features besides its findings: is this an upright chest film, and is
anything found at all.

Usage: gate.py --films FOLDER --folds folds.json --fold K --checkpoint final.pt --out heads.json [--others FOLDER]
       gate.py --films FOLDER --folds folds.json --fold all --checkpoint final.pt --measured heads-of-a-fold.json --out heads.json
       gate.py --films FOLDER --split split.json --model models/ID
FILMS also holds ood.tar (photographs, other body parts) and kermany-224.tar (children's films). Each reason is one logistic
regression on pooled features: its pictures against chest films, changed chest films (changes.py) and the pictures of all other
reasons, so that what is raised is also what it says. Half of the strange pictures are fitted on. Thresholds let few chest films
through the wrong way, plain ones and those of every change that leaves a chest film one. With --fold K all of it is fitted on
the other folds and measured on fold K; with "all" it is fitted on all films and says what was measured with a fold's network.
With --split the reasons of a model that is shipped already are fitted and measured anew, by the parts that it was trained with, and
put into its manifest. --keep FOLDER keeps features, so that a run that was cut off goes on.
--others: a folder of pictures or DICOM files of other body parts, which are only measured.
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression

import changes
import films as films_module
import folds
import inference
import measures
import network as network_module
import scores
import split

FALSE_ALARMS = 0.005  # of plain films, per reason
FALSE_ALARMS_CHANGED = 0.01  # of films of each change, per reason
PLAIN_FILMS, CHANGED_FILMS = 1500, 300  # of each kind, for each use
CHEST = 'CXR'  # medical-mnist's own chest films: neither strange nor ours
REASONS = [
    (
        'not-a-radiograph',
        'refuse',
        'This does not look like a chest X-ray. Use the original film.',
    ),
    (
        'other-body-part',
        'refuse',
        'This looks like another part of the body or another kind of scan; the model knows chest films only. Check'
        ' that it is the right picture.',
    ),
    (
        'inverted',
        'warn',
        'The film looks inverted, with air bright and bone dark; scores of inverted films mean little. If it is,'
        ' invert it for the model.',
    ),
    (
        'rotated',
        'warn',
        'The film may be rotated; scores may be unreliable. If it is, turn it upright for the model.',
    ),
    (
        'two-in-one',
        'warn',
        'There seem to be two pictures in one; the model reads them as one film. Crop to the one that it is to read.',
    ),
    (
        'photographed-screen',
        'warn',
        'This looks like a photograph of a screen; its pattern and light change the scores. Use the original file.',
    ),
]


def is_held_out(name):
    """Half of all names, by their hash."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def halves(pictures):
    """(pixels to fit on, pixels held out)"""
    parts = [[p for name, p in pictures if is_held_out(name) == held] for held in (False, True)]
    return tuple(np.stack(part) for part in parts)


def threshold(scores, share):
    """The smallest value that at most that share of the scores is above."""
    return float(np.sort(scores)[::-1][int(share * len(scores))])


def fit_head(strange, ordinary, plain, mild=()):
    """(weights, bias) on pooled features: `strange` against `ordinary`; above 0 for at most FALSE_ALARMS of `plain` and
    FALSE_ALARMS_CHANGED of each of `mild`, chest films that nothing was fitted on."""
    x = np.concatenate([strange, ordinary])
    y = np.concatenate([np.ones(len(strange)), np.zeros(len(ordinary))])
    centre, spread = x.mean(0), x.std(0) + 1e-6
    model = LogisticRegression(C=0.01, max_iter=2000, class_weight='balanced').fit((x - centre) / spread, y)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (weights * centre).sum())
    limits = [threshold(plain @ weights + bias, FALSE_ALARMS), *(threshold(m @ weights + bias, FALSE_ALARMS_CHANGED) for m in mild)]
    return weights, bias - max(0.0, *limits)


def rate(features, head):
    return float((features @ head[0] + head[1] > 0).mean())


def rounded(values):
    return [float(f'{v:.4g}') for v in values]


def named(features, heads):
    """[n] the reason of the highest score of each picture, or "" where none is raised."""
    names = list(heads)
    scores = np.stack([features @ weights + bias for weights, bias in heads.values()], 1)
    return np.array([names[i] if row[i] > 0 else '' for row, i in zip(scores, scores.argmax(1))])


class Pictures:
    """Pooled features of everything that is fitted on and measured. part: [n] "fit", "limit" or "measure" of every film: for the
    regressions, for their thresholds, and for the rates."""

    def __init__(self, network, films, part, folder, keep=None, say=print):
        self.network, self.films, self.part, self.keep, self.say = network, films, part, keep and Path(keep), say
        random = np.random.default_rng(0)
        places = {name: random.permutation(np.where(part == name)[0]) for name in ('fit', 'limit', 'measure') if (part == name).any()}
        self.plain = {name: self.features(films.pixels[index[:PLAIN_FILMS]], f'plain, {name}') for name, index in places.items()}
        self.changed = {
            change: {
                name: self.features(changes.changed(films.pixels[index[-CHANGED_FILMS:]], of), f'{change}, {name}')
                for name, index in places.items()
            }
            for change, of in {**changes.MILD, **changes.NAMED}.items()
        }
        strange = {
            'not-a-radiograph': films_module.squares(folder / 'ood.tar', lambda n: n.startswith('photo/')),
            'other-body-part': films_module.squares(
                folder / 'ood.tar', lambda n: n.startswith('medical-mnist/') and f'_{CHEST}_' not in n
            ),
        }
        for reason, pictures in strange.items():
            fit, measure = halves(pictures)
            again = [changes.changed(fit, change) for change in (changes.inverted, changes.window(40, 235), changes.border(0.1, 0))]
            self.changed[reason] = {'fit': self.features(np.concatenate([fit, *again]), reason), 'measure': self.features(measure, reason)}

    def features(self, pixels, words):
        """[n, c] of the pictures, or what was kept of the same pictures and the same head of a network."""
        self.say(f'{len(pixels)} pictures: {words}', flush=True)
        if not self.keep:
            return inference.pooled_features(self.network, pixels)
        known = network_module.head(self.network).weight.detach().cpu().numpy().tobytes() + np.ascontiguousarray(pixels).tobytes()
        path = self.keep / f'{hashlib.sha256(known).hexdigest()[:20]}.npy'
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix('.part.npy')
            np.save(partial, inference.pooled_features(self.network, pixels))
            partial.replace(path)
        return np.load(path)


def fit_reasons(pictures):
    """{reason: (weights, bias)}"""
    heads = {}
    for reason, _, _ in REASONS:
        others = [pictures.changed[name]['fit'] for name, _, _ in REASONS if name != reason]
        ordinary = np.concatenate([pictures.plain['fit'], *(pictures.changed[name]['fit'] for name in changes.MILD), *others])
        mild = [pictures.changed[name]['limit'] for name in changes.MILD]
        heads[reason] = fit_head(pictures.changed[reason]['fit'], ordinary, pictures.plain['limit'], mild)
    return heads


def measured(pictures, heads):
    """{reasons: {reason: [found, named rightly, pictures]}, films: {change: [raised, films]}, alarms: {reason: share of plain}}"""
    reasons = {}
    for reason in heads:
        features = pictures.changed[reason]['measure']
        said = named(features, heads)
        reasons[reason] = [int((said != '').sum()), int((said == reason).sum()), len(said)]
    kinds = {'as they are': pictures.plain['measure'], **{name: pictures.changed[name]['measure'] for name in changes.MILD}}
    films = {name: [int((named(features, heads) != '').sum()), len(features)] for name, features in kinds.items()}
    alarms = {reason: rate(pictures.plain['measure'], head) for reason, head in heads.items()}
    return {'reasons': reasons, 'films': films, 'alarms': alarms}


def sentence(reason, found):
    raised, right, count = found['reasons'][reason]
    return (
        f'of {count} such pictures {100 * raised / count:.0f} % are found and {100 * right / count:.0f} % named so; wrongly raised for'
        f' {100 * found["alarms"][reason]:.1f} % of {found["films"]["as they are"][1]} chest films'
    )


def picture_of(path):
    """[128, 128] uint8 of a picture or DICOM file, centre square, brighter is denser; None where it cannot be read."""
    try:
        if path.suffix.lower() in ('.png', '.jpg', '.jpeg'):
            greys = np.asarray(Image.open(path).convert('L'), np.float32)
        else:
            import pydicom

            file = pydicom.dcmread(path)
            greys = np.float32(file.pixel_array)
            if file.PhotometricInterpretation == 'MONOCHROME1':
                greys = -greys
    except Exception as error:  # whatever a decoder makes of a foreign file
        print(f'{path.name}: left out, {str(error)[:80]}')
        return None
    low, high = np.percentile(greys, [0.5, 99.5])
    return films_module.square(Image.fromarray(np.uint8(np.clip((greys - low) * 255 / max(high - low, 1e-6), 0, 255))))


def children(network, head, folder, rounds):
    """Children's films that nothing was trained on: AUROC of pneumonia against normal, of any finding and of pneumonia."""
    pictures = films_module.squares(folder / 'kermany-224.tar', lambda n: '/test/' in n)
    sick = np.array([[float('/PNEUMONIA/' in name)] for name, _ in pictures])
    persons = np.array([name.rsplit('/', 1)[-1].split('_')[0] for name, _ in pictures])
    pooled = inference.pooled_features(network, np.stack([p for _, p in pictures]))
    linear, pneumonia = network_module.head(network), films_module.LABELS.index('Pneumonia')
    finding = pooled @ linear.weight[pneumonia].detach().cpu().numpy() + float(linear.bias[pneumonia])
    rows, _ = measures.auroc_table(np.repeat(sick, 2, 1), np.column_stack([pooled @ head[0] + head[1], finding]), persons, rounds)
    return {'films': len(pictures), 'any_finding': rows[0], 'pneumonia': rows[1]}


def parts_of(films, folds_path, kept_out):
    """[n] "fit", "limit" or "measure": the kept-out fold is measured on; a seventh of the other patients sets the thresholds.
    Where no fold is kept out, nothing is measured."""
    limit = np.array([hashlib.sha256(f'limit:{p}'.encode()).digest()[0] % 7 == 0 for p in films.column('patient')])
    part = np.where(limit, 'limit', 'fit')
    return np.where(folds.parts_of(films, folds_path, kept_out) == 'validation', 'measure', part)


def reason_rows(heads, found):
    """What a manifest says of the reasons."""
    return [
        {
            'id': name,
            'severity': severity,
            'text': text,
            'measured': sentence(name, found),
            'weights': rounded(heads[name][0]),
            'bias': rounded([heads[name][1]])[0],
        }
        for name, severity, text in REASONS
    ]


def of_folds(chosen, films):
    """Fits, measures and writes heads.json; (pictures, heads, figures)."""
    if not (chosen.fold and chosen.checkpoint and chosen.out):
        raise films_module.DataError('--folds needs --fold, --checkpoint and --out')
    if (chosen.fold == 'all') != bool(chosen.measured):
        raise films_module.DataError('--measured goes with --fold all, and only with it: no film is kept out there to measure on')
    part = parts_of(films, chosen.folds, chosen.fold)
    if chosen.fold != 'all':
        scores.checked(chosen.checkpoint, chosen.fold, films.column('patient')[part == 'measure'])
    network = inference.restore(*inference.shipped_weights(chosen.checkpoint))
    pictures = Pictures(network, films, part, Path(chosen.films), chosen.keep)
    heads = fit_reasons(pictures)
    found = json.loads(Path(chosen.measured).read_text())['measured'] if chosen.measured else measured(pictures, heads)
    any_head = inference.any_finding_head(chosen.checkpoint)
    result = {
        'reasons': reason_rows(heads, found),
        'any_finding': {'weights': rounded(any_head[0]), 'bias': rounded([any_head[1]])[0]},
        'children': children(network, any_head, Path(chosen.films), chosen.rounds),
        'measured': found,
    }
    Path(chosen.out).write_text(json.dumps(result))
    return pictures, heads, found


def of_shipped(chosen, films):
    """The same for a model of models/, with the parts of a split, into its manifest."""
    if not chosen.model:
        raise films_module.DataError('--split needs --model, a folder of models/')
    seed = json.loads(Path(chosen.split).read_text())['seed']
    uses = {'train': 'fit', 'validation': 'limit', 'test': 'measure'}
    part = np.array([uses[name] for name in split.parts(films.column('patient'), seed)])
    network, manifest = scores.shipped_network(chosen.model)
    pictures = Pictures(network, films, part, Path(chosen.films), chosen.keep)
    heads = fit_reasons(pictures)
    found = measured(pictures, heads)
    manifest['feature_heads']['reasons'] = reason_rows(heads, found)
    path = Path(chosen.model) / 'manifest.json'
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + '\n', encoding='utf-8')
    return pictures, heads, found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    parts = options.add_mutually_exclusive_group(required=True)
    parts.add_argument('--folds')
    parts.add_argument('--split')
    for name in ('--fold', '--checkpoint', '--out', '--model', '--keep'):
        options.add_argument(name)
    options.add_argument('--threads', type=int, default=1)
    options.add_argument('--measured', help='heads.json of a fold, whose figures the network of all films takes over')
    options.add_argument('--others', help='folder of pictures of other body parts, which are only measured')
    options.add_argument('--cache')
    options.add_argument('--rounds', type=int, default=1000)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    pictures, heads, found = of_shipped(chosen, films) if chosen.split else of_folds(chosen, films)
    for name in heads:
        print(f'{name:20} {sentence(name, found)}')
    for name, (raised, count) in found['films'].items():
        print(f'chest films {name}: {100 * raised / count:.1f} % of {count} refused or warned of')
    for path in sorted(Path(chosen.others).iterdir()) if chosen.others else []:
        picture = picture_of(path)
        if picture is not None:
            print(f'{path.name}: {named(pictures.features(picture[None], path.name), heads)[0] or "nothing raised"}')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'gate: {error}')
