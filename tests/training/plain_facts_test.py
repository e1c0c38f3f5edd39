"""What the page's plain facts of a picture find and cost, as tools/training/through_app.py counts it.

Run: python3 -m unittest tests/training/plain_facts_test.py
"""
import contextlib
import io
import pathlib
import sys
import tarfile
import tempfile
import unittest

import numpy as np
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))
import card
import through_app


class PlainFacts(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def test_films_are_spoilt_as_it_is_said(self):
        film = self.folder / 'film.png'
        Image.fromarray(np.array([[0, 64, 100, 191, 255]], np.uint8)).save(film)
        spoilt = {}
        for reason, (_, spoil) in through_app.SPOILING.items():
            (self.folder / reason).mkdir()
            through_app.write_spoilt([film], self.folder / reason, spoil)
            spoilt[reason] = np.asarray(Image.open(self.folder / reason / 'film.png'))[0].tolist()
        self.assertEqual(spoilt['too-dark'], [0, 26, 40, 76, 102])
        self.assertEqual(spoilt['too-bright'], [0, 180, 202, 237, 255])
        self.assertEqual(spoilt['clipped'], [0, 0, 72, 254, 255])

    def test_only_photographs_in_colour_are_taken(self):
        def picture(mode):
            data = io.BytesIO()
            Image.new(mode, (4, 4)).save(data, 'JPEG')
            return data.getvalue()

        with tarfile.open(self.folder / 'ood.tar', 'w') as pictures:
            for name, mode in (('photo/hen.jpg', 'RGB'), ('photo/grey.jpg', 'L'), ('medical-mnist/hand.jpg', 'RGB')):
                data = picture(mode)
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                pictures.addfile(entry, io.BytesIO(data))
        (self.folder / 'photographs').mkdir()
        through_app.write_photographs(self.folder / 'ood.tar', self.folder / 'photographs')
        self.assertEqual([path.name for path in (self.folder / 'photographs').iterdir()], ['hen.jpg'])

    def test_a_reason_counts_whether_it_refuses_or_warns(self):
        records = [{'refusals': ['colour'], 'warnings': []}, {'refusals': [], 'warnings': ['small', 'too-dark']}, {'refusals': [], 'warnings': []}]
        self.assertEqual([through_app.raised(records, reason) for reason in ('colour', 'too-dark', 'clipped')], [[1, 3], [1, 3], [0, 3]])

    def test_every_kind_is_counted_beside_the_films(self):
        films = [self.folder / 'a.png', self.folder / 'b.png']
        for film in films:
            Image.new('L', (4, 4), 128).save(film)
        with tarfile.open(self.folder / 'ood.tar', 'w'):
            pass
        dark, ordinary = {'refusals': [], 'warnings': ['too-dark']}, {'refusals': [], 'warnings': []}
        with contextlib.redirect_stdout(io.StringIO()) as said:
            facts = through_app.plain_facts(films, [ordinary, dark], self.folder / 'ood.tar',
                                            lambda folder: [dark for _ in pathlib.Path(folder).iterdir()])  # fmt: skip
        self.assertEqual(facts['too-dark'], {'of': 'films at 0.4 of their brightness', 'found': [2, 2], 'wrongly': [1, 2]})
        self.assertEqual((facts['clipped']['found'], facts['colour']['found']), ([0, 2], [0, 0]))
        self.assertIn('too-dark     found 2 of 2', said.getvalue())

    def test_the_card_says_both(self):
        facts = {'colour': {'of': 'photographs', 'found': [2, 3], 'wrongly': [1, 400]}}
        self.assertIn('| colour | 2 of 3 photographs | 1 of 400 |', ''.join(card.facts_lines({'facts': facts})))
        self.assertEqual(card.facts_lines(None), [])


if __name__ == '__main__':
    unittest.main()
