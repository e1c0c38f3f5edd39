#!/usr/bin/python3
"""The test films through the product's own path (its decoder, its resampling, its graph in ONNX Runtime) against PyTorch.

Usage: through_app.py --films FOLDER --evaluation E.json --id ID --site FOLDER --out app.json [--most N]
--site is a built page that holds the model; films go through tools/cxr.mjs, as a user's would. Logits are compared with
those of the trained float32 network, so the difference is that of the whole path, storage included.
"""
import argparse
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np

import films as films_module
import measures

TOOLS = Path(__file__).resolve().parents[1]


def predict(folder, site, model):
    """Records of cxr predict for every film of a folder."""
    command = ['node', TOOLS / 'cxr.mjs', 'predict', folder, '--json', '--site', site, '--model', model]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise films_module.DataError(
            f'cxr predict ended with {done.returncode}: {done.stderr.strip()[-500:]}'
        )
    return json.loads(done.stdout)


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    for name in ('--evaluation', '--id', '--site', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--most', type=int, default=10**6, help='films')
    chosen = options.parse_args()
    with np.load(Path(chosen.evaluation).with_suffix('.npz')) as stored:
        logits = dict(zip((str(n) for n in stored['names'][: chosen.most]), stored['logits']))
    rows, _ = films_module.read_table(Path(chosen.films) / films_module.TABLE)
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(Path(chosen.films) / films_module.PACK) as pack:
            for member in pack:
                name = Path(member.name).name
                if name.replace('.jpg', '.png') in logits:
                    (Path(place) / name).write_bytes(pack.extractfile(member).read())
        records = predict(place, chosen.site, chosen.id)
    app, torch_logits, labels, failed = [], [], [], []
    for record in records:
        name = Path(record['file']).name.replace('.jpg', '.png')
        found = {f['id']: f['logit'] for f in record.get('findings') or []}
        if len(found) < len(films_module.LABELS):
            failed.append(f'{name}: {record.get("error")}')
            continue
        app.append([found[label] for label in films_module.LABELS])
        torch_logits.append(logits[name])
        labels.append([float(rows[name][label]) for label in films_module.LABELS])
    app, torch_logits, labels = np.array(app), np.array(torch_logits), np.array(labels)
    means = [
        float(np.nanmean([measures.auroc(labels[:, c], scores[:, c]) for c in range(labels.shape[1])]))
        for scores in (app, torch_logits)
    ]
    difference = np.abs(app - torch_logits)
    result = {
        'films': len(app),
        'refused': failed,
        'largest_difference': float(difference.max()),
        'median_difference': float(np.median(difference)),
        'mean_auroc_app': means[0],
        'mean_auroc_pytorch': means[1],
    }
    Path(chosen.out).write_text(json.dumps(result, indent=1))
    print(json.dumps({**result, 'refused': len(failed)}))


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'through_app: {error}')
