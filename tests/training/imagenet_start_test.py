"""The start that MobileNetV2 takes from published weights.

Run: python3 -m unittest tests/training/imagenet_start_test.py
"""
import pathlib
import struct
import sys
import tempfile
import unittest

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))
import films

try:
    import torch
    import torchvision
    import imagenet_start
    import network

    MISSING = ''
except ImportError as error:
    MISSING = f'needs torch, torchvision, scikit-learn and scipy: {error}'


@unittest.skipIf(MISSING, MISSING)
class Start(unittest.TestCase):
    def test_names_and_function_are_torchvisions(self):
        torch.manual_seed(2)
        published = torchvision.models.mobilenet_v2(weights=None, num_classes=5).eval()
        published.features[0][0] = torch.nn.Conv2d(1, 32, 3, 2, 1, bias=False)
        ours = network.build('mobilenetv2', outputs=5).eval()
        self.assertEqual(list(ours.state_dict()), list(published.state_dict()))
        ours.load_state_dict(published.state_dict())
        x = torch.randn(2, 1, 64, 64) * 3
        with torch.no_grad():
            self.assertLess((ours(x) - published(x)).abs().max().item(), 1e-5)
        self.assertEqual(network.name_of(ours.state_dict()), 'mobilenetv2')
        self.assertEqual(network.head_keys(ours.state_dict()), ('classifier.1.weight', 'classifier.1.bias'))

    def test_the_network_computes_the_same_whether_batch_norm_runs_or_not(self):
        torch.manual_seed(3)
        features = network.build('mobilenetv2').features.eval()
        layers = [m for m in features.modules() if isinstance(m, torch.nn.Conv2d)]
        found = [(m.weight.detach().numpy().astype(float), np.full(m.out_channels, 0.1)) for m in layers]
        colours = np.repeat(found[0][0], 3, 1) * [[[[1.0]], [[2.0]], [[3.0]]]]
        pixels = np.random.default_rng(0).integers(0, 256, (12, 128, 128)).astype(np.uint8)
        start, change = imagenet_start.start_of([(colours, found[0][1]), *found[1:]], pixels)
        self.assertLess(change, 1e-3)
        np.testing.assert_allclose(start[0][0].weight.detach().numpy(), found[0][0] * 6 * 0.5, rtol=1e-5)
        x = network.resize(network.normalise(torch.from_numpy(pixels)), imagenet_start.SIDE)
        with torch.no_grad():
            still, moving = start.eval()(x), start.train()(x)
        self.assertLess((still - moving).abs().max().item(), 0.02 * still.abs().max().item() + 1e-3)
        with self.assertRaisesRegex(films.DataError, '51 convolutions, expected 52'):
            imagenet_start.start_of(found[1:], pixels)

    def test_stored_integers_become_numbers_by_their_channels_scale(self):
        class Stored:
            def __init__(self, **fields):
                self.fields = fields

            def value(self, field, form=None):
                return self.fields[f'v{field}']

            def array(self, field, kind):
                return np.array(self.fields[f'a{field}'], kind)

            def table(self, field):
                return self.fields[f't{field}']

        quantisation = Stored(a2=[0.5, 2.0], a3=[0, 1], v6=0)
        tensor = Stored(v2=0, v1=9, a0=[2, 2], t4=quantisation)
        buffers = [Stored(a0=np.frombuffer(struct.pack('4b', 1, -2, 3, 4), 'u1'))]
        self.assertEqual(imagenet_start.tensor_of(tensor, buffers).tolist(), [[0.5, -1.0], [4.0, 6.0]])

    def test_another_file_is_refused(self):
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'other.tflite'
            path.write_bytes(b'other')
            with self.assertRaisesRegex(films.DataError, 'has the SHA-256 d9298a10.*expected 5d313724'):
                imagenet_start.published(path)
            with self.assertRaisesRegex(films.DataError, 'missing'):
                imagenet_start.published(pathlib.Path(place) / 'none.tflite')


if __name__ == '__main__':
    unittest.main()
