"""Where readers drew boxes, as something to learn from: a film's evidence map for a finding is asked to lie in its boxes.

A text-mined label says that something is there, not where, so a network may read it from a burnt-in letter in a corner.
The few films with boxes say where. Coarse masks in, one number out; no training.
"""
import json

import torch
import torch.nn.functional as functional

import films as films_module

SIDE = 64  # px of a mask
BOX_SCALE = 1024  # px, in which the table gives boxes
OPACITY = ['Pneumonia', 'Consolidation', 'Infiltration']  # findings that an RSNA opacity box can be evidence for


def boxes_of(row):
    """{finding: [[x, y, w, h], ...]} of a row of the label table. NIH's boxes name their finding; RSNA's say "opacity":
    they count for the opacity findings of the film, and for pneumonia in any case, which their readers were asked for."""
    found = {}
    for label, *box in json.loads(row.get('nih_boxes') or '[]'):
        found.setdefault('Infiltration' if label == 'Infiltrate' else label, []).append(box)
    opacity = json.loads(row.get('rsna_boxes_1024') or '[]')
    for label in OPACITY if opacity else []:
        if label == 'Pneumonia' or row[label] == '1':
            found.setdefault(label, []).extend(opacity)
    return {label: boxes for label, boxes in found.items() if label in films_module.LABELS}


def mask_of(boxes, side=SIDE):
    """[side, side] 0/1: the union of the boxes, at least one pixel of each."""
    mask = torch.zeros(side, side)
    for x, y, w, h in boxes:
        left, top = (min(int(v * side / BOX_SCALE), side - 1) for v in (x, y))
        right, bottom = (int(round(v * side / BOX_SCALE)) for v in (x + w, y + h))
        mask[top : max(bottom, top + 1), left : max(right, left + 1)] = 1
    return mask


class Places:
    """All (film, finding) pairs that have boxes. masks(index) gives those of one batch."""

    def __init__(self, rows, device):
        self.device, self.of_film = device, {}
        for i, row in enumerate(rows):
            for label, boxes in boxes_of(row).items():
                self.of_film.setdefault(i, []).append((films_module.LABELS.index(label), mask_of(boxes)))

    def masks(self, index):
        """Of films `index` [n]: rows of the batch [m], findings [m] and masks [m, SIDE, SIDE]; m may be 0."""
        found = [(n, c, mask) for n, i in enumerate(index.tolist()) for c, mask in self.of_film.get(i, [])]
        rows, findings, masks = zip(*found) if found else ((), (), ())
        return (
            torch.tensor(rows, dtype=torch.long, device=self.device),
            torch.tensor(findings, dtype=torch.long, device=self.device),
            (torch.stack(masks) if masks else torch.zeros(0, SIDE, SIDE)).to(self.device),
        )


def loss_of(features, classifier_weight, rows, findings, masks, batch):
    """How far the evidence maps are from the boxes: Kullback-Leibler divergence of the map's softmax over its cells from
    the share of box in each cell, summed over the pairs [m] and divided by the batch. A box that left the picture counts
    nothing. features [n, k, h, w], masks [m, s, s] (already turned and shifted as the films were)."""
    cells = features.shape[-2:]
    share = functional.adaptive_avg_pool2d(masks[:, None], cells).flatten(1)
    inside = share.sum(1) > 1e-3
    if not inside.any():
        return features.new_zeros(())
    rows, findings, share = rows[inside], findings[inside], share[inside]
    share = share / share.sum(1, keepdim=True)
    maps = torch.einsum('mkhw,mk->mhw', features[rows], classifier_weight[findings]).flatten(1)
    return functional.kl_div(maps.log_softmax(1), share, reduction='sum') / batch
