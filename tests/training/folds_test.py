"""Cross-validation as tools/training does it: folds by patient, scores of networks that never saw the patient, and what is
measured from them.

Run: python3 -m unittest tests/training/folds_test.py
"""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from made_up_films import row, write_pack

import films
import folds
import measures

try:
    import torch
    import calibrate
    import evaluate
    import inference
    import network
    import scores
    import separation
    import split
    import train
    import weights_file
    from averaging import load, save

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


def labelled(count, patients=None, seed=0):
    """Films without pixels that matter: labels at random, three films a patient, two sources."""
    random = np.random.default_rng(seed)
    names = [f'{i:04}.png' for i in range(count)]
    labels = (random.random((count, 14)) < 0.3).astype(np.float32)
    labels[np.arange(count) // 3 % 3 == 0] = 0  # every third patient has nothing
    rows = [
        row(name, str(i // 3), resolution=('128', '1024')[i % 2], official_split=('train_val', 'test')[i % 5 == 0],
            **{label: str(int(v)) for label, v in zip(films.LABELS, labels[i])})
        for i, name in enumerate(names)
    ]  # fmt: skip
    return films.Films(names, np.zeros((count, 128, 128), np.uint8), labels, rows)


def scored(of, seed=1, folds_seed=3):
    """Scores of such films: the logit rises by 2 where the finding is; every film in its fold."""
    random = np.random.default_rng(seed)
    logits = (random.normal(size=of.labels.shape) + 2 * of.labels).astype(np.float32)
    any_finding = random.normal(size=len(of)) + 2 * of.labels.max(1)
    fold = folds.folds_of(of.column('patient'), folds_seed)
    nothing = np.zeros((0, 14, 7, 7), np.float16)
    return scores.Scores(scores.OUT_OF_FOLD, 'made-up films', list(of.names), fold, logits, any_finding, [], nothing,
                         np.zeros((0, 14), np.float32), {'network': 'none', 'checkpoints': {str(k): '' for k in range(1, 6)}})  # fmt: skip


def write_folds(path, of, seed=3):
    record = folds.record_of(of.names, list(of.column('patient')), seed)
    pathlib.Path(path).write_text(json.dumps(record))
    return record


class Folds(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def test_a_patient_stays_in_its_fold_when_others_come(self):
        before = dict(zip('abc', folds.folds_of(list('abc'), 7)))
        after = dict(zip('abcdef', folds.folds_of(list('abcdef'), 7)))
        self.assertEqual(before, {k: after[k] for k in 'abc'})

    def test_folds_are_of_equal_size(self):
        fold = folds.folds_of([str(i) for i in range(20000)], 3)
        self.assertEqual(sorted(set(fold)), [1, 2, 3, 4, 5])
        for k in range(1, 6):
            self.assertAlmostEqual((fold == k).mean(), 0.2, delta=0.01)

    def test_the_seed_leaves_every_finding_in_every_fold(self):
        patients, labels = [str(i) for i in range(60)], np.zeros((60, 2))
        labels[:10] = 1  # a fifth is two, and half of that is asked for
        seed = folds.choose_seed(patients, labels)
        fold = folds.folds_of(patients, seed)
        self.assertTrue(all(labels[fold == k].sum(0).min() >= 1 for k in range(1, 6)))
        earlier = [folds.folds_of(patients, s) for s in range(seed)]
        self.assertFalse(any(all(labels[f == k].sum(0).min() >= 1 for k in range(1, 6)) for f in earlier))

    def test_the_kept_out_fold_is_validated_and_all_others_train(self):
        of = labelled(60)
        fold = np.array(list(write_folds(self.folder / 'folds.json', of)['films'].values()))
        part = folds.parts_of(of, self.folder / 'folds.json', '2')
        self.assertEqual((part == 'validation').tolist(), (fold == 2).tolist())
        self.assertEqual(set(folds.parts_of(of, self.folder / 'folds.json', 'all')), {'train'})
        for wrong in ('0', '6', None):
            with self.assertRaisesRegex(films.DataError, 'expected 1 to 5, or all'):
                folds.parts_of(of, self.folder / 'folds.json', wrong)

    def test_folds_that_do_not_fit_the_films_are_refused(self):
        of, path = labelled(30), self.folder / 'folds.json'
        record = write_folds(path, of)

        def refused(change, words):
            changed = json.loads(json.dumps(record))
            change(changed)
            path.write_text(json.dumps(changed))
            with self.assertRaisesRegex(films.DataError, words):
                folds.numbers(of, path)

        refused(lambda r: r['films'].pop('0004.png'), r"names 29 films, expected the 30 at hand: 1 of them it lacks \['0004.png'\]")
        refused(lambda r: r['films'].update(other=1), r"names 31 films.*1 it has besides \['other'\]")
        refused(lambda r: r['films'].update({'0004.png': r['films']['0004.png'] % 5 + 1}), 'patient 1 is in folds . and ., expected one')
        refused(lambda r: r['films'].update({f'000{i}.png': 9 for i in range(3)}), 'expected 1 to 5')
        refused(lambda r: r.pop('seed'), 'is no file of folds.py')

    def test_a_film_or_a_row_too_many_stops_where_all_are_needed(self):
        for names, rows, words in (
            (['a.png'], ['a.png', 'b.png'], '1 films in nih-128.tar and 2 sound rows.*b.png: row without a film'),
            (['a.png', 'b.png'], ['a.png'], '2 films in nih-128.tar and 1 sound rows.*b.png: film without a row'),
        ):
            write_pack(self.folder, names, [row(name, '1') for name in rows])
            with self.assertRaisesRegex(films.DataError, words):
                films.load(self.folder, say=None, whole=True)


class Drawing(unittest.TestCase):
    def test_draws_of_all_films_at_once_are_those_one_by_one(self):
        random = np.random.default_rng(4)
        labels, values = (random.random(80) < 0.3).astype(float), np.round(random.random(80), 1)  # with ties
        counts = measures.bootstrap_counts(np.arange(80) // 2, 30)
        one_by_one = [measures.auroc(labels, values, w.astype(float)) for w in counts]
        np.testing.assert_allclose(measures.auroc_draws(labels, values, counts), one_by_one, rtol=1e-12)

    def test_a_draw_without_a_true_film_has_no_auroc(self):
        values = measures.auroc_draws(np.array([1, 0, 0]), np.array([2.0, 1, 3]), np.array([[0, 1, 2], [1, 1, 1]]))
        self.assertTrue(np.isnan(values[0]))
        self.assertEqual(values[1], 0.5)


@unittest.skipIf(MISSING, MISSING)
class OutOfFold(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        self.films = labelled(90)
        self.folds = self.folder / 'folds.json'
        write_folds(self.folds, self.films)
        self.fold = folds.numbers(self.films, self.folds)

    def write_networks(self):
        """Of every fold a network whose logits are the number of the fold, whatever it is shown."""
        for k in range(1, 6):
            net = network.build('compact')
            with torch.no_grad():
                net.classifier.weight.zero_()
                net.classifier.bias.fill_(float(k))
            (self.folder / str(k)).mkdir(exist_ok=True)
            self.change(k, network='compact', side=32, weights=net.state_dict(), fold=str(k),
                        patients=sorted(set(self.films.column('patient')[self.fold != k])))  # fmt: skip

    def change(self, k, **values):
        path = self.folder / str(k) / 'final.pt'
        save(path, {**(load(path) if path.exists() else {}), **values})

    def test_every_film_is_scored_by_the_network_of_its_fold(self):
        self.write_networks()
        made = scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)
        scores.write(self.folder / 'scores.npz', made)
        back, of = scores.read_out_of_fold(self.folder / 'scores.npz', self.films, self.folds)
        self.assertEqual(of.names, self.films.names)
        self.assertEqual(back.names, self.films.names)
        self.assertTrue((back.logits == self.fold[:, None]).all())
        self.assertTrue((back.any_finding == self.fold).all() and (back.fold == self.fold).all())
        self.assertEqual(sorted(back.about['checkpoints']), ['1', '2', '3', '4', '5'])

    def test_one_fold_alone_is_scored_on_its_films_alone(self):
        self.write_networks()
        scores.write(self.folder / 'scores.npz', scores.of_folds(self.films, self.folds, self.folder, 2, say=lambda words: None))
        back, of = scores.read_out_of_fold(self.folder / 'scores.npz', self.films, self.folds)
        self.assertEqual(back.names, [name for name, k in zip(self.films.names, self.fold) if k == 2])
        self.assertEqual(of.names, back.names)
        self.assertIn('all scored by a network that was not trained on them', back.data)
        parts = scores.parts_to_cross(back, of)
        self.assertGreater(len(set(parts.tolist())), 1)
        for patient in set(of.column('patient')):
            self.assertEqual(len(set(parts[of.column('patient') == patient].tolist())), 1)

    def test_kept_scores_stand_for_a_network_that_is_not_there(self):
        self.write_networks()
        before = scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)
        (self.folder / '3' / 'final.pt').unlink()
        after = scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)
        self.assertEqual(after.about, before.about)
        self.assertTrue((after.logits == before.logits).all())
        other = scores.read(self.folder / '3' / 'scores.npz')
        other.names = other.names[::-1]
        scores.write(self.folder / '3' / 'scores.npz', other)
        with self.assertRaisesRegex(films.DataError, 'is of other films than those of fold 3'):
            scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)

    def test_scores_are_made_anew_when_a_network_changed(self):
        self.write_networks()
        scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)
        weights = load(self.folder / '2' / 'final.pt')['weights']
        self.change(2, weights={**weights, 'classifier.bias': torch.full_like(weights['classifier.bias'], 9.0)})
        made = scores.in_order(scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None), self.films)
        self.assertTrue((made.logits[self.fold == 2] == 9).all() and (made.logits[self.fold == 3] == 3).all())

    def test_a_network_that_saw_the_patients_is_refused(self):
        def refused(words, **values):
            self.write_networks()
            self.change(3, **values)
            with self.assertRaisesRegex(films.DataError, words):
                scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)

        mine = self.films.column('patient')[self.fold == 3]
        refused(rf"was trained on 1 of the {len(set(mine))} patients of fold 3, expected none; the first: \['{mine[0]}'\]", patients=[mine[0], '77'])
        refused('is of fold 4, expected fold 3', fold='4')
        self.write_networks()
        path = self.folder / '3' / 'final.pt'
        save(path, {key: value for key, value in load(path).items() if key != 'patients'})
        with self.assertRaisesRegex(films.DataError, 'does not say which patients'):
            scores.of_folds(self.films, self.folds, self.folder, say=lambda words: None)

    def test_scores_that_are_not_out_of_fold_are_refused(self):
        path = self.folder / 'scores.npz'

        def refused(words, **values):
            scores.write(path, scores.Scores(**{**vars(scored(self.films)), **values}))
            with self.assertRaisesRegex(films.DataError, words):
                scores.read_out_of_fold(path, self.films, self.folds)

        refused('holds held-out scores, expected out-of-fold ones', kind=scores.HELD_OUT)
        refused("90 films were scored by the network of another fold", fold=self.fold % 5 + 1)
        refused('holds scores of 89 films, expected one of each of 90: 1 are missing', names=self.films.names[:-1])
        path.write_bytes(b'nothing')
        with self.assertRaisesRegex(films.DataError, 'is no file of scores.py'):
            scores.read(path)

    def test_a_shipped_model_is_scored_on_the_test_part_alone(self):
        torch.manual_seed(4)
        net = network.build('compact', outputs=14).eval()
        weights_file.write(self.folder / 'weights.safetensors', network.arrays_of(net.state_dict()))
        head = {'weights': np.linspace(-1, 1, net.classifier.in_features).tolist(), 'bias': 0.25}
        manifest = {'id': 'x', 'version': '1', 'input': {'width': 32}, 'feature_heads': {'any_finding': head}}
        (self.folder / 'manifest.json').write_text(json.dumps(manifest))
        (self.folder / 'split.json').write_text('{"seed": 1}')
        made = scores.of_split(self.films, self.folder / 'split.json', self.folder)
        test = split.parts(self.films.column('patient'), 1) == 'test'
        self.assertTrue(0 < test.sum() < len(self.films))
        self.assertEqual(made.names, [name for name, yes in zip(self.films.names, test) if yes])
        net.side = 32
        logits, features = inference.logits_and_features(net, self.films.pixels[test], want_features=True)
        np.testing.assert_allclose(made.logits, logits, atol=1e-5)
        np.testing.assert_allclose(made.any_finding, features.mean((2, 3)) @ np.float32(head['weights']) + 0.25, atol=1e-4)
        self.assertEqual(made.kind, scores.HELD_OUT)

    def test_a_run_leaves_its_fold_out_and_says_whom_it_saw(self):
        random = np.random.default_rng(1)
        rows = [row(f'{i}.png', str(i), Mass=str(random.integers(2)), Edema=str(i % 2)) for i in range(40)]
        write_pack(self.folder, [r['image'] for r in rows], rows)
        of = films.load(self.folder, say=None)
        record = write_folds(self.folds, of)
        kept_out = {name.removesuffix('.png') for name, k in record['films'].items() if k == 1}
        arguments = ['--films', str(self.folder), '--folds', str(self.folds), '--network', 'compact', '--sides', '32', '--batch', '8',
                     '--epochs', '2', '--device', 'cpu', '--validate-every', '2']  # fmt: skip
        with contextlib.redirect_stdout(io.StringIO()):
            train.Run(train.parse([*arguments, '--fold', '1', '--run', str(self.folder / 'r' / '1')])).go()
            train.Run(train.parse([*arguments, '--fold', 'all', '--run', str(self.folder / 'r' / 'all')])).go()
        kept = load(self.folder / 'r' / '1' / 'final.pt')
        self.assertEqual(set(kept['patients']), {str(i) for i in range(40)} - kept_out)
        self.assertEqual(kept['fold'], '1')
        self.assertEqual(len(load(self.folder / 'r' / 'all' / 'final.pt')['patients']), 40)
        self.assertFalse(any((self.folder / 'r' / k / 'best.pt').exists() for k in ('1', 'all')))  # nothing is chosen by what is measured
        log = (self.folder / 'r' / '1' / 'log-0.csv').read_text().split()
        self.assertEqual([line.split(',')[5] == 'nan' for line in log[1:]], [True, False])


