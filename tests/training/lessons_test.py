"""What a network is taught by, and what must not teach it.

Run: python3 -m unittest tests/training/lessons_test.py
"""
import contextlib
import csv
import io
import json
import pathlib
import sys
import tarfile
import tempfile
import unittest

import numpy as np
from PIL import Image

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from made_up_films import row, write_pack

import films

try:
    import torch
    import averaging
    import folds
    import inference
    import lessons
    import network
    import teach
    import train
    from augment import augment

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


def write_tar(path, names, side):
    random = np.random.default_rng(3)
    with tarfile.open(path, 'w') as pack:
        for name in names:
            buffer = io.BytesIO()
            Image.fromarray(random.integers(0, 255, (side, side), np.uint8)).save(buffer, 'JPEG')
            member = tarfile.TarInfo(name)
            member.size = buffer.tell()
            buffer.seek(0)
            pack.addfile(member, buffer)


@unittest.skipIf(MISSING, MISSING)
class Lessons(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        rows = [row(f'{i}.png', str(i), Mass=str(i % 2), Edema=str(i // 2 % 2)) for i in range(24)]
        write_pack(self.folder, [r['image'] for r in rows], rows)
        self.films = films.load(self.folder, say=None)
        self.train = self.films.take(range(12))

    def write_small(self, patients):
        names = [f'small{i}.png' for i in range(len(patients))]
        write_tar(self.folder / 'nih-64.tar', [name.replace('.png', '.jpg') for name in names], 64)
        with open(self.folder / 'nih-labels-64.csv', 'w', newline='') as file:
            writer = csv.DictWriter(file, films.NEEDED_COLUMNS)
            writer.writeheader()
            writer.writerows(row(name, patient, resolution='64', Hernia='1') for name, patient in zip(names, patients))

    def write_checkpoint(self, name, patients, bias=0.0):
        net = network.build('compact')
        with torch.no_grad():
            net.classifier.bias.fill_(bias)
        path = self.folder / name
        averaging.save(path, {'network': 'compact', 'side': 32, 'weights': net.state_dict(), 'patients': patients})
        return path

    def write_teacher(self, patients, value=0.25, names=None, name='says.npz'):
        names = self.films.names if names is None else names
        lessons.write_said(self.folder / name, lessons.Said(names, np.full((len(names), 14), value), patients))
        return str(self.folder / name)

    def test_small_films_of_patients_kept_out_do_not_teach(self):
        self.write_small(['100', '20', '101'])
        made = lessons.lessons_of(self.train, ['20', '21'], self.folder, ['nih-64'])
        self.assertEqual(made.pixels.shape, (14, 128, 128))
        self.assertEqual(made.labels[12:, films.LABELS.index('Hernia')].tolist(), [1, 1])
        self.assertEqual(set(made.patients), {*map(str, range(12)), '100', '101'})

    def test_small_films_and_their_table_belong_together(self):
        self.write_small(['100', '101'])
        write_tar(self.folder / 'nih-64.tar', ['small0.jpg'], 64)
        with self.assertRaisesRegex(films.DataError, r"holds 1 films, its table 2 sound rows.*\['small1.png'\]"):
            lessons.small_films(self.folder, set())

    def test_films_without_labels_are_taught_by_teachers_alone(self):
        write_tar(self.folder / 'kermany-224.tar', ['dataset/train/NORMAL/a.jpeg', 'dataset/test/NORMAL/b.jpeg', 'dataset/train/PNEUMONIA/c.jpeg'], 224)
        write_tar(self.folder / 'normal-covid-tb-viral-128.tar', ['test/TB/a.jpg', 'test/Viral Pneumonia/b.jpg'], 128)
        more = ['kermany-224', 'normal-covid-tb-viral-128']
        with self.assertRaisesRegex(films.DataError, '3 films of .* have no labels: give --teachers'):
            lessons.lessons_of(self.train, [], self.folder, more)
        names, pixels = lessons.everything(self.films, self.folder, more)
        self.assertEqual(names[24:], ['kermany-224/dataset/train/NORMAL/a.jpeg', 'kermany-224/dataset/train/PNEUMONIA/c.jpeg',
                                      'normal-covid-tb-viral-128/test/TB/a.jpg'])  # fmt: skip
        made = lessons.lessons_of(self.train, ['20'], self.folder, more, [self.write_teacher(['1', '2'], 0.75, names)])
        self.assertEqual(made.targets.shape, (15, network.OUTPUTS + 14))
        self.assertEqual(made.weights[12:, : network.OUTPUTS].abs().sum().item(), 0)
        self.assertTrue((made.weights[:, network.OUTPUTS :] == 1).all() and (made.targets[:, network.OUTPUTS :] == 0.75).all())
        self.assertEqual(len(made.rows), 15)
        self.assertTrue((made.pixels[12:] == pixels[24:]).all())
        with self.assertRaisesRegex(films.DataError, r"says nothing of 3 of 15 films, the first \['kermany-224/dataset/train/NORMAL/a.jpeg'"):
            lessons.lessons_of(self.train, ['20'], self.folder, more, [self.write_teacher(['1'])])

    def test_several_teachers_are_heard_alike(self):
        teachers = [self.write_teacher(['1'], 0.25, self.films.names[::-1], 'a.npz'), self.write_teacher(['2'], 0.75, name='b.npz')]
        values, patients = lessons.taught(teachers, self.train.names, set())
        self.assertTrue((values == 0.5).all() and values.shape == (12, 14))
        self.assertEqual(patients, {'1', '2'})

    def test_a_teacher_that_saw_whom_its_pupil_is_measured_on_is_refused(self):
        teacher = self.write_teacher(['3', '20'])
        with self.assertRaisesRegex(films.DataError, r"saw 1 of the 2 patients on whom its pupil is to be measured, expected none; the first: \['20'\]"):
            lessons.lessons_of(self.train, ['20', '21'], self.folder, teachers=[teacher])
        made = lessons.lessons_of(self.train, ['21'], self.folder, teachers=[teacher])
        self.assertIn('20', made.patients)  # whoever is taught by it has heard of 20
        (self.folder / 'says.npz').write_bytes(b'nothing')
        with self.assertRaisesRegex(films.DataError, 'is no file of teach.py'):
            lessons.lessons_of(self.train, ['21'], self.folder, teachers=[teacher])

    def test_a_beginning_that_saw_them_is_refused_and_features_alone_are_not(self):
        with self.assertRaisesRegex(films.DataError, 'saw 1 of the 1 patients'):
            lessons.beginnings_patients(self.write_checkpoint('t.pt', ['20']), {'20'})
        with self.assertRaisesRegex(films.DataError, 'does not say'):
            lessons.beginnings_patients('shipped.safetensors', {'20'})
        kept = averaging.load(self.folder / 't.pt')
        features = {key: value for key, value in kept['weights'].items() if key.startswith('features.')}
        averaging.save(self.folder / 'start.pt', {**kept, 'weights': features})
        self.assertEqual(lessons.beginnings_patients(self.folder / 'start.pt', {'20'}), set())

    def test_a_teacher_looks_at_films_and_mirrored_films(self):
        path = self.write_checkpoint('t.pt', ['1', '5'])
        pixels = self.train.pixels[:4]
        said = teach.said_of(path, self.train.names[:4], pixels)
        both = [inference.mean_probabilities([path], shown) for shown in (pixels, np.ascontiguousarray(pixels[:, :, ::-1]))]
        np.testing.assert_allclose(said.values, (both[0] + both[1]) / 2, atol=1e-6)
        self.assertFalse(np.allclose(both[0], both[1], atol=1e-6))
        lessons.write_said(self.folder / 'says.npz', said)
        back = lessons.read_said(self.folder / 'says.npz')
        self.assertEqual((back.names, back.patients), (self.train.names[:4], ['1', '5']))
        np.testing.assert_allclose(back.values, said.values, atol=1e-3)
        averaging.save(path, {key: value for key, value in averaging.load(path).items() if key != 'patients'})
        with self.assertRaisesRegex(films.DataError, 'does not say which patients'):
            teach.said_of(path, [], pixels)

    def test_a_pupil_learns_from_all_of_it(self):
        self.write_small(['100', '101', '102'])
        write_tar(self.folder / 'kermany-224.tar', ['dataset/train/NORMAL/a.jpeg'], 224)
        record = folds.record_of(self.films.names, list(self.films.column('patient')), 0)
        (self.folder / 'folds.json').write_text(json.dumps(record))
        kept_out = {self.films.rows[i]['patient'] for i, k in enumerate(record['films'].values()) if k == 1}
        others = sorted({str(i) for i in range(24)} - kept_out)
        arguments = ['--films', str(self.folder), '--folds', str(self.folder / 'folds.json'), '--fold', '1', '--network', 'compact',
                     '--sides', '32', '--batch', '8', '--epochs', '1', '--device', 'cpu', '--run', str(self.folder / 'run'),
                     '--more', 'nih-64', 'kermany-224', '--blur', '0.5']  # fmt: skip
        with contextlib.redirect_stdout(io.StringIO()):
            names = lessons.everything(self.films, self.folder, ['nih-64', 'kermany-224'])[0]
            train.Run(train.parse([*arguments, '--teachers', self.write_teacher(others, names=names)])).go()
        kept = averaging.load(self.folder / 'run' / 'final.pt')
        self.assertEqual(set(kept['patients']), {*others, '100', '101', '102'})
        self.assertEqual(kept['weights']['features.conv0.weight'].dtype, torch.float16)
        self.assertEqual(inference.read_checkpoint(self.folder / 'run' / 'final.pt')['weights']['features.conv0.weight'].dtype, torch.float32)
        with self.assertRaisesRegex(films.DataError, 'on whom its pupil is to be measured'):
            train.Run(train.parse([*arguments, '--teachers', self.write_teacher(sorted(kept_out), names=names)]))


@unittest.skipIf(MISSING, MISSING)
class Blur(unittest.TestCase):
    def test_blurred_films_lose_what_half_the_side_cannot_show(self):
        stripes = torch.tensor([1.0, -1.0]).repeat(64)[None, None, None].expand(4, 1, 128, 128).contiguous()
        self.assertLess(augment(stripes, 128, 0.0, blur=1.0).abs().max().item(), 0.1)
        self.assertGreater(augment(stripes, 128, 0.0, blur=0.0).abs().max().item(), 0.5)

    def test_without_blur_chance_is_as_before(self):
        x = torch.zeros(2, 1, 128, 128)
        torch.manual_seed(1)
        augment(x, 32)
        after = torch.rand(1)
        torch.manual_seed(1)
        augment(x, 32, blur=0.0)
        self.assertEqual(after.item(), torch.rand(1).item())


if __name__ == '__main__':
    unittest.main()
