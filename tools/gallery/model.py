"""The classifier in PyTorch, read from a model folder: weights.safetensors and, where there is one, manifest.json.

Only for making the gallery: the product runs its own graph.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as functional

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / 'training'))
import inference
import network

NIH_LABELS = ['Atelectasis', 'Cardiomegaly', 'Effusion', 'Infiltration', 'Mass', 'Nodule', 'Pneumonia', 'Pneumothorax',
              'Consolidation', 'Edema', 'Emphysema', 'Fibrosis', 'Pleural_Thickening', 'Hernia']


class Network:
    """Scores films: logits of the model at a folder, and the same differentiably."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        manifest_path = folder / 'manifest.json'
        self.manifest = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
        self.sha256 = hashlib.sha256((folder / 'weights.safetensors').read_bytes()).hexdigest()
        entry = self.manifest.get('input', {})
        self.side = entry.get('width', 128)
        self.detail = entry.get('detail', self.side)
        self.mean, self.std = entry.get('mean', [0.5]), entry.get('std', [0.25])
        self.labels = [label['id'] for label in self.manifest.get('labels', [])] or NIH_LABELS
        weights = network.read_packed(folder / 'weights.safetensors')
        self.net = inference.restore(weights, network.name_of(weights), self.side)
        self.head = network.head(self.net)
        for parameter in self.net.parameters():
            parameter.requires_grad_(False)

    def logits(self, films):
        """films [n, 1, h, w] square, 0..1 → logits [n, labels]; differentiable."""
        return self.total(self.evidence(films))

    def evidence(self, films):
        """films as above → [n, labels, rows, columns]: what each cell adds to a logit, times the number of cells."""
        small = functional.interpolate(films, size=(self.detail, self.detail), mode='bicubic', antialias=True).clamp(0, 1)
        if self.detail < self.side:
            small = functional.interpolate(small, size=(self.side, self.side), mode='bilinear', align_corners=False)
        channels = [(small - mean) / std for mean, std in zip(self.mean, self.std)]
        features = functional.relu(self.net.features(torch.cat(channels, 1)))
        return torch.einsum('nchw,lc->nlhw', features, self.head.weight)

    def total(self, evidence):
        """The logits that maps of evidence add up to."""
        return evidence.mean((2, 3)) + self.head.bias

    def thresholds(self):
        """Thresholds of the default operating point as logits, or None where the model has no manifest."""
        if 'operating_points' not in self.manifest:
            return None
        chosen = self.manifest['default_operating_point']
        point = next(point for point in self.manifest['operating_points'] if point['id'] == chosen)
        result = []
        for label, threshold in zip(self.manifest['labels'], point['thresholds']):
            logit = float(np.log(threshold / (1 - threshold)))
            calibration = label.get('calibration', {'kind': 'none'})
            if calibration['kind'] == 'platt':
                logit = (logit - calibration['offset']) / calibration['scale']
            result.append(logit)
        return torch.tensor(result)
