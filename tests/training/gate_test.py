"""The gate: changes that a chest film goes through, the regressions that name what is no upright chest film, and their figures.

Run: python3 -m unittest tests/training/gate_test.py
"""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

import numpy as np
from PIL import Image

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))
sys.path.append(str(pathlib.Path(__file__).resolve().parent))
import changes
import films

try:
    import torch
    import folds
    import gate
    import inference

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


class Changes(unittest.TestCase):
    def setUp(self):
        self.film = np.random.default_rng(2).integers(0, 256, (128, 128)).astype(np.uint8)

    def one(self, change, film=None):
        return changes.changed([self.film if film is None else film], change)[0]

    def test_a_window_shows_what_lies_in_it_and_clips_the_rest(self):
        film = np.uint8([[0, 60, 100, 220, 255]])
        self.assertEqual(self.one(changes.MILD['window 60 to 220'], film).tolist(), [[0, 0, 63, 255, 255]])

    def test_a_border_takes_its_share_of_every_edge(self):
        framed = self.one(changes.MILD['white border of 25 %'])
        self.assertEqual((framed == 255).all(1).sum(), 64)
        self.assertTrue((framed[:32] == 255).all() and (framed[:, -32:] == 255).all())
        self.assertLess(framed[40:88, 40:88].mean(), 200)

    def test_turned_inverted_and_mirrored(self):
        self.assertTrue((self.one(changes.inverted) == 255 - self.film).all())
        self.assertTrue((self.one(changes.mirrored)[:, 0] == self.film[:, -1]).all())
        turns = changes.changed([self.film] * 40, changes.turned)
        quarter = [next(k for k in range(4) if (np.rot90(self.film, k) == t).all()) for t in turns]
        self.assertEqual(set(quarter), {1, 2, 3})

    def test_two_films_stand_side_by_side_on_black(self):
        bright = np.full((128, 128), 200, np.uint8)
        pictures = changes.changed([bright] * 20, changes.side_by_side)
        heights = [(p[:, 10] > 0).sum() for p in pictures]
        self.assertTrue(min(heights) >= 62 and max(heights) <= 128 and len(set(heights)) > 5)
        self.assertTrue(all((p[64, 4:60] == 200).all() and (p[64, 68:124] > 0).all() for p in pictures))

    def test_every_change_gives_a_film_again_and_the_same_one_each_time(self):
        for name, change in {**changes.MILD, **changes.NAMED}.items():
            first, second = (changes.changed([self.film, self.film], change, seed=4) for _ in range(2))
            self.assertEqual((first.shape, first.dtype), ((2, 128, 128), np.uint8), name)
            self.assertTrue((first == second).all(), name)
            self.assertFalse((first[0] == self.film).all(), name)


