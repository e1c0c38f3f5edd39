#!/usr/bin/python3
"""Measures the anatomy network as the program runs it, on films that it was not trained on: writes measures.json.

Usage: anatomy_measure.py --films FOLDER --masks masks.npz --run FOLDER --out measures.json [--site build/web/site]
       [--changed 120] [--children kermany-224.tar] [--worst FOLDER]
Films of the fold that the run kept out go through `cxr anatomy --json` as PNGs: all of them as they are, and --changed of them turned,
mirrored, inverted, windowed, shifted and cut off on purpose. Pictures without a chest (ood.tar) are those that training kept out.
  dice        of the drawn outlines against the teacher's masks, per organ, by group, with 95 % intervals (films drawn anew)
  ratio       Bland-Altman of the cardiothoracic ratio against the ratio of the teacher's masks: mean difference, 95 % limits with
              their intervals; coefficient of variation: root mean square of the differences over sqrt(2), over the mean
  repeat      the same ratio under shifts and windows: standard deviation within a film over the mean
  said        each thing said of a film: of how many changed films it was said, of how many unchanged ones wrongly
The teacher's masks are not an anatomist's: agreement with them is no accuracy. --worst writes the ten films of lowest Dice with both
outlines; they are films and must not be committed.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

import anatomy_masks
import anatomy_train
import films as films_module

REPOSITORY = Path(__file__).resolve().parents[2]
LARGE = 4  # outlines are drawn this much larger and reduced
ROUNDS = 1000
CUT = 0.3  # of the chest's width or height, cut off on one side
SHIFT = 0.02


def anatomy(pictures, site):
    """What `cxr anatomy --json` says of {name: uint8 picture}, by name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, picture in pictures.items():
            Image.fromarray(picture).save(Path(folder) / f'{name}.png')
        command = ['node', str(REPOSITORY / 'tools' / 'cxr.mjs'), 'anatomy', folder, '--json', '--site', site]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise films_module.DataError(f'cxr anatomy ended with {done.returncode}: {done.stderr.strip()[:300]}')
        return {Path(record['file']).stem: record for record in json.loads(done.stdout)}


def drawn(outline, side):
    """[side, side] bool: the inside of a polygon."""
    picture = Image.new('L', (side * LARGE, side * LARGE))
    ImageDraw.Draw(picture).polygon([(x * LARGE, y * LARGE) for x, y in outline], fill=255)
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX)) > 127


def dice_of(record, masks):
    """[3] of right lung, left lung, heart; 0 where nothing was drawn."""
    organs = [record['lungs']['right'], record['lungs']['left'], record['heart']]
    side = masks.shape[-1]
    values = []
    for organ, mask in zip(organs, masks > 127):
        own = drawn(organ['outline'], side) if organ else np.zeros_like(mask)
        values.append(2 * (own & mask).sum() / (own.sum() + mask.sum()))
    return values


def edges_of(profile):
    """First and last place where a profile of 0..1 passes one half, between its pixels."""
    above = np.nonzero(profile >= 0.5)[0]
    first, last = above[0], above[-1]

    def between(outer, inner):
        return 0.0 if outer < 0 or outer >= len(profile) else (profile[inner] - 0.5) / (profile[inner] - profile[outer])

    return first + 0.5 - between(first - 1, first), last + 0.5 + between(last + 1, last)


def ratio_of(masks):
    """Cardiothoracic ratio of masks [3, s, s] uint8: widest heart over widest lungs, across the picture."""
    right, left, heart = (edges_of(mask.max(0) / 255) for mask in masks)
    return (heart[1] - heart[0]) / (left[1] - right[0])


