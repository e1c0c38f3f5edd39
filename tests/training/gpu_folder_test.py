"""The folder for a machine with a GPU, and what comes back of it.

Run: python3 -m unittest tests/training/gpu_folder_test.py
"""
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
from unittest import mock

import numpy as np
from PIL import Image

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from made_up_films import row, write_pack

import films

try:
    import gpu_folder

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


@unittest.skipIf(MISSING, MISSING)
class GpuFolder(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def make(self):
        write_pack(self.folder, ['a.png'], [row('a.png', '1')])
        for name in ('nih-64.tar', 'nih-labels-64.csv', 'published.tflite'):
            (self.folder / name).write_bytes(name.encode())
        with tarfile.open(self.folder / 'kermany-224.tar', 'w') as pack:
            for name in ('dataset/train/NORMAL/a.jpeg', 'dataset/test/NORMAL/b.jpeg'):
                data = io.BytesIO()
                Image.fromarray(np.full((224, 300), 90, np.uint8)).save(data, 'JPEG')
                gpu_folder.add(pack, name, data.getvalue())
        (self.folder / 'runs' / 'mobilenetv2' / '2').mkdir(parents=True, exist_ok=True)
        (self.folder / 'runs' / 'mobilenetv2' / '2' / 'says.npz').write_bytes(b'fold 2')
        return gpu_folder.make(self.folder, self.folder / 'published.tflite', self.folder / 'out', self.folder / 'runs')

    def test_it_holds_films_code_and_what_is_finished(self):
        size = self.make()
        out = self.folder / 'out'
        self.assertEqual(size, sum(path.stat().st_size for path in out.rglob('*') if path.is_file()))
        with tarfile.open(out / 'films.tar.xz') as packed:
            self.assertEqual(packed.getnames(), ['nih-128.tar', 'nih-labels.csv', 'nih-64.tar', 'nih-labels-64.csv', 'kermany-224.tar', 'published.tflite'])
            with tarfile.open(fileobj=io.BytesIO(packed.extractfile('kermany-224.tar').read())) as children:
                self.assertEqual(children.getnames(), ['dataset/train/NORMAL/a.jpeg'])
                self.assertEqual(Image.open(children.extractfile(children.getmembers()[0])).size, (128, 128))
        self.assertEqual((out / 'kept' / 'mobilenetv2' / '2' / 'says.npz').read_bytes(), b'fold 2')
        code = out / 'code' / 'tools' / 'training'
        done = subprocess.run([sys.executable, '-c', 'import train, scores, imagenet_start, folds'], cwd=code, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(subprocess.run(['sh', '-n', out / 'go']).returncode, 0)
        with self.assertRaisesRegex(films.DataError, 'is not empty'):
            self.make()

    def test_a_folder_that_is_too_large_is_refused(self):
        with mock.patch.object(gpu_folder, 'MOST', 1000), self.assertRaisesRegex(films.DataError, 'bytes, expected 1,000 at most'):
            self.make()

    def test_results_come_back_where_they_are_looked_for(self):
        results, runs = self.folder / 'results', self.folder / 'runs'
        results.mkdir()
        (runs / 'densenet121' / '1').mkdir(parents=True)
        (runs / 'densenet121' / '1' / 'final.pt').write_bytes(b'made here')
        for name in ('densenet121-1.pt', 'densenet121-all.pt'):
            (results / name).write_bytes(b'made there')
        with tarfile.open(results / 'densenet121-logs.tgz', 'w:gz') as logs:
            gpu_folder.add(logs, 'densenet121/all/log-0.csv', b'epoch')
            gpu_folder.add(logs, '../outside.csv', b'epoch')
        self.assertEqual(gpu_folder.take_back(results, runs), ['densenet121-all'])
        self.assertEqual((runs / 'densenet121' / '1' / 'final.pt').read_bytes(), b'made here')
        self.assertEqual((runs / 'densenet121' / 'all' / 'final.pt').read_bytes(), b'made there')
        self.assertEqual((runs / 'densenet121' / 'all' / 'log-0.csv').read_bytes(), b'epoch')
        self.assertFalse((self.folder / 'outside.csv').exists())
        (results / 'other.pt').write_bytes(b'')
        with self.assertRaisesRegex(films.DataError, 'other.pt: expected NETWORK-FOLD.pt'):
            gpu_folder.take_back(results, runs)


if __name__ == '__main__':
    unittest.main()