@unittest.skipIf(MISSING, MISSING)
class Gate(unittest.TestCase):
    def clouds(self, *centres, count=500, seed=5):
        """Features in 6 dimensions around each centre."""
        random = np.random.default_rng(seed)
        return [random.normal(0, 1, (count, 6)) + np.eye(6)[i] * far for i, far in centres]

    def test_a_head_finds_the_strange_and_takes_few_chest_films_for_it(self):
        strange, chest, plain, mild = self.clouds((0, 6), (1, 0), (1, 0), (0, 2), count=1000)
        head = gate.fit_head(strange[:500], chest, plain)
        self.assertGreater(gate.rate(strange[500:], head), 0.95)
        self.assertLessEqual(gate.rate(plain, head), gate.FALSE_ALARMS)
        self.assertGreater(gate.rate(mild, head), gate.FALSE_ALARMS_CHANGED)
        stricter = gate.fit_head(strange[:500], chest, plain, [mild])
        self.assertLessEqual(gate.rate(mild, stricter), gate.FALSE_ALARMS_CHANGED)
        self.assertLessEqual(gate.rate(plain, stricter), gate.FALSE_ALARMS)

    def test_a_picture_is_named_by_its_highest_reason_alone(self):
        heads = {'a': (np.array([1.0, 0]), -1.0), 'b': (np.array([0, 1.0]), -1.0)}
        self.assertEqual(gate.named(np.array([[3.0, 2], [2, 3], [0, 0]]), heads).tolist(), ['a', 'b', ''])

    def pictures(self):
        """Of every reason a cloud of its own far from the chest films; those of one mild change lie half way to a reason."""
        names = [name for name, _, _ in gate.REASONS]
        made = types.SimpleNamespace(plain={}, changed={})
        for part, seed in (('fit', 1), ('limit', 2), ('measure', 3)):
            made.plain[part], = self.clouds((0, 0), seed=seed)
            for i, name in enumerate(names):
                made.changed.setdefault(name, {})[part], = self.clouds((i, 8), seed=seed + 10 * i)
            for i, name in enumerate(changes.MILD):
                made.changed.setdefault(name, {})[part], = self.clouds((0, 3 if i == 0 else 0), seed=seed + 100 * i)
        return made

    def test_reasons_are_named_rightly_and_changed_films_let_through(self):
        made = self.pictures()
        heads = gate.fit_reasons(made)
        found = gate.measured(made, heads)
        for reason, (raised, right, count) in found['reasons'].items():
            self.assertGreater(right / count, 0.95, reason)
            self.assertGreaterEqual(raised, right)
        for change, (raised, count) in found['films'].items():
            self.assertLess(raised / count, 0.06, change)
        said = gate.sentence('inverted', {'reasons': {'inverted': [9, 8, 10]}, 'alarms': {'inverted': 0.002}, 'films': {'as they are': [1, 50]}})
        self.assertEqual(said, 'of 10 such pictures 90 % are found and 80 % named so; wrongly raised for 0.2 % of 50 chest films')

    def test_the_kept_out_fold_is_measured_on_and_no_patient_sets_thresholds_that_is_fitted_on(self):
        rows = [{'patient': str(i // 2)} for i in range(400)]
        of = films.Films([f'{i}.png' for i in range(400)], np.zeros((400, 1, 1), np.uint8), np.zeros((400, 14), np.float32), rows)
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'folds.json'
            path.write_text(json.dumps(folds.record_of(of.names, list(of.column('patient')), 1)))
            part, fold = gate.parts_of(of, path, '3'), folds.numbers(of, path)
            self.assertEqual((part == 'measure').tolist(), (fold == 3).tolist())
            self.assertEqual(set(of.column('patient')[part == 'fit']) & set(of.column('patient')[part == 'limit']), set())
            self.assertTrue(0.05 < (part == 'limit').mean() < 0.25)
            self.assertEqual(set(gate.parts_of(of, path, 'all')), {'fit', 'limit'})

    def test_pictures_of_other_body_parts_are_read_whatever_their_greys(self):
        with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()) as said:
            folder = pathlib.Path(place)
            Image.fromarray(np.tile(np.arange(100, 150, dtype=np.uint8), (50, 1))).save(folder / 'hand.png')
            (folder / 'broken.png').write_bytes(b'nothing')
            picture = gate.picture_of(folder / 'hand.png')
            self.assertEqual((picture.shape, int(picture.min()), int(picture.max())), ((128, 128), 0, 255))
            self.assertIsNone(gate.picture_of(folder / 'broken.png'))
        self.assertIn('broken.png: left out', said.getvalue())

    def test_figures_of_a_network_of_all_films_come_from_a_folds(self):
        arguments = ['gate.py', '--films', 'f', '--folds', 'f', '--fold', 'all', '--checkpoint', 'c', '--out', 'o']
        of = films.Films([], np.zeros((0, 1, 1)), np.zeros((0, 14)), [])
        with mock.patch('sys.argv', arguments), mock.patch.object(films, 'load', lambda *_, **__: of):
            with self.assertRaisesRegex(films.DataError, '--measured goes with --fold all'):
                gate.main()

    def test_features_are_kept_for_a_run_that_goes_on(self):
        asked = []
        net = types.SimpleNamespace(classifier=torch.nn.Linear(2, 3))
        with tempfile.TemporaryDirectory() as place, mock.patch.object(inference, 'pooled_features', lambda _, p: asked.append(len(p)) or np.full((len(p), 2), 7.0)):
            made = gate.Pictures.__new__(gate.Pictures)
            made.network, made.keep, made.say = net, pathlib.Path(place) / 'kept', lambda *_, **__: None
            for count in (3, 3, 4):
                self.assertEqual(made.features(np.zeros((count, 4, 4), np.uint8), 'words').tolist(), [[7.0, 7.0]] * count)
        self.assertEqual(asked, [3, 4])


if __name__ == '__main__':
    unittest.main()
