"""Tests of tools/training on made-up data: run with `python3 -m unittest tests/training/training_test.py`.

Films are random greys of nobody; what is tested is reading, splitting, figures of merit, calibration and
files, each against a value found by hand or by counting. Nothing here trains for longer than a second.
Without torch, torchvision, scikit-learn and scipy the tests that need them are skipped by name.
"""
import argparse
import contextlib
import io
import json
import pathlib
import signal
import sys
import tempfile
import unittest
from importlib import util
from unittest import mock

import numpy as np
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'models'))
sys.path.append(str(pathlib.Path(__file__).resolve().parent))
import films
import measures
import pack
import split
import weights_file
from made_up_films import row, write_pack

try:
    import torch
    import boxes
    import calibrate
    import export
    import inference
    import lessons
    import network
    import objective
    import precision
    import pretrain
    import rounding
    import averaging
    import schedule
    import teach
    import train
    from augment import augment, hide_edge, mix

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


class Reading(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.place.name)
        self.addCleanup(self.place.cleanup)

    def test_films_without_rows_and_rows_without_films_are_listed(self):
        write_pack(self.folder, ['a.png', 'b.png'], [row('a.png', '1', Mass='1'), row('c.png', '2')])
        loaded = films.load(self.folder, say=None)
        self.assertEqual(loaded.names, ['a.png'])
        self.assertEqual(loaded.labels[0].tolist(), [float(label == 'Mass') for label in films.LABELS])
        self.assertTrue(any('b.png: film without a row' in c for c in loaded.complaints))
        self.assertTrue(any('c.png: row without a film' in c for c in loaded.complaints))

    def test_broken_and_repeated_rows_are_left_out_with_their_line(self):
        write_pack(
            self.folder,
            ['a.png', 'b.png'],
            [row('a.png', '1'), row('b.png', '2', Edema='yes'), row('a.png', '3'), row('', '4')],
        )
        rows, complaints = films.read_table(self.folder / films.TABLE)
        self.assertEqual(list(rows), ['a.png'])
        self.assertEqual([c.split(':')[0].split(' (')[0] for c in complaints], ['line 3', 'line 4', 'line 5'])

    def test_a_missing_pack_or_table_says_what_to_do(self):
        with self.assertRaisesRegex(films.DataError, 'missing.*CHESTLIGHT_FILMS'):
            films.load(self.folder, say=None)

    def test_a_pack_that_was_cut_off_is_an_error(self):
        names = [f'{i}.png' for i in range(20)]
        write_pack(self.folder, names, [row(n, '1') for n in names])
        whole = (self.folder / films.PACK).read_bytes()
        (self.folder / films.PACK).write_bytes(whole[: len(whole) // 3])
        with self.assertRaisesRegex(films.DataError, 'cut off.*copy it again'):
            films.load(self.folder, say=None)

    def test_films_of_another_size_are_left_out(self):
        write_pack(self.folder, ['a.png'], [row('a.png', '1')], side=64)
        with self.assertRaises((films.DataError, ValueError)):
            films.load(self.folder, say=None)

    def test_the_cache_gives_the_same_films_and_notices_a_new_pack(self):
        write_pack(self.folder, ['a.png', 'b.png'], [row('a.png', '1'), row('b.png', '2')])
        cache = self.folder / 'cache.npz'
        first, second = (films.load(self.folder, cache, say=None) for _ in range(2))
        self.assertTrue((first.pixels == second.pixels).all())
        write_pack(self.folder, ['a.png'], [row('a.png', '1')])
        self.assertEqual(films.load(self.folder, cache, say=None).names, ['a.png'])


class Packing(unittest.TestCase):
    def test_integers_reach_their_range_and_miss_a_weight_by_half_a_step(self):
        weights = np.random.default_rng(5).normal(size=(8, 3, 3, 3)).astype(np.float32)
        packed = pack.stored({'conv.weight': weights}, 'int8', 'absmax')
        integers, scale = packed['conv.weight'], packed['conv.weight.scale']
        self.assertEqual(np.abs(integers).max(), 127)
        self.assertTrue((np.abs(integers * scale[:, None, None, None] - weights).max((1, 2, 3)) <= scale * 0.5001).all())

    def test_a_step_is_a_share_of_the_root_mean_square_unless_a_weight_would_pass_the_range(self):
        weights = np.tile(np.float32([3, -3, 3, -3]), (2, 2500)).reshape(2, 10000, 1, 1)
        weights[1, 0] = 1000  # root mean square of its row: 10.44
        scale = pack.stored({'conv.weight': weights}, 'int8', step=0.5)['conv.weight.scale']
        np.testing.assert_allclose(scale, [1.5, 1000 / 127], rtol=1e-5)
        silent = pack.stored({'conv.weight': weights * 0}, 'int8', step=0.5)
        self.assertTrue((silent['conv.weight'] == 0).all() and (silent['conv.weight.scale'] == 1).all())

    def test_what_is_no_matrix_keeps_its_bits(self):
        bias = np.array([1.5, -2.25], np.float32)
        self.assertIs(pack.stored({'norm.bias': bias}, 'int8', 'mse')['norm.bias'], bias)
        self.assertEqual(pack.stored({'norm.bias': bias}, 'int8', step=0.3)['norm.bias'].dtype, np.float16)
        self.assertIs(pack.stored({'norm.bias': bias}, 'fp16', step=0.3)['norm.bias'], bias)


class Splitting(unittest.TestCase):
    def test_a_patient_stays_where_it_was_when_others_come(self):
        before = dict(zip('abc', split.parts(list('abc'), 7)))
        after = dict(zip('abcdef', split.parts(list('abcdef'), 7)))
        self.assertEqual(before, {k: after[k] for k in 'abc'})

    def test_shares_are_kept(self):
        part = split.parts([str(i) for i in range(20000)], 3)
        for name, share in split.SHARES:
            self.assertAlmostEqual((part == name).mean(), share, delta=0.01)

    def test_a_patient_in_two_parts_is_an_error(self):
        with self.assertRaisesRegex(films.DataError, 'patient 5 is in both train and test'):
            split.assert_disjoint(['4', '5', '5'], ['train', 'train', 'test'])


class Measures(unittest.TestCase):
    def test_auroc_by_counting_pairs(self):
        random = np.random.default_rng(0)
        labels, scores = random.random(60) < 0.3, np.round(random.random(60), 1)  # with ties
        pairs = [(p > n) + 0.5 * (p == n) for p in scores[labels] for n in scores[~labels]]
        self.assertAlmostEqual(measures.auroc(labels.astype(float), scores), np.mean(pairs), places=12)

    def test_weights_are_repetitions(self):
        random = np.random.default_rng(1)
        labels, scores, times = random.random(40) < 0.4, random.random(40), random.integers(0, 4, 40)
        repeated = measures.auroc(np.repeat(labels, times).astype(float), np.repeat(scores, times))
        self.assertAlmostEqual(
            measures.auroc(labels.astype(float), scores, times.astype(float)), repeated, places=12
        )

    def test_one_class_has_no_auroc(self):
        self.assertTrue(np.isnan(measures.auroc(np.zeros(4), np.arange(4.0))))

    def test_average_precision_by_hand(self):
        self.assertAlmostEqual(
            measures.average_precision(np.array([1, 0, 1, 0.0]), np.array([4, 3, 2, 1.0])), (1 + 2 / 3) / 2
        )

    def test_patients_are_drawn_whole(self):
        counts = measures.bootstrap_counts(np.array(['a', 'b', 'a', 'c']), 50)
        self.assertTrue((counts[:, 0] == counts[:, 2]).all())
        self.assertTrue((counts[:, [0, 1, 3]].sum(1) == 3).all())

    def test_calibration_error_of_right_and_wrong_probabilities(self):
        labels = np.tile([0.0, 1.0], 500)
        self.assertAlmostEqual(measures.calibration_error(labels, np.full(1000, 0.5)), 0, delta=0.01)
        self.assertAlmostEqual(measures.calibration_error(labels, np.full(1000, 0.9)), 0.4, delta=0.01)


@unittest.skipIf(MISSING, MISSING)
class Calibrating(unittest.TestCase):
    def test_platt_finds_the_line_that_made_the_labels(self):
        random = np.random.default_rng(2)
        logits = random.normal(0, 2, 20000)
        labels = (random.random(20000) < measures.sigmoid(0.7 * logits - 1)).astype(float)
        scale, offset = calibrate.platt(logits.astype(np.float32), labels.astype(np.float32))
        self.assertAlmostEqual(scale, 0.7, delta=0.05)
        self.assertAlmostEqual(offset, -1, delta=0.1)

    def test_thresholds_do_what_their_names_say(self):
        random = np.random.default_rng(3)
        labels = (random.random(4000) < 0.2).astype(float)
        probability = measures.sigmoid(random.normal(labels * 1.5 - 1, 1))
        out, balanced, into = calibrate.thresholds(probability, labels)
        sensitivity, _ = measures.sensitivity_specificity(labels, probability >= out)
        _, specificity = measures.sensitivity_specificity(labels, probability >= into)
        self.assertTrue(0.95 <= sensitivity < 0.96)
        self.assertTrue(0.95 <= specificity < 0.96)
        self.assertTrue(out < balanced < into)


@unittest.skipIf(MISSING, MISSING)
class Training(unittest.TestCase):
    def test_weights_make_a_finding_equally_frequent_in_every_source(self):
        labels = np.zeros((1000, 14), np.float32)
        source = np.array(['128'] * 500 + ['1024'] * 500)
        labels[:50, 0] = labels[500:900, 0] = 1
        weights = objective.source_weights(labels, source)[:, 0]
        share = [np.average(labels[source == s, 0], weights=weights[source == s]) for s in ('128', '1024')]
        self.assertAlmostEqual(share[0], share[1], places=5)

    def test_the_asymmetric_loss_forgets_easy_negatives(self):
        logits = torch.logit(torch.tensor([[0.04, 0.3, 0.9, 0.3]]))
        targets = torch.tensor([[0.0, 0.0, 0.0, 1.0]])
        by_hand = [0, -(0.25**4) * np.log(0.75), -(0.85**4) * np.log(0.15), -np.log(0.3)]
        np.testing.assert_allclose(objective.asymmetric(logits, targets)[0], by_hand, rtol=1e-5)

    def test_the_plain_loss_knows_no_weights(self):
        logits, targets = torch.zeros(2, 14), torch.ones(2, 14)
        for kind, expected in (('plain', np.log(2)), ('balanced', 3 * np.log(2))):
            loss = objective.findings_loss(kind, logits, targets, targets * 1.5, targets * 2)
            self.assertAlmostEqual(float(loss), expected, places=5)

    def test_augmenting_without_strength_changes_nothing(self):
        torch.manual_seed(0)
        x = torch.rand(2, 1, 32, 32) * 3.8 - 1.9
        self.assertLess((augment(x, 32, 0.0) - x).abs().max().item(), 1e-4)

    def test_masks_move_with_their_films(self):
        torch.manual_seed(5)
        masks = torch.zeros(2, boxes.SIDE, boxes.SIDE)
        masks[0, 10:30, 8:20] = masks[1, 40:60, 30:60] = 1
        x = torch.nn.functional.interpolate(masks[[1, 0], None], (128, 128)) * 4 - 2  # film 0 is where mask 1 is
        plain, kept = augment(x, 64, strength=0, films=torch.tensor([1, 0]), masks=masks)
        self.assertTrue(torch.allclose(kept, masks, atol=1e-4))
        self.assertLess(((plain[[1, 0], 0] > 0).float() - masks).abs().mean(), 0.03)
        moved, masks = augment(x, 64, films=torch.tensor([1, 0]), masks=masks)
        for film, mask in zip(moved[[1, 0], 0], masks):
            self.assertGreater(film[mask > 0.5].mean(), film[mask < 0.5].mean() + 1)
        self.assertEqual(augment(x, 64, films=torch.tensor([], dtype=torch.long), masks=masks[:0])[1].shape[0], 0)

    def test_an_edge_or_a_corner_is_hidden_and_nothing_else(self):
        torch.manual_seed(2)
        for _ in range(20):
            film = torch.full((100, 100), 9.0)
            hide_edge(film)
            hidden = film != 9
            self.assertTrue(0.001 < hidden.float().mean() < 0.15)
            self.assertFalse(hidden[35:65, 35:65].any())

    def test_boxes_count_for_the_findings_they_speak_of(self):
        film = row('a', '1', Infiltration='1', nih_boxes='[["Mass", 512, 0, 512, 256]]', rsna_boxes_1024='[[0, 512, 256, 512]]')
        found = boxes.boxes_of(film)
        self.assertEqual(set(found), {'Mass', 'Pneumonia', 'Infiltration'})
        mask = boxes.mask_of(found['Mass'], 4)
        self.assertEqual(mask.tolist(), [[0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
        self.assertEqual(boxes.mask_of([[1023, 1023, 1, 1]], 4).sum(), 1)
        self.assertEqual(boxes.boxes_of(row('b', '1')), {})

    def test_a_map_inside_its_box_costs_less_than_one_beside_it(self):
        weight = torch.ones(14, 1)
        inside, beside = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
        inside[0, 0, 0, 2:] = beside[0, 0, 3, 2:] = 10
        mask = boxes.mask_of([[512, 0, 512, 256]])[None]
        one = torch.tensor([0])
        near, far = (boxes.loss_of(f, weight, one, one, mask, 1) for f in (inside, beside))
        self.assertLess(near, 0.01)
        self.assertGreater(far, 5)
        self.assertEqual(boxes.loss_of(inside, weight, one, one, mask * 0, 1), 0)
        places = boxes.Places([row('b', '1'), row('a', '1', nih_boxes='[["Mass", 512, 0, 512, 256]]')], 'cpu')
        rows, findings, masks = places.masks(torch.tensor([0, 1]))
        self.assertEqual((rows.tolist(), findings.tolist(), len(masks)), ([1], [films.LABELS.index('Mass')], 1))
        self.assertEqual(len(places.masks(torch.tensor([0]))[2]), 0)

    def test_every_network_reads_films_of_any_side_and_its_maps_add_up(self):
        for name in network.NAMES:
            torch.manual_seed(4)
            net = inference.restore(network.build(name, outputs=14).state_dict(), name, 96)
            logits, features = inference.logits_and_features(net, np.eye(128, dtype=np.uint8)[None] * 200, want_features=True)
            self.assertEqual(logits.shape, (1, 14))
            sums = inference.evidence(net, features).mean((2, 3)) + network.head(net).bias.detach().numpy()
            self.assertLess(np.abs(sums - logits).max(), 1e-4, name)

    def test_a_run_begins_with_shipped_weights_and_its_own_side_tasks(self):
        torch.manual_seed(3)
        shipped, fresh = network.build('compact', outputs=14), network.build('compact')
        sides = fresh.classifier.weight[14:].clone()
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'w.safetensors'
            weights_file.write(path, network.arrays_of(shipped.state_dict()))
            network.begin_with(fresh, inference.read_weights(path), path)
            self.assertTrue(torch.equal(fresh.classifier.weight[:14], shipped.classifier.weight))
            self.assertTrue(torch.equal(fresh.classifier.weight[14:], sides))
            self.assertTrue(torch.equal(fresh.features.conv0.weight, shipped.features.conv0.weight))
            with self.assertRaisesRegex(films.DataError, 'give the --network'):
                network.begin_with(network.build('three-block'), inference.read_weights(path), path)

    def test_a_run_begins_with_features_that_were_learnt_without_labels(self):
        torch.manual_seed(5)
        learnt, fresh = network.build('compact'), network.build('compact')
        random = np.random.default_rng(2)
        pixels = random.integers(0, 255, (24, 1, 1), np.uint8) * np.ones((1, 128, 128), np.uint8)
        before = learnt.features.conv0.weight.clone()
        with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()) as said:
            path = f'{place}/features.pt'
            chosen = argparse.Namespace(seed=1, device='cpu', side=32, batch=8, epochs=1, rate=1e-3, network='compact', out=path)
            pretrain.pretrain(learnt, pixels, chosen)
            self.assertFalse(torch.equal(learnt.features.conv0.weight, before))
            chosen.epochs = 2
            rows = pretrain.pretrain(learnt, pixels, chosen)
            self.assertIn('goes on after epoch 1', said.getvalue())
            self.assertEqual([epoch for epoch, _, _ in rows], [1, 2])
            self.assertEqual(len(pathlib.Path(f'{path}.csv').read_text().split()), 3)
            with self.assertRaisesRegex(films.DataError, 'holds a compact, not a three-block'):
                pretrain.pretrain(network.build('three-block'), pixels, argparse.Namespace(**{**vars(chosen), 'network': 'three-block'}))
            torch.save({'network': 'compact', 'side': 32, 'weights': {'features.conv0.weight': before}}, path)
            with self.assertRaisesRegex(films.DataError, 'holds features alone'):
                inference.shipped_weights(path)
        features = {key: value for key, value in learnt.state_dict().items() if key.startswith('features.')}
        own = fresh.classifier.weight.clone()
        network.begin_with(fresh, features, 'features.pt')
        self.assertTrue(torch.equal(fresh.features.conv0.weight, learnt.features.conv0.weight))
        self.assertTrue(torch.equal(fresh.classifier.weight, own))
        with self.assertRaisesRegex(films.DataError, 'fewer than a batch of 32'):
            pretrain.pretrain(learnt, pixels, argparse.Namespace(**{**vars(chosen), 'batch': 32}))

    def test_twins_that_agree_in_independent_numbers_cost_nothing(self):
        signs = torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]]).repeat(64, 1)
        unbiased = (len(signs) - 1) / len(signs)  # the standard deviation is that of a sample
        self.assertAlmostEqual(pretrain.twins_loss(signs, signs).item(), 2 * (1 - unbiased) ** 2, places=4)
        self.assertAlmostEqual(pretrain.twins_loss(signs, -signs).item(), 2 * (1 + unbiased) ** 2, places=3)
        same = signs[:, [0, 0]]  # two numbers that say the same
        self.assertAlmostEqual(pretrain.twins_loss(same, same).item(), 2 * pretrain.REDUNDANCY, places=3)

    def test_the_teachers_mean_is_what_a_pupil_is_drawn_to(self):
        with tempfile.TemporaryDirectory() as place:
            paths = [pathlib.Path(place) / f'{i}.pt' for i in range(2)]
            for i, path in enumerate(paths):
                net = network.build('compact')
                with torch.no_grad():
                    net.classifier.weight.zero_()
                    net.classifier.bias.fill_(2.0 * i)
                torch.save({'weights': net.state_dict(), 'network': 'compact', 'side': 32}, path)
            taught = inference.mean_probabilities(paths, np.zeros((3, 128, 128), np.uint8))
            self.assertEqual(taught.shape, (3, 14))
            expected = (0.5 + 1 / (1 + np.exp(-2))) / 2
            self.assertLess(np.abs(taught - expected).max(), 1e-3)
        outputs = torch.logit(torch.from_numpy(taught)).requires_grad_()
        objective.distillation(outputs, torch.from_numpy(taught)).backward()
        self.assertLess(outputs.grad.abs().max().item(), 1e-6)

    def test_an_average_without_memory_is_the_newest(self):
        net = network.build('compact')
        average = averaging.Average(net, 0.0)
        with torch.no_grad():
            net.classifier.bias.fill_(3.0)
        average.update(net, shorter=True)
        self.assertTrue(torch.equal(average.state['classifier.bias'], net.classifier.bias))

    def test_mixing_keeps_sums_and_drops_what_is_unknown(self):
        x, targets = torch.rand(8, 1, 4, 4), torch.rand(8, 3)
        weights = torch.ones(8, 3)
        weights[0] = 0
        mixed, mixed_targets, mixed_weights = mix(x, targets, weights)
        self.assertAlmostEqual(mixed.sum().item(), x.sum().item(), places=3)
        self.assertAlmostEqual(mixed_targets.sum().item(), targets.sum().item(), places=4)
        self.assertEqual(mixed_weights[0].sum().item(), 0)

    def test_partners_meet_in_the_middle_after_equal_work(self):
        with tempfile.TemporaryDirectory() as place:
            nets = [torch.nn.Linear(1, 1, bias=False) for _ in range(2)]
            averages = [averaging.Average(net, 0.9) for net in nets]
            for net, value in zip(nets, (0.0, 1.0)):
                torch.nn.init.constant_(net.weight, value)
            partners = [averaging.Partner(pathlib.Path(place), w, 2) for w in range(2)]
            partners[0].exchange(nets[0], averages[0], 40)
            partners[1].exchange(nets[1], averages[1], 40)
            self.assertAlmostEqual(nets[1].weight.item(), 0.5, places=6)

    def made_up_run(self, folder):
        """Writes films and a split into the folder; the arguments of a run on them, two batches to an epoch."""
        names = [f'{i}.png' for i in range(48)]
        rows = [row(n, str(i), Mass=str(i % 2), Edema=str(i // 2 % 2)) for i, n in enumerate(names)]
        write_pack(folder, names, rows)
        parts = {'train': names[:32], 'validation': names[32:40], 'test': names[40:]}
        (folder / 'split.json').write_text(json.dumps({'films': parts}))
        arguments = ['--films', str(folder), '--split', str(folder / 'split.json'), '--run', str(folder / 'run')]
        return arguments + ['--network', 'compact', '--sides', '32', '--batch', '16', '--device', 'cpu']

    def test_a_run_that_was_cut_off_ends_with_the_weights_of_one_that_was_not(self):
        def weights_of(folder, cut_after):
            arguments = self.made_up_run(folder) + ['--epochs', '3']
            run = train.Run(train.parse(arguments))
            update = run.average.update

            def stop_after(*these):
                update(*these)
                run.stopped = run.average.steps == cut_after

            run.average.update = stop_after
            run.go()
            if run.stopped:
                train.Run(train.parse(arguments)).go()
            log = (folder / 'run' / 'log-0.csv').read_text().split()
            aurocs = [line.split(',')[4:7] for line in log]  # the loss and two AUROCs of every epoch
            return inference.read_weights(folder / 'run' / 'final.pt'), aurocs

        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                expected, aurocs = weights_of(pathlib.Path(whole), None)
                weights, same_aurocs = weights_of(pathlib.Path(parts), 3)
        self.assertIn('stopped at step 3', said.getvalue())
        self.assertEqual(aurocs, same_aurocs)
        for name, value in expected.items():
            self.assertTrue(torch.equal(value, weights[name]), name)

    def test_a_run_that_was_stopped_does_not_report_success(self):
        def stopped_at_once(run):
            signal.raise_signal(signal.SIGTERM)

        before = [(which, signal.getsignal(which)) for which in (signal.SIGTERM, signal.SIGINT)]
        with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()) as said:
            arguments = self.made_up_run(pathlib.Path(place)) + ['--epochs', '1']
            with mock.patch.object(train, 'keep_memory'), mock.patch.object(train.Run, 'train_epoch', stopped_at_once):
                with mock.patch('sys.argv', ['train.py', *arguments]), self.assertRaises(SystemExit) as ended:
                    train.main()
            self.assertTrue((pathlib.Path(place) / 'run' / 'state-0.pt').exists())
        for which, handler in before:
            signal.signal(which, handler)
        self.assertEqual(ended.exception.code, 1)
        self.assertIn('the same command goes on from here', said.getvalue())

    def test_a_run_that_was_cut_off_goes_on_where_it_was(self):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            arguments = self.made_up_run(folder)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                train.Run(train.parse(arguments + ['--epochs', '1'])).go()
                train.Run(train.parse(arguments + ['--epochs', '3'])).go()
            self.assertIn('goes on after epoch 1, step 2', said.getvalue())
            log = (folder / 'run' / 'log-0.csv').read_text().split()
            self.assertEqual([line.split(',')[0] for line in log], ['epoch', '1', '2', '3'])
            with self.assertRaisesRegex(films.DataError, 'holds a compact, not a three-block'):
                other = [a if a != 'compact' else 'three-block' for a in arguments]
                train.Run(train.parse(other))
            self.assertEqual(inference.shipped_weights(folder / 'run' / 'final.pt')[1], 'compact')
            loaded, teacher = films.load(folder, say=None), str(folder / 'says.npz')
            lessons.write_said(teacher, teach.said_of(folder / 'run' / 'final.pt', loaded.names, loaded.pixels))
            pupil = [a if a != str(folder / 'run') else str(folder / 'pupil') for a in arguments]
            with contextlib.redirect_stdout(io.StringIO()):
                train.Run(train.parse(pupil + ['--epochs', '1', '--teachers', teacher, '--side-tasks', '0'])).go()
            self.assertEqual(inference.read_checkpoint(folder / 'pupil' / 'final.pt')['epoch'], 1)

    def test_a_checkpoint_of_another_network_is_refused(self):
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'best.pt'
            kept = {'weights': network.build('compact').state_dict(), 'network': 'three-block', 'side': 96}
            torch.save(kept, path)
            weights, name, side = inference.shipped_weights(path)
            with self.assertRaisesRegex(films.DataError, 'not those of a three-block'):
                inference.restore(weights, name, side)
            path.write_bytes(b'no checkpoint')
            with self.assertRaises(films.DataError):
                inference.shipped_weights(path)

    def test_evidence_adds_up_to_the_logit_and_packing_keeps_weights(self):
        torch.manual_seed(1)
        weights = {k: v for k, v in network.build('compact', outputs=14).state_dict().items()}
        net = inference.restore(weights, 'compact', 128)
        logits, features = inference.logits_and_features(
            net, np.arange(128 * 128).astype(np.uint8).reshape(1, 128, 128), want_features=True
        )
        maps = inference.evidence(net, features)
        self.assertLess(np.abs(maps.mean((2, 3)) + net.classifier.bias.detach().numpy() - logits).max(), 1e-4)
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'w.safetensors'
            weights_file.write(path, network.arrays_of(weights))
            back = network.read_packed(path)
            self.assertTrue(all((back[k] == v).all() for k, v in weights.items() if 'num_batches' not in k))

    def test_what_rounding_does_to_the_logits_is_mostly_made_up_for(self):
        torch.manual_seed(1)
        pixels = np.random.default_rng(1).integers(0, 256, (128, 16, 16)).astype(np.uint8).repeat(8, 1).repeat(8, 2)
        net = network.build('compact', outputs=14)
        net.side = 64
        net.load_state_dict({**net.state_dict(), **rounding.statistics(net, pixels)})
        weights = {k: v.clone() for k, v in net.state_dict().items()}

        def logits(of, step):
            floats = network.arrays_of(of)
            stored = weights_file.widened(pack.stored(floats, 'int8', step=step)) if step else floats
            kept = {**of, **{k: torch.from_numpy(v) for k, v in stored.items()}}
            return inference.logits_and_features(inference.restore(kept, 'compact', 64), pixels[:32])

        truth = logits(weights, None)
        moved = rounding.made_up_for(weights, 1.0, 'compact', 64, pixels)
        plain, mended = (np.sqrt(((logits(of, 1.0) - truth) ** 2).mean()) for of in (weights, moved))
        self.assertLess(mended, 0.7 * plain)
        changed = {k for k in weights if not torch.equal(weights[k], moved[k])}
        self.assertTrue(changed and all('.running_' in k for k in changed))

    def test_films_are_enlarged_as_the_page_does(self):
        path = pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'models'
        spec = util.spec_from_file_location('model_network', path / 'network.py')
        page = util.module_from_spec(spec)
        spec.loader.exec_module(page)
        film = np.random.default_rng(3).integers(0, 256, (128, 128), dtype=np.uint8)
        ours = network.resize(network.normalise(torch.from_numpy(film[None])), 192)[0].numpy()
        self.assertLess(np.abs(ours - page.network_input(film, export.input_section(192))).max(), 2e-5)
        self.assertNotIn('detail', export.input_section(128))

    def test_sides_grow_by_the_share_of_the_epochs(self):
        chosen = train.parse(['--films', 'f', '--split', 's', '--run', 'r', '--epochs', '10'])
        plan = schedule.Schedule(chosen, 100)
        self.assertEqual([plan.phase(step)[2] for step in (0, 399, 400, 699, 700, 999)], [96, 96, 128, 128, 192, 192])
        self.assertEqual(plan.last_side, 192)
        for wrong in ('', '96 128', '96@0.4'):
            with self.assertRaises(ValueError):
                schedule.parse_sides(wrong)



@unittest.skipIf(MISSING, MISSING)
class Precision(unittest.TestCase):
    def test_bfloat16_is_used_only_where_the_processor_is_quick_with_it(self):
        with tempfile.TemporaryDirectory() as place:
            info = pathlib.Path(place) / 'cpuinfo'
            info.write_text('processor : 0\nflags : fpu avx avx2 vaes\n')
            self.assertFalse(precision.processor_is_quick(info))
            info.write_text('processor : 0\nflags : fpu avx2 avx512f avx512bw amx_bf16\n')
            self.assertTrue(precision.processor_is_quick(info))
            self.assertFalse(precision.processor_is_quick(pathlib.Path(place) / 'none'))
        for quick, expected in ((False, torch.float32), (True, torch.bfloat16)):
            with mock.patch.object(precision, 'processor_is_quick', lambda: quick), precision.autocast('cpu'):
                self.assertEqual((torch.ones(2, 2) @ torch.ones(2, 2)).dtype, expected)


if __name__ == '__main__':
    unittest.main()
