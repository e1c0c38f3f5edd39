"""Masks for the anatomy network, changes of films, its loss, measures and export, on made-up chests.

Run: python3 -m unittest tests/training/anatomy_test.py
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

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))

try:
    import torch

    import anatomy_card
    import anatomy_changes
    import anatomy_export
    import anatomy_masks
    import anatomy_measure
    import anatomy_network
    import anatomy_teacher
    import anatomy_train
    import films

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision and scipy: {error}'

SIDE = 400


def ellipse(x, y, across, along, side=SIDE):
    """[side, side] 0..1, soft at its edge; places as shares of the side."""
    rows, columns = np.mgrid[:side, :side] / side + 0.5 / side
    inside = 1 - np.hypot((columns - x) / across, (rows - y) / along)
    return np.clip(0.5 + 20 * inside, 0, 1).astype(np.float32)


def chest(side=SIDE):
    """The teacher's two masks of a made-up chest: lungs; heart with clavicles."""
    lungs = np.maximum(ellipse(0.3, 0.45, 0.12, 0.3, side), ellipse(0.72, 0.45, 0.11, 0.29, side))
    heart = ellipse(0.54, 0.62, 0.12, 0.11, side)
    clavicles = np.maximum(ellipse(0.3, 0.2, 0.1, 0.025, side), ellipse(0.7, 0.2, 0.1, 0.025, side))
    return lungs, np.maximum(heart, clavicles)