@unittest.skipIf(MISSING, MISSING)
class Measuring(unittest.TestCase):
    def test_knots_are_quantiles_of_each_group(self):
        labels, logits = np.repeat([1.0, 0.0], [64, 640]), np.concatenate([np.arange(64.0), np.arange(640.0) / 10])
        table = separation.table(labels, logits, np.arange(704), 20)
        self.assertEqual((table['positives'], table['negatives'], len(table['with']), len(table['without'])), (64, 640, 64, 64))
        self.assertAlmostEqual(table['with'][0], 63 * 0.5 / 64, places=3)
        self.assertAlmostEqual(table['without'][63], 63.9 * 63.5 / 64, places=3)
        self.assertEqual(table['with'], sorted(table['with']))

    def test_auroc_and_sensitivity_can_be_had_from_the_knots(self):
        of = labelled(900)
        made = scored(of)
        table = separation.table(of.labels[:, 0], made.logits[:, 0], of.column('patient'), 20)
        pairs = np.subtract.outer(table['with'], table['without'])
        self.assertAlmostEqual((pairs > 0).mean() + (pairs == 0).mean() / 2, table['auroc'], delta=0.005)
        below = np.interp(1.0, table['with'], separation.PLACES)
        truth = (made.logits[of.labels[:, 0] > 0, 0] < 1.0).mean()
        self.assertAlmostEqual(below, truth, delta=0.01)

    def test_one_group_alone_has_no_table(self):
        with self.assertRaisesRegex(films.DataError, '0 of 5 films have the finding'):
            separation.table(np.zeros(5), np.arange(5.0), np.arange(5), 5)

    def test_a_manifest_keeps_everything_else(self):
        of = labelled(300)
        made = separation.tables(of, scored(of), 10)
        before = {'id': 'x', 'labels': [{'id': label, 'name': label} for label in films.LABELS],
                  'feature_heads': {'reasons': [1], 'any_finding': {'bias': 2}}}  # fmt: skip
        after = separation.put_into(before, made, [0.1, 0.2, 0.3])
        self.assertEqual(after['evaluation']['kind'], 'out-of-fold')
        self.assertEqual(after['evaluation']['patients'], 100)
        self.assertEqual(after['labels'][3]['name'], 'Infiltration')
        self.assertEqual(after['labels'][3]['evaluation'], made['findings']['Infiltration'])
        self.assertEqual(after['feature_heads'], {'reasons': [1], 'any_finding': {'bias': 2, 'evaluation': made['any_finding'], 'thresholds': [0.1, 0.2, 0.3]}})
        self.assertNotIn('evaluation', before['labels'][0])

    def test_what_is_fitted_is_fitted_on_other_folds(self):
        of = labelled(300)
        made = scored(of)
        mine = made.fold == 2
        before = evaluate.crossed(of, made)
        of.labels[mine] = 1 - of.labels[mine]
        after = evaluate.crossed(of, made)
        for one, other in zip(before, after):
            self.assertTrue((one[..., mine, :] == other[..., mine, :]).all() if one.shape[-1] == 14 else (one[..., mine] == other[..., mine]).all())
        self.assertFalse((before[0][~mine] == after[0][~mine]).all())

    def test_the_headline_is_of_large_sources_alone(self):
        of = labelled(600)
        made = scored(of)
        large = of.column('resolution') == '1024'
        made.logits[~large] = 0
        result = evaluate.evaluate(of, made, 20)
        expected = np.mean([measures.auroc(of.labels[large, c], made.logits[large, c]) for c in range(14)])
        self.assertAlmostEqual(result['headline']['mean_auroc'][0], expected, places=9)
        self.assertEqual(result['headline']['films'], 300)
        self.assertLess(result['mean_auroc'][0], expected)
        self.assertEqual(result['subgroups']['the test list of the NIH']['films'], 120)
        self.assertEqual(len(result['within_folds']['folds']), 5)
        out = result['operating_points']['rule-out']['Mass']
        self.assertEqual(out['true'], int(of.labels[:, 4].sum()))
        self.assertIn('any finding', result['operating_points']['rule-in'])

    def test_a_map_is_held_against_its_boxes(self):
        of = labelled(30)
        of.rows[4]['nih_boxes'] = json.dumps([['Mass', 0, 0, 512, 512]])
        made = scored(of)
        maps = np.full((1, 14, 8, 8), -9, np.float16)
        maps[0, films.LABELS.index('Mass'), :4, :4] = 30
        made.boxed, made.maps, made.bias = [of.names[4]], maps, np.zeros((1, 14), np.float32)
        found = evaluate.localisation(of, made, calibrate.fit(made.logits, of.labels, made.any_finding))
        self.assertEqual((found['NIH Mass']['films'], found['NIH Mass']['hits']), (1, 1))
        self.assertAlmostEqual(found['NIH Mass']['chance'], 0.25)
        self.assertGreater(found['NIH Mass']['mean_iou'], 0.8)


if __name__ == '__main__':
    unittest.main()
