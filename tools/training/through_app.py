#!/usr/bin/python3
"""Films through the product's own path (its decoder, its resampling, its graph in ONNX Runtime) against PyTorch.

Usage: through_app.py --films FOLDER --shipped shipped.npz --id ID --site FOLDER --out app.json [--most N]
shipped.npz holds what PyTorch makes of some films with the stored weights (export.py writes it). --site is a built page that holds
the model; films go through tools/cxr.mjs, as a user's would. The page's plain
facts of a picture are measured beside: how often it raises each of them for those films, and for pictures that deserve
it, colour photographs of ood.tar and SPOILT of the films spoilt by us.
"""
import argparse
import functools
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import films as films_module

TOOLS = Path(__file__).resolve().parents[1]
SPOILT = 200  # films, of each kind
# reason of the page: (what was done, the same on greys 0..255)
SPOILING = {
    'too-dark': ('at 0.4 of their brightness', lambda greys: 0.4 * greys),
    'too-bright': ('at a gamma of 1/4', lambda greys: 255 * (greys / 255) ** 0.25),
    'clipped': ('squeezed into half of the scale', lambda greys: np.clip(2 * (greys - 64), 0, 255)),
}


def predict(folder, site, model):
    """Records of cxr predict for every film of a folder."""
    command = ['node', TOOLS / 'cxr.mjs', 'predict', folder, '--json', '--site', site, '--model', model]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise films_module.DataError(
            f'cxr predict ended with {done.returncode}: {done.stderr.strip()[-500:]}'
        )
    return json.loads(done.stdout)


def write_spoilt(films, folder, spoil):
    """Files of grey films, as PNG files of the folder with other greys; spoil: array of 0..255 to the same."""
    for film in films:
        greys = spoil(np.asarray(Image.open(film), np.float64))
        Image.fromarray(np.uint8(np.rint(greys))).save(folder / f'{film.stem}.png')


def write_photographs(pack, folder):
    """The pictures of ood.tar that are photographs in colour, as files of the folder."""
    with tarfile.open(pack) as pictures:
        for member in pictures:
            if not member.name.startswith('photo/') or not member.isfile():
                continue
            data = pictures.extractfile(member).read()
            if Image.open(io.BytesIO(data)).mode == 'RGB':
                (folder / Path(member.name).name).write_bytes(data)


def raised(records, reason):
    """[how many of the records have the reason, how many there are]"""
    return [sum(reason in record['refusals'] + record['warnings'] for record in records), len(records)]


def plain_facts(films, records, pack, predicted):
    """{reason: {of, found, wrongly}}: what the page raises it for among pictures that deserve it, and among films.

    films: files of chest films, records: what was predicted for them; predicted(folder): records of its pictures."""
    facts = {}
    kinds = {'colour': ('photographs in colour', lambda folder: write_photographs(pack, folder))}
    for reason, (done, spoil) in SPOILING.items():
        kinds[reason] = f'films {done}', lambda folder, spoil=spoil: write_spoilt(films[:SPOILT], folder, spoil)
    for reason, (of, write) in kinds.items():
        with tempfile.TemporaryDirectory() as place:
            write(Path(place))
            found = raised(predicted(place), reason)
        facts[reason] = {'of': of, 'found': found, 'wrongly': raised(records, reason)}
        print(f'{reason:12s} found {found[0]} of {found[1]} {of}, wrongly raised for {facts[reason]["wrongly"][0]} of {len(records)}')
    return facts


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in ('--shipped', '--id', '--site', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--most', type=int, default=10**6, help='films')
    chosen = options.parse_args()
    strange = films_module.present(Path(chosen.films) / 'ood.tar')  # before the work, not after it
    with np.load(films_module.present(chosen.shipped)) as stored:
        logits = dict(zip((str(n) for n in stored['names'][: chosen.most]), stored['logits']))
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(Path(chosen.films) / films_module.PACK) as pack:
            for member in pack:
                name = Path(member.name).name
                if name.replace('.jpg', '.png') in logits:
                    (Path(place) / name).write_bytes(pack.extractfile(member).read())
        records = predict(place, chosen.site, chosen.id)
        predicted = functools.partial(predict, site=chosen.site, model=chosen.id)
        facts = plain_facts(sorted(Path(place).iterdir()), records, strange, predicted)
    app, torch_logits, failed = [], [], []
    for record in records:
        name = Path(record['file']).name.replace('.jpg', '.png')
        found = {f['id']: f['logit'] for f in record.get('findings') or []}
        if len(found) < len(films_module.LABELS):
            failed.append(f'{name}: {record.get("error")}')
            continue
        app.append([found[label] for label in films_module.LABELS])
        torch_logits.append(logits[name])
    app, torch_logits = np.array(app), np.array(torch_logits)
    difference = np.abs(app - torch_logits)
    result = {
        'films': len(app),
        'refused': failed,
        'largest_difference': float(difference.max()),
        'median_difference': float(np.median(difference)),
        'facts': facts,
    }
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    print(json.dumps({**result, 'refused': len(failed)}))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'through_app: {error}')