@unittest.skipIf(MISSING, MISSING)
class Masks(unittest.TestCase):
    def test_lungs_are_parted_and_clavicles_left_out(self):
        right, left, heart = anatomy_masks.sound_masks(*chest()) > 0.5
        self.assertLess(np.nonzero(right)[1].max(), np.nonzero(left)[1].min())
        self.assertGreater(np.nonzero(heart)[0].min(), 0.45 * SIDE)
        self.assertAlmostEqual(heart.sum() / SIDE**2, np.pi * 0.12 * 0.11, delta=0.002)

    def test_each_rule_drops_what_it_is_for(self):
        lungs, heart = chest()
        one = lungs.copy()
        one[:, SIDE // 2 :] = 0
        small = np.maximum(ellipse(0.3, 0.45, 0.12, 0.3), ellipse(0.72, 0.3, 0.1, 0.14))
        third = np.maximum(lungs, ellipse(0.5, 0.92, 0.12, 0.06))
        stacked = np.maximum(ellipse(0.5, 0.25, 0.3, 0.12), ellipse(0.5, 0.75, 0.3, 0.12))
        for reason, l, h in [
            ('fewer than two lungs', one, heart),
            ('one lung much smaller', small, heart),
            ('a third lung', third, heart),
            ('lungs not beside each other', stacked, heart),
            ('no heart', lungs, np.zeros_like(heart)),
            ('heart on the other side', lungs[:, ::-1], heart[:, ::-1]),
            ('height of the heart', lungs, ellipse(0.54, 0.3, 0.12, 0.11)),
            ('size of the heart', lungs, ellipse(0.54, 0.62, 0.05, 0.06)),
        ]:
            with self.subTest(reason), self.assertRaisesRegex(anatomy_masks.Unsound, reason):
                anatomy_masks.sound_masks(l, h)

    def test_at_most_two_films_of_a_patient_in_an_order_that_stays(self):
        patients = {f'{p}-{k}': p for p in 'abc' for k in range(5)}
        chosen = anatomy_masks.chosen_names(list(patients), patients, 99)
        self.assertEqual(len(chosen), 6)
        self.assertEqual(chosen[:3], anatomy_masks.chosen_names(list(patients)[::-1], patients, 3))

    def test_another_file_is_no_teacher(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b'no network')
            file.flush()
            try:
                with self.assertRaisesRegex(films.DataError, 'SHA-256'):
                    anatomy_teacher.load(file.name)
            except ImportError as error:
                self.skipTest(f'needs python3-h5py: {error}')


@unittest.skipIf(MISSING, MISSING)
class Changes(unittest.TestCase):
    def film(self):
        side = anatomy_network.SIDE
        masks = np.stack([ellipse(0.3, 0.45, 0.12, 0.3, side), ellipse(0.72, 0.45, 0.11, 0.29, side), ellipse(0.54, 0.62, 0.12, 0.11, side)])
        return masks

    def test_a_turn_clockwise_takes_the_top_to_the_right(self):
        picture = torch.zeros(1, 1, 8, 8)
        picture[0, 0, 0] = 1  # the top row
        none = torch.zeros(1)
        rows = anatomy_changes.affine(torch.ones(1), none.bool(), none, torch.ones(1), torch.ones(1), torch.zeros(1, 2))
        grid = torch.nn.functional.affine_grid(rows, (1, 1, 8, 8), align_corners=False)
        turned = torch.nn.functional.grid_sample(picture, grid, align_corners=False)[0, 0]
        self.assertTrue(torch.allclose(turned[:, 7], torch.ones(8), atol=1e-5))
        self.assertLess(float(turned[:, :6].max()), 1e-5)

    def test_masks_go_with_their_film(self):
        """The film is its own mask: wherever a film goes, its masks must be."""
        torch.manual_seed(3)
        masks = torch.from_numpy((255 * self.film()).astype(np.uint8))[None].repeat(40, 1, 1, 1)
        films_ = masks[:, :2].amax(1)
        batch = anatomy_changes.changed(films_, masks)
        grey = torch.nn.functional.avg_pool2d(batch['x'], 2)[:, 0]
        lungs = batch['masks'][:, :2].amax(1)
        agree = []
        for i in range(40):
            inside, outside = lungs[i] > 0.9, lungs[i] < 0.1
            if batch['chest'][i] and inside.any():
                brighter = grey[i][inside].median() > grey[i][outside].median()
                agree.append(bool(brighter) != bool(batch['inverted'][i]))
        self.assertGreater(len(agree), 20)
        self.assertGreater(np.mean(agree), 0.9)

    def test_a_lung_keeps_the_side_of_the_upright_picture(self):
        torch.manual_seed(5)
        masks = torch.from_numpy((255 * self.film()).astype(np.uint8))[None].repeat(60, 1, 1, 1)
        batch = anatomy_changes.changed(masks[:, 0], masks)
        for i in range(60):
            if not batch['chest'][i]:
                continue
            upright = torch.rot90(batch['masks'][i], int(batch['turn'][i]), (1, 2))  # counterclockwise, back
            centres = [(upright[k].sum(0) * torch.arange(80)).sum() / upright[k].sum() for k in (0, 1)]
            self.assertLess(float(centres[0]), float(centres[1]))

    def test_half_a_chest_is_not_asked_for(self):
        torch.manual_seed(0)
        masks = torch.from_numpy((255 * self.film()).astype(np.uint8))[None].repeat(200, 1, 1, 1)
        batch = anatomy_changes.changed(masks[:, 0], masks)
        self.assertTrue((batch['asked'][batch['chest'] == 1] == 1).all())
        self.assertGreater(float(batch['chest'].mean()), 0.6)
        none = anatomy_changes.no_chest(masks[:8, 0])
        self.assertEqual(float(none['masks'].max()), 0)
        self.assertEqual(none['chest'].tolist(), [0] * 8)

    def test_tiles_are_kept_and_jumbled(self):
        film = torch.arange(160 * 160).reshape(1, 160, 160)
        jumbled = anatomy_changes.jumbled(film)
        self.assertFalse(torch.equal(film, jumbled))


@unittest.skipIf(MISSING, MISSING)
class Training(unittest.TestCase):
    def test_right_answers_cost_less(self):
        torch.manual_seed(1)
        masks = torch.from_numpy((255 * Changes.film(self)).astype(np.uint8))[None].repeat(4, 1, 1, 1)
        batch = anatomy_changes.changed(masks[:, 0], masks)
        right = torch.zeros(4, 7)
        right[range(4), batch['turn']] = 9
        right[:, 4], right[:, 5], right[:, 6] = 18 * batch['mirrored'] - 9, 18 * batch['inverted'] - 9, 18 * batch['chest'] - 9
        good = anatomy_train.loss_of(18 * batch['masks'] - 9, right, batch, 4)[0]
        bad = anatomy_train.loss_of(9 - 18 * batch['masks'], -right, batch, 4)[0]
        self.assertLess(float(good), 0.3)
        self.assertGreater(float(bad), 5)

    def test_the_network_is_small_and_of_two_outputs(self):
        network = anatomy_network.AnatomyNetwork()
        self.assertLess(anatomy_network.parameters(network), 250_000)
        masks, answers = network(torch.zeros(2, 1, anatomy_network.SIDE, anatomy_network.SIDE))
        self.assertEqual(tuple(masks.shape), (2, 3, anatomy_network.MASK_SIDE, anatomy_network.MASK_SIDE))
        self.assertEqual(tuple(answers.shape), (2, len(anatomy_network.ANSWERS)))

    def test_a_run_goes_on_where_it_stopped(self):
        masks = (255 * Changes.film(self)).astype(np.uint8)
        with tempfile.TemporaryDirectory() as folder:
            stored = pathlib.Path(folder) / 'masks.npz'
            anatomy_masks.store(stored, {f'{k}.png': (masks.max(0), masks, 1 + k % 2) for k in range(6)}, {})
            strange = [('photo/a.jpg', np.zeros((anatomy_network.SIDE, anatomy_network.SIDE), np.uint8))]
            said = io.StringIO()
            with mock.patch.object(anatomy_train, 'strange_pictures', return_value=strange), contextlib.redirect_stdout(said):
                for steps in (1, 2):
                    chosen = types.SimpleNamespace(films='', masks=stored, run=folder, steps=steps, until=None, batch=4, rate=1e-3,
                                                   weight_decay=0, kept_out=1, store=1, seed=0)
                    anatomy_train.Run(chosen).run()
            self.assertIn('goes on at step 1', said.getvalue())
            trained = torch.load(pathlib.Path(folder) / 'final.pt')
            self.assertEqual((trained['step'], trained['films'], trained['kept_out']), (2, 3, 1))
            self.assertEqual(len((pathlib.Path(folder) / 'log.csv').read_text().splitlines()), 2)

    def test_a_fifth_of_the_pictures_is_kept_out_for_good(self):
        kept = np.mean([anatomy_train.kept_out_picture(f'photo/{k}.jpg') for k in range(2000)])
        self.assertAlmostEqual(kept, 0.2, delta=0.03)


@unittest.skipIf(MISSING, MISSING)
class Measures(unittest.TestCase):
    def masks(self):
        return (255 * Changes.film(self)).astype(np.uint8)

    def test_the_ratio_of_masks_is_that_of_their_widths(self):
        self.assertAlmostEqual(anatomy_measure.ratio_of(self.masks()), 0.24 / (0.83 - 0.18), delta=0.006)

    def test_dice_of_the_same_outline_is_nearly_one(self):
        masks = self.masks()
        angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
        side = masks.shape[-1]

        def organ(x, y, across, along):
            return {'outline': [[side * (x + across * np.cos(a)), side * (y + along * np.sin(a))] for a in angle]}

        record = {'lungs': {'right': organ(0.3, 0.45, 0.12, 0.3), 'left': organ(0.72, 0.45, 0.11, 0.29)}, 'heart': None}
        right, left, heart = anatomy_measure.dice_of(record, masks)
        self.assertGreater(min(right, left), 0.98)
        self.assertEqual(heart, 0)

    def test_bland_altman_by_hand(self):
        row = anatomy_measure.bland_altman([0.5, 0.5, 0.5, 0.5], [0.48, 0.5, 0.52, 0.5])
        self.assertAlmostEqual(row['mean_difference'][0], 0)
        self.assertAlmostEqual(row['upper_limit'][0], 1.96 * np.std([0.02, 0, -0.02, 0], ddof=1), places=4)
        self.assertAlmostEqual(row['coefficient_of_variation'][0], np.sqrt(0.0008 / 4 / 2) / 0.5, places=4)

    def test_wilson_stays_inside_0_and_1(self):
        self.assertEqual(anatomy_measure.wilson(0, 0), [None, None, None])
        share, low, high = anatomy_measure.wilson(0, 50)
        self.assertEqual((share, low), (0, 0))
        self.assertAlmostEqual(high, 0.0713, places=3)

    def test_a_cut_takes_the_side_it_names(self):
        masks = self.masks()
        film = masks.max(0)
        self.assertLess(anatomy_measure.cut(film, masks, 'left').shape[1], film.shape[1])
        self.assertEqual(anatomy_measure.cut(film, masks, 'left').shape[0], film.shape[0])
        self.assertLess(anatomy_measure.cut(film, masks, 'top').shape[0], film.shape[0])
        shifted = anatomy_measure.shifted(film, 3, 0)
        self.assertTrue((shifted[:, 3:] == film[:, :-3]).all())


@unittest.skipIf(MISSING, MISSING)
class Export(unittest.TestCase):
    def test_weights_fit_and_a_card_of_other_weights_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            state = anatomy_network.AnatomyNetwork().state_dict()
            torch.save({'weights': state, 'step': 1, 'films': 2, 'kept_out': 1}, folder / 'final.pt')
            (folder / 'measures.json').write_text(json.dumps({'weights': 'of another run'}))
            argv = sys.argv
            try:
                sys.argv = ['anatomy_export', '--run', str(folder), '--models', str(folder / 'models')]
                anatomy_export.main()
                manifest = json.loads((folder / 'models' / 'anatomy' / 'manifest.json').read_text())
                self.assertLessEqual(manifest['files']['weights.safetensors']['bytes'], anatomy_export.MOST_BYTES)
                self.assertEqual(manifest['answers'], anatomy_network.ANSWERS)
                sys.argv += ['--measures', str(folder / 'measures.json')]
                with self.assertRaisesRegex(films.DataError, 'other weights'):
                    anatomy_export.main()
            finally:
                sys.argv = argv


if __name__ == '__main__':
    unittest.main()