def interval(values, statistic=np.mean, rounds=ROUNDS):
    """[statistic, low, high] with 95 % of draws of films with replacement."""
    values = np.asarray(values, float)
    random = np.random.default_rng(0)
    draws = [statistic(values[random.integers(len(values), size=len(values))]) for _ in range(rounds)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return [round(float(v), 4) for v in (statistic(values), low, high)]


def wilson(hits, count, z=1.96):
    """[share, low, high] of `hits` in `count`."""
    if not count:
        return [None, None, None]
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return [round(float(v), 4) for v in (share, max(0, middle - half), min(1, middle + half))]


def said(records, does):
    hits = sum(bool(does(record)) for record in records)
    return {'films': len(records), 'said': hits, 'share': wilson(hits, len(records))}


def bland_altman(own, other):
    """Of two lists of ratios."""
    own, other = np.asarray(own), np.asarray(other)
    difference = own - other
    spread = lambda d: np.sqrt((d * d).mean() / 2) / np.concatenate([own, other]).mean()
    return {
        'films': len(own), 'mean_difference': interval(difference), 'lower_limit': interval(difference, lambda d: d.mean() - 1.96 * d.std(ddof=1)),
        'upper_limit': interval(difference, lambda d: d.mean() + 1.96 * d.std(ddof=1)), 'coefficient_of_variation': interval(difference, spread),
    }


def windowed(film, low, high):
    """Grey low..high of 255 becomes black..white."""
    return (255 * np.clip((film.astype(float) - low) / (high - low), 0, 1)).round().astype(np.uint8)


def shifted(film, x, y):
    return np.roll(np.pad(film, 16, 'edge'), (y, x), (0, 1))[16:-16, 16:-16]


def cut(film, masks, side):
    """The film without that share of its chest on one side, and a name of that side."""
    inside = (masks[:2] > 127).any(0)
    rows, columns = np.nonzero(inside.any(1))[0], np.nonzero(inside.any(0))[0]
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    scale = film.shape[0] / masks.shape[-1]
    width, height = CUT * (right - left) / 2, CUT * (bottom - top)
    first = {'left': (0, left + width), 'top': (top + height, 0)}.get(side, (0, 0))
    last = {'right': (film.shape[0] / scale, right - width), 'bottom': (bottom - height, film.shape[1] / scale)}.get(side, (film.shape[0] / scale, film.shape[1] / scale))
    (y0, x0), (y1, x1) = ((int(round(v * scale)) for v in place) for place in (first, last))
    return film[y0:y1, x0:x1]


def changes(films, masks):
    """{kind: {name: picture}} of films changed on purpose."""
    pixels = max(1, round(SHIFT * next(iter(films.values())).shape[0]))
    kinds = {f'turned {90 * turns}': lambda f, m, turns=turns: np.rot90(f, -turns) for turns in (1, 2, 3)}
    kinds['mirrored'] = lambda f, m: f[:, ::-1]
    kinds['inverted'] = lambda f, m: 255 - f
    kinds['window 40-235'] = lambda f, m: windowed(f, 40, 235)
    kinds['window 20-200'] = lambda f, m: windowed(f, 20, 200)
    for name, (x, y) in {'left': (-1, 0), 'right': (1, 0), 'up': (0, -1), 'down': (0, 1)}.items():
        kinds[f'shifted {name}'] = lambda f, m, x=x, y=y: shifted(f, x * pixels, y * pixels)
    for side in ('left', 'right', 'top', 'bottom'):
        kinds[f'cut {side}'] = lambda f, m, side=side: cut(f, m, side)
    kinds['half'] = lambda f, m: f[:, :f.shape[1] // 2]
    return {kind: {name: np.ascontiguousarray(change(films[name], masks[name])) for name in films} for kind, change in kinds.items()}


def groups_of(row):
    found = any(row[label] == '1' for label in films_module.LABELS)
    yield f'view {row["view"]}'
    yield 'a finding' if found else 'no finding'
    yield 'cardiomegaly' if row['Cardiomegaly'] == '1' else 'no cardiomegaly'
    yield {'M': 'men', 'F': 'women'}.get(row['sex'], 'sex not stated')
    yield 'under 18' if row['age'].isdigit() and int(row['age']) < 18 else '18 and older'


def dice_table(names, dice, rows):
    members = {'all': list(range(len(names)))}
    for i, name in enumerate(names):
        for group in groups_of(rows[name]):
            members.setdefault(group, []).append(i)
    dice = np.array(dice)
    return {group: {'films': len(index), **{organ: interval(dice[index, k]) for k, organ in enumerate(anatomy_masks.MASKS)}}
            for group, index in members.items() if len(index) >= 5}


def draw_worst(folder, names, dice, films, masks, records):
    folder.mkdir(parents=True, exist_ok=True)
    for place, i in enumerate(np.argsort(np.mean(dice, 1))[:10], 1):
        side = films[names[i]].shape[0]
        picture = Image.fromarray(films[names[i]]).convert('RGB').resize((side * LARGE, side * LARGE))
        pen = ImageDraw.Draw(picture)
        for mask in masks[names[i]] > 127:
            edge = mask ^ np.roll(mask, 1, 0) | mask ^ np.roll(mask, 1, 1)
            for y, x in np.argwhere(edge):
                pen.rectangle([x * LARGE, y * LARGE, x * LARGE + 1, y * LARGE + 1], fill=(80, 160, 255))
        record = records[names[i]]
        for organ in (record.get('lungs') or {}).get('right'), (record.get('lungs') or {}).get('left'), record.get('heart'):
            if organ:
                pen.polygon([(x * LARGE, y * LARGE) for x, y in organ['outline']], outline=(255, 160, 60))
        picture.save(folder / f'{place:02}-{names[i]}')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--masks', required=True)
    options.add_argument('--run', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--site', default=str(REPOSITORY / 'build' / 'web' / 'site'))
    options.add_argument('--changed', type=int, default=120)
    options.add_argument('--children', default='kermany-224.tar')
    options.add_argument('--worst', type=Path)
    chosen = options.parse_args()
    rows, _ = films_module.read_table(Path(chosen.films) / films_module.TABLE)
    kept_out = torch.load(Path(chosen.run) / 'final.pt')['kept_out']
    names, pixels, planes, fold = anatomy_masks.read(chosen.masks)
    index = np.nonzero(fold == kept_out)[0]
    films = {names[i]: pixels[i] for i in index}
    masks = {names[i]: planes[i] for i in index}
    names = sorted(films)

    def ask(pictures):
        renamed = {f'{k:05}': picture for k, picture in enumerate(pictures.values())}
        answers = anatomy(renamed, chosen.site)
        return dict(zip(pictures, (answers[f'{k:05}'] for k in range(len(pictures)))))

    records = ask(films)
    found = [name for name in names if records[name]['found']]
    dice = [dice_of(records[name], masks[name]) for name in found]
    with_ratio = [name for name in found if records[name]['cardiothoracic_ratio'] is not None]
    own = [records[name]['cardiothoracic_ratio'] for name in with_ratio]
    result = {
        'weights': next(iter(records.values()))['model']['sha256'], 'kept_out': int(kept_out), 'films': len(names), 'found': said(list(records.values()), lambda r: r['found']),
        'with_ratio': len(with_ratio), 'dice': dice_table(found, dice, rows),
        'ratio': bland_altman(own, [ratio_of(masks[name]) for name in with_ratio]),
        'ratio_of_groups': {},
    }
    for view in ('PA', 'AP'):
        part = [name for name in with_ratio if rows[name]['view'] == view]
        if len(part) >= 10:
            result['ratio_of_groups'][view] = bland_altman([records[n]['cardiothoracic_ratio'] for n in part], [ratio_of(masks[n]) for n in part])
    few = names[:chosen.changed]
    changed = {kind: ask(pictures) for kind, pictures in changes({n: films[n] for n in few}, masks).items()}
    plain = [records[name] for name in names]

    def hits(kind, does):
        return said(list(changed[kind].values()), does)

    result['said'] = {
        'turned (the right quarter)': {
            **{kind: hits(kind, lambda r, q=int(kind.split()[1]) // 90: r['pose']['quarter_turns'] == q) for kind in ('turned 90', 'turned 180', 'turned 270')},
            'false alarms': said(plain, lambda r: r['pose']['quarter_turns'] != 0)},
        'mirrored': {'mirrored': hits('mirrored', lambda r: r['pose']['mirrored']), 'false alarms': said(plain, lambda r: r['pose']['mirrored'])},
        'inverted': {'inverted': hits('inverted', lambda r: r['pose']['inverted']), 'false alarms': said(plain, lambda r: r['pose']['inverted'])},
        **{f'cut off: {side}': {
            'cut': hits(f'cut {side}', lambda r, side=side: r['found'] and r['cut_off'][side]),
            'cut, or lungs not found': hits(f'cut {side}', lambda r, side=side: not r['found'] or r['cut_off'][side]),
            'false alarms': said([r for r in plain if r['found']], lambda r, side=side: r['cut_off'][side])} for side in ('left', 'right', 'top', 'bottom')},
        'lungs found on half a film': {'half': hits('half', lambda r: r['found'])},
        'a ratio on half a film': {'half': hits('half', lambda r: r.get('cardiothoracic_ratio') is not None)},
    }
    repeat = [k for k in changed if k.startswith('shifted')], [k for k in changed if k.startswith('window')]
    result['repeat'] = {}
    for name, kinds in zip(('shifts of 2 %', 'windows 40-235 and 20-200 of 255'), repeat):
        ratios = [[records[n]['cardiothoracic_ratio'], *(changed[k][n].get('cardiothoracic_ratio') for k in kinds)] for n in few if records[n]['found']]
        whole = [r for r in ratios if all(v is not None for v in r)]
        variances = [np.var(r, ddof=1) for r in whole]
        mean = float(np.mean(whole)) if whole else 1.0
        result['repeat'][name] = {'films': len(whole), 'lost': len(ratios) - len(whole), 'coefficient_of_variation': interval(variances, lambda v: np.sqrt(v.mean()) / mean)}
    strange = dict(anatomy_train.strange_pictures(chosen.films, films[names[0]].shape[0], True))
    kinds = {}
    for name, record in ask(strange).items():
        kind = 'photographs' if name.startswith('photo') else name.split('resized_')[-1].split('_')[0]
        kinds.setdefault(kind, []).append(record)
    result['no_chest'] = {kind: said(records_of, lambda r: r['found']) for kind, records_of in sorted(kinds.items())}
    others = dict(films_module.squares(Path(chosen.films) / anatomy_train.STRANGE, lambda n: anatomy_train.CHEST_CLASS in n))
    result['other_chests'] = {'chest films of another set, 64 px': said(list(ask(others).values()), lambda r: r['found'])}
    if (Path(chosen.films) / chosen.children).exists():
        children = films_module.squares(Path(chosen.films) / chosen.children)[::18]
        result['other_chests']['children of 1 to 5 years'] = said(list(ask(dict(children)).values()), lambda r: r['found'])
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    if chosen.worst:
        draw_worst(chosen.worst, found, dice, films, masks, records)
    print(json.dumps({key: result[key] for key in ('found', 'ratio', 'repeat', 'said', 'no_chest', 'other_chests')}, indent=1))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'anatomy_measure: {error}')
