#!/usr/bin/env python3
"""Writes models/<id>/manifest.json, but for the files' hashes, which pack.py fills in.

    python3 tools/models/make_manifest.py DESCRIPTION.json CALIBRATION.json [--models FOLDER]
    python3 tools/models/pack.py TRAINED.safetensors --id ID --manifest models/ID/manifest.json

DESCRIPTION.json   what a person says of the model: id, name, version, licence, sources, family (of the architecture; "densenet"
                   where it is not said), input, labels (ids in the order of the outputs), operating_points [{id, name, explanation}], default_operating_point, limits, notice
CALIBRATION.json   what a program measured: {"data": which films, "findings": {label: {"thresholds": [one per operating
                   point], "scale", "offset"}}}; without scale and offset the label's scores are not calibrated
                   (flagged_share.py and tools/training/calibrate.py write such files)
labels.json        the words for each finding, beside this script
"""
import argparse
import json
import pathlib

DIGITS = 6


def label_entry(label, words, measured):
    calibration = {'kind': 'none'}
    if 'scale' in measured:
        calibration = {'kind': 'platt', 'scale': round(measured['scale'], DIGITS), 'offset': round(measured['offset'], DIGITS)}
    return {'id': label, **words, 'calibration': calibration}


def make(description, calibration, words):
    labels, findings = description['labels'], calibration['findings']
    if unknown := [label for label in labels if label not in words or label not in findings]:
        raise SystemExit(f'no words or no calibration for {", ".join(unknown)}')
    points = description['operating_points']
    for label in labels:
        if len(findings[label]['thresholds']) != len(points):
            raise SystemExit(f'{label} has {len(findings[label]["thresholds"])} thresholds for {len(points)} operating points')
    manifest = {'schema_version': 1}
    manifest.update({key: description[key] for key in ('id', 'name', 'version', 'licence', 'sources')})
    manifest['architecture'] = {'family': description.get('family', 'densenet')}
    manifest['input'] = description['input']
    manifest['labels'] = [label_entry(label, words[label], findings[label]) for label in labels]
    manifest['operating_points'] = [
        {**point, 'data': calibration['data'],
         'thresholds': [round(findings[label]['thresholds'][index], DIGITS) for label in labels]}
        for index, point in enumerate(points)]
    manifest.update({key: description[key] for key in ('default_operating_point', 'limits', 'notice')})
    manifest['golden'] = 'golden.json'
    return manifest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('description', type=pathlib.Path)
    parser.add_argument('calibration', type=pathlib.Path)
    parser.add_argument('--models', type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / 'models')
    arguments = parser.parse_args()
    description = json.loads(arguments.description.read_text(encoding='utf-8'))
    calibration = json.loads(arguments.calibration.read_text(encoding='utf-8'))
    words = json.loads((pathlib.Path(__file__).parent / 'labels.json').read_text(encoding='utf-8'))['findings']
    folder = arguments.models / description['id']
    folder.mkdir(parents=True, exist_ok=True)
    manifest = make(description, calibration, words)
    (folder / 'manifest.json').write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + '\n', encoding='utf-8')
    print(f'{folder / "manifest.json"}: {len(manifest["labels"])} labels, {len(manifest["operating_points"])} operating points')


if __name__ == '__main__':
    main()
