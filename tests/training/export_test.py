"""From finished folds to models/<id>/: what the manifest and the card say, and when there is no card.

Run: python3 -m unittest tests/training/export_test.py
"""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from made_up_films import row, write_pack

import films

try:
    import torch
    import averaging
    import calibrate
    import card
    import changes
    import dataset
    import evaluate
    import export
    import folds
    import gate
    import network
    import scores
    import train

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'

FILMS, SIDE = 100, 32


@unittest.skipIf(MISSING, MISSING)
class Export(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        self.runs = self.folder / 'runs' / 'mobilenetv2'
        random = np.random.default_rng(5)
        labels = random.random((FILMS, 14)) < 0.4
        labels[::3] = False
        rows = [
            row(f'{i}.png', str(i), resolution=('128', '1024')[i % 2], view=('PA', 'AP')[i % 3 == 0], sex=('F', 'M')[i % 2],
                **{label: str(int(v)) for label, v in zip(films.LABELS, labels[i])})
            for i in range(FILMS)
        ]  # fmt: skip
        write_pack(self.folder, [r['image'] for r in rows], rows)
        self.films = films.load(self.folder, say=None)
        self.folds = self.folder / 'runs' / 'folds.json'
        self.runs.mkdir(parents=True)
        self.folds.write_text(json.dumps(folds.record_of(self.films.names, list(self.films.column('patient')), 1)))

    def finish_runs(self, only=None):
        """Untrained networks in place of trained ones, and everything that reproduce makes of them before it exports."""
        fold, patients = folds.numbers(self.films, self.folds), self.films.column('patient')
        for k in ('1', '2', '3', '4', '5', 'all'):
            torch.manual_seed(len(k))
            (self.runs / k).mkdir(exist_ok=True)
            averaging.save(self.runs / k / 'final.pt', {
                'network': 'mobilenetv2', 'side': SIDE, 'fold': k, 'weights': network.build('mobilenetv2').state_dict(),
                'patients': [p for p, other in zip(patients, fold) if str(other) != k]})  # fmt: skip
            (self.runs / k / 'log-0.csv').write_text(','.join(train.LOG_COLUMNS) + '\n1,constant,32,5e-4,0.3,nan,nan,60,20:00:00\n2,decay,32,1e-4,0.2,0.71,0.7,60,20:01:00\n')
            arguments = ['--films', 'f', '--folds', 'f', '--run', 'r', '--network', 'mobilenetv2', '--rate', '5e-4']
            (self.runs / k / 'settings.json').write_text(json.dumps(vars(train.parse(arguments))))
        scores.write(self.runs / 'out-of-fold.npz', scores.of_folds(self.films, self.folds, self.runs, only, say=lambda words: None))
        made, of = scores.read_out_of_fold(self.runs / 'out-of-fold.npz', self.films, self.folds)
        calibration = {**calibrate.fit(made.logits, of.labels, made.any_finding), 'data': made.data}
        (self.runs / 'calibration.json').write_text(json.dumps(calibration))
        (self.runs / 'evaluation.json').write_text(json.dumps(evaluate.evaluate(of, made, 20)))
        found = {'reasons': {name: [9, 8, 10] for name, _, _ in gate.REASONS}, 'films': {name: [1, 50] for name in ('as they are', *changes.MILD)},
                 'alarms': {name: 0.002 for name, _, _ in gate.REASONS}}  # fmt: skip
        heads = {'reasons': [{'id': name, 'severity': s, 'text': text, 'measured': gate.sentence(name, found), 'weights': [0.0] * 1280, 'bias': -1.0}
                             for name, s, text in gate.REASONS],
                 'any_finding': {'weights': [0.0] * 1280, 'bias': 0.5}, 'measured': found,
                 'children': {'films': 3, 'any_finding': [0.9, 0.8, 0.95], 'pneumonia': [0.8, 0.7, 0.9]}}  # fmt: skip
        (self.runs / (f'heads-{only}.json' if only else 'heads.json')).write_text(json.dumps(heads))
        (self.runs.parent / 'dataset.json').write_text(json.dumps(dataset.report(self.films, fold, 0.985)))

    def export(self, *more, most_lost=1.0):
        """What export.py said. Networks that learnt nothing rank films by noise, so storage may cost them anything."""
        arguments = ['export.py', '--films', str(self.folder), '--folds', str(self.folds), '--runs', str(self.runs.parent), '--network',
                     'mobilenetv2', '--id', 'made-up', '--name', 'Made up', '--models', str(self.folder / 'models'), *more]  # fmt: skip
        with mock.patch('sys.argv', arguments), mock.patch.object(export, 'MOST_LOST', most_lost), contextlib.redirect_stdout(io.StringIO()) as said:
            export.main()
        return said.getvalue()

    def test_manifest_and_card_say_what_was_measured_out_of_fold(self):
        self.finish_runs()
        (self.folder / 'models').mkdir()
        said = self.export('--default', '--step', '0.1')
        self.assertIn('mean AUROC of fold 1', said)
        folder = self.folder / 'models' / 'made-up'
        manifest, evaluation = (card.read_json(path) for path in (folder / 'manifest.json', self.runs / 'evaluation.json'))
        self.assertEqual(manifest['architecture'], {'family': 'mobilenetv2'})
        self.assertEqual(manifest['evaluation'], evaluation['separation']['all'])
        self.assertEqual(manifest['labels'][5]['evaluation'], evaluation['separation']['findings']['Nodule'])
        any_finding = manifest['feature_heads']['any_finding']
        self.assertEqual((len(any_finding['weights']), len(any_finding['thresholds'])), (1280, 3))
        self.assertEqual(any_finding['evaluation']['positives'], int(self.films.labels.max(1).sum()))
        self.assertTrue(any('SHA-256 5d3137' in source for source in manifest['sources']))
        self.assertEqual(manifest['input']['width'], SIDE)
        text = (folder / 'card.md').read_text(encoding='utf-8')
        headline = evaluation['headline']['mean_auroc']
        self.assertIn(f'earned a mean AUROC of {card.interval(headline)} on films of 1024-px sources', text)
        self.assertIn('The shipped weights were trained on all films', text)
        self.assertIn('| black border of 25 % | 1 of 50 | 2.0 % |', text)
        self.assertIn('| fold 3 | 2 | 2 | 0.2 | 0.7100 |', text)
        self.assertEqual(card.read_json(folder / 'golden.json')['labels'], films.LABELS)

    def test_a_folds_network_ships_with_what_it_earned_itself(self):
        self.finish_runs(only=1)
        (self.folder / 'models').mkdir()
        with self.assertRaisesRegex(films.DataError, 'the scores are of the folds 1, expected of fold 2 alone'):
            self.export('--shipped', '2')
        self.export('--shipped', '1', '--step', '0.1')
        folder = self.folder / 'models' / 'made-up'
        manifest = card.read_json(folder / 'manifest.json')
        self.assertEqual(manifest['evaluation']['kind'], 'held-out')
        self.assertEqual(manifest['evaluation']['films'], int((folds.numbers(self.films, self.folds) == 1).sum()))
        text = (folder / 'card.md').read_text(encoding='utf-8')
        self.assertIn('The shipped weights were trained on four fifths of the patients and earned a mean AUROC of', text)
        self.assertNotIn('five networks', text)

    def test_there_is_no_card_without_out_of_fold_scores(self):
        self.finish_runs()
        evaluation = card.read_json(self.runs / 'evaluation.json')

        def refused(words, **changed):
            (self.runs / 'evaluation.json').write_text(json.dumps({**evaluation, **changed}))
            with self.assertRaisesRegex(films.DataError, words):
                self.export()

        refused('measured on held-out ones, expected out-of-fold for both: no card', kind='held-out')
        refused('measured on scores of other networks than these', about={})
        made = scores.read(self.runs / 'out-of-fold.npz')
        made.kind = scores.HELD_OUT
        scores.write(self.runs / 'out-of-fold.npz', made)
        refused('holds held-out scores, expected out-of-fold ones')
        self.assertFalse((self.folder / 'models').exists())

    def test_storage_that_costs_too_much_is_refused(self):
        self.finish_runs()
        with self.assertRaisesRegex(films.DataError, 'use a smaller --step or --storage fp16'):
            self.export(most_lost=-1.0)


if __name__ == '__main__':
    unittest.main()
