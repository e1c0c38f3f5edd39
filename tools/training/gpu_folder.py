#!/usr/bin/python3
"""Makes a folder that holds all that cross-validation needs on a machine with a GPU and without a network: under 60 MB.

Usage: gpu_folder.py --films FOLDER --published FILE.tflite --out FOLDER [--runs RUNS]
There, in that folder:  ./go NETWORK "FOLDS" RESULTS     such as  ./go mobilenetv2 "1 2 3 4 5 all" results
The folds run side by side on one GPU. RESULTS gains NETWORK-FOLD.pt of every finished fold, matrices in half precision, under
16 MB each, and NETWORK-logs.tgz, with the scores once all five folds are finished there. Back here, gpu_folder.py --back RESULTS --runs RUNS puts them where crossvalidate looks for them. With
--runs, the folds are those of RUNS, and what its MobileNetV2 say goes along (says.npz), to teach densenet121.
Of the children's films those that teach go along at 128 px; the pack of COVID and tuberculosis does not fit.
"""
import argparse
import io
import lzma
import re
import shutil
import stat
import tarfile
from pathlib import Path

from PIL import Image

import films as films_module
import lessons

TOOLS = Path(__file__).resolve().parents[1]
MOST, MOST_CHECKPOINT = 60_000_000, 16_000_000  # bytes
CHILDREN = 'kermany-224'
GO = '''#!/bin/sh
# Usage: go NETWORK "FOLDS" RESULTS   (see gpu_folder.py, which made this)
set -eu
network=${1:?mobilenetv2 or densenet121} folds=${2:?folds, such as "1 2 3 all"} results=${3:?folder}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$results" "$here/runs/$network"
results=$(cd "$results" && pwd)
export PYTHON="${PYTHON:-python3}" MORE='nih-64 kermany-224' THREADS=2 PUBLISHED="$here/films/published.tflite"
[ -d "$here/films" ] || { mkdir "$here/unpacked" && "$PYTHON" -c "import tarfile, sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" \\
  "$here/films.tar.xz" "$here/unpacked" && mv "$here/unpacked" "$here/films"; }
cd "$here/code/tools/training"
cp -rn "$here/kept/." "$here/runs/" 2>/dev/null || true
[ -f "$here/runs/folds.json" ] || "$PYTHON" folds.py --films "$here/films" --out "$here/runs/folds.json"
"$PYTHON" -c "import films, sys; films.load(sys.argv[1], sys.argv[2], whole=True)" "$here/films" "$here/runs/nih-128.npz"
status=0 waiting=
for fold in $folds; do
  FOLDS=$fold SCORE=no ./crossvalidate "$here/films" "$network" "$here/runs" > "$here/runs/$network/$fold.txt" 2>&1 &
  waiting="$waiting $!"
done
for each in $waiting; do wait "$each" || status=1; done
[ "$network" = densenet121 ] || export TEACH=yes
FOLDS='' ./crossvalidate "$here/films" "$network" "$here/runs" || status=1
for fold in $folds; do
  [ ! -f "$here/runs/$network/$fold/final.pt" ] || cp "$here/runs/$network/$fold/final.pt" "$results/$network-$fold.pt"
  tail -n 2 "$here/runs/$network/$fold.txt"
done
cd "$here/runs" && find "$network" -name '*.txt' -o -name log-0.csv -o -name settings.json -o -name scores.npz -o -name says.npz |
  tar czf "$results/$network-logs.tgz" -T -
exit $status
'''


def small_children(pack):
    """The tar of the children's films that teach, as the network sees them."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w') as smaller:
        for name, picture in films_module.squares(pack, lessons.WITHOUT_LABELS[CHILDREN]):
            data = io.BytesIO()
            Image.fromarray(picture).save(data, 'JPEG', quality=90)
            add(smaller, name, data.getvalue())
    return buffer.getvalue()


def add(tar, name, data):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


def write_films(folder, published, out):
    names = [films_module.PACK, films_module.TABLE, 'nih-64.tar', 'nih-labels-64.csv']
    with lzma.open(out, 'wb', preset=6) as compressed, tarfile.open(fileobj=compressed, mode='w') as tar:
        for name in names:
            add(tar, name, films_module.present(Path(folder) / name).read_bytes())
        add(tar, f'{CHILDREN}.tar', small_children(Path(folder) / f'{CHILDREN}.tar'))
        add(tar, 'published.tflite', films_module.present(Path(published)).read_bytes())


def make(films, published, out, runs=None):
    out = Path(out)
    if out.exists() and any(out.iterdir()):
        raise films_module.DataError(f'{out} is not empty: give a new folder')
    out.mkdir(parents=True, exist_ok=True)
    for part in ('training', 'models'):
        (out / 'code' / 'tools' / part).mkdir(parents=True)
        for path in sorted((TOOLS / part).iterdir()):
            if path.is_file() and path.suffix in ('.py', '.json', ''):
                shutil.copy2(path, out / 'code' / 'tools' / part)
    write_films(films, published, out / 'films.tar.xz')
    (out / 'go').write_text(GO)
    (out / 'go').chmod((out / 'go').stat().st_mode | stat.S_IXUSR)
    if runs:
        for path in [Path(runs) / 'folds.json', *sorted(Path(runs).glob('mobilenetv2/*/says.npz'))]:
            if path.exists():
                kept = out / 'kept' / path.relative_to(runs)
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, kept)
    size = sum(path.stat().st_size for path in out.rglob('*') if path.is_file())
    if size > MOST:
        raise films_module.DataError(f'{out} has {size:,} bytes, expected {MOST:,} at most: a pack has grown')
    return size


def take_back(results, runs):
    """Puts the checkpoints of a folder of results where crossvalidate has them; what is there already stays."""
    taken = []
    for path in sorted(Path(results).glob('*.pt')):
        named = re.fullmatch(r'(mobilenetv2|densenet121)-([1-9]|all)', path.stem)
        if not named:
            raise films_module.DataError(f'{path.name}: expected NETWORK-FOLD.pt, as go writes them')
        if path.stat().st_size > MOST_CHECKPOINT:
            raise films_module.DataError(f'{path.name} has {path.stat().st_size:,} bytes, expected {MOST_CHECKPOINT:,} at most')
        place = Path(runs) / named[1] / named[2]
        if (place / 'final.pt').exists():
            continue
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place / 'final.pt')
        taken.append(path.stem)
    for path in sorted(Path(results).glob('*-logs.tgz')):
        with tarfile.open(path) as logs:
            for entry in logs:
                place = Path(runs) / entry.name
                if entry.isfile() and '..' not in Path(entry.name).parts and not Path(entry.name).is_absolute() and not place.exists():
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(logs.extractfile(entry).read())
    return taken


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--published')
    options.add_argument('--out')
    options.add_argument('--runs')
    options.add_argument('--back')
    chosen = options.parse_args()
    if chosen.back and chosen.runs:
        print('taken back: ' + (', '.join(take_back(chosen.back, chosen.runs)) or 'nothing new'))
    elif chosen.out and chosen.published:
        print(f'{chosen.out}: {make(chosen.films, chosen.published, chosen.out, chosen.runs):,} bytes')
    else:
        options.error('give --published and --out, or --back and --runs')


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'gpu_folder: {error}')
