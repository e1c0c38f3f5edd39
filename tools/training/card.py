"""The model card and its plots, written from the measured files and from nothing else. No number is typed by
hand but the published ones that it names."""
import csv
import json

import numpy as np

import films as films_module
import measures

PUBLISHED = (
    'Published on ChestX-ray14, with other splits and ten or more times the films: CheXNet 0.841 (Rajpurkar'
    ' et al. 2017); torchxrayvision "all" 0.774 (Cohen et al. 2022). They are not measured on the test films'
    ' below.'
)


def interval(row, digits=3):
    return f'{row[0]:.{digits}f} ({row[1]:.{digits}f}–{row[2]:.{digits}f})'


def table(head, rows):
    return (
        '\n'.join(
            ['| ' + ' | '.join(head) + ' |', '|' + ' --- |' * len(head)]
            + ['| ' + ' | '.join(str(c) for c in row) + ' |' for row in rows]
        )
        + '\n'
    )


def findings_table(evaluation):
    balanced, before = evaluation['operating_points']['balanced'], evaluation['reliability']
    rows = []
    for label in films_module.LABELS:
        row, point, error = evaluation['findings'][label], balanced[label], before[label]
        rows.append(
            [
                label,
                row['positives'],
                interval(row['auroc']),
                f'{row["average_precision"]:.3f}',
                f'{point["called"]} / {point["true"]}',
                f'{error["brier_before"]:.4f} → {error["brier_after"]:.4f}',
                f'{error["error_before"]:.3f} → {error["error_after"]:.3f}',
            ]
        )
    return table(
        [
            'finding',
            'true',
            'AUROC (95 %)',
            'average precision',
            'called / true at balanced',
            'Brier',
            'calibration error',
        ],
        rows,
    )


def points_table(evaluation):
    names = ('rule-out', 'balanced', 'rule-in')
    rows = [
        [label]
        + [
            f'{evaluation["operating_points"][n][label]["sensitivity"]:.2f} / '
            f'{evaluation["operating_points"][n][label]["specificity"]:.2f}'
            for n in names
        ]
        for label in films_module.LABELS
    ]
    return table(['sensitivity / specificity', *names], rows)


def groups_table(evaluation):
    rows = [
        [name, g['films'], g['patients'], len(g['findings']), interval(g['mean_auroc'])]
        for name, g in evaluation['subgroups'].items()
        if g
    ]
    return table(['group', 'films', 'patients', 'findings with enough films', 'mean AUROC of those'], rows)


def sources_table(evaluation):
    sources = evaluation['within_source_resolution']
    rows = []
    for label in films_module.LABELS:
        cells = [
            (
                f'{interval(s["findings"][label]["auroc"], 2)}, {s["findings"][label]["positives"]} true'
                if label in s['findings']
                else '–'
            )
            for s in sources.values()
        ]
        if any(c != '–' for c in cells):
            rows.append([label] + cells)
    rows.append(['mean'] + [interval(s['mean_auroc'], 3) for s in sources.values()])
    return table(['finding'] + [f'{kind} px, {s["films"]} films' for kind, s in sources.items()], rows)


def localisation_table(evaluation):
    rows = [
        [name, f['films'], f'{f["hits"]} / {f["films"]}', f'{f["mean_iou"]:.2f}', f'{f["chance"]:.2f}']
        for name, f in sorted(evaluation['localisation'].items())
    ]
    return table(
        ['boxes', 'films', 'highest point inside', 'mean IoU', 'boxes’ share of the film (chance)'], rows
    )


def runs_table(runs):
    rows = [
        [r['run'], r['network'], r['epochs'], r['minutes'], r['validation_auroc'], r['note']] for r in runs
    ]
    return table(['run', 'network', 'epochs', 'minutes', 'validation mean AUROC', 'remark'], rows)


def compared_lines(compared):
    """Section on short runs that differ in one thing; empty without any."""
    if not compared:
        return []
    choices = sum(r['run'].startswith('compact-') for r in compared) > 1
    return [
        '### What was compared\n',
        (
            'Short runs of `tools/training/compare`, at one processor beside other work: networks at 64 then 96 px, and'
            ' the compact network at 64 px alone, as the reference of what follows it.'
            + (' One choice of training at a time differs from it; another seed tells what chance does.' if choices else '')
            + ' Losses of different kinds are not comparable.\n'
        ),
        runs_table(compared),
        '![networks](comparison.svg)' + (' ![choices](choices.svg)' if choices else '') + '\n',
    ]


def app_line(app):
    if not app:
        return ''
    return (
        f'Through the page’s own path (decoder, resampling, graph in ONNX Runtime; {app["films"]} test films,'
        f' {len(app["refused"])} refused) the mean AUROC is {app["mean_auroc_app"]:.4f}, of PyTorch on the same'
        f' films {app["mean_auroc_pytorch"]:.4f}; against the trained'
        f' network in PyTorch the logits differ by {app["median_difference"]:.4f} in the median and'
        f' {app["largest_difference"]:.3f} at most.\n'
    )


def enlarged(side):
    return f', enlarged to {side}×{side}' if side > films_module.SIDE else ''


def facts_lines(app):
    """What the page's plain facts of a picture find and cost, as measured through its own path; empty without that."""
    if not app or 'facts' not in app:
        return []
    rows = [
        [reason, f'{fact["found"][0]} of {fact["found"][1]} {fact["of"]}', f'{fact["wrongly"][0]} of {fact["wrongly"][1]}']
        for reason, fact in app['facts'].items()
    ]
    return [
        'The plain facts, measured through the page’s own path (below 512 pixels every film is called small besides):\n',
        table(['reason', 'found', 'wrongly raised for test films'], rows),
    ]


def heads_lines(heads, app):
    """Sections on the gate and on the score for any finding."""
    children = heads['any_finding']['children']
    return [
        '### Is it a chest film\n',
        (
            'Beside plain facts of the picture (size, contrast, colour, clipping, tags) these reasons are read from'
            ' the network’s pooled features, each by one weighted sum. Strange pictures: everyday photographs; CT,'
            ' MRI and hand films of medical-mnist (64 px, so part of what is learnt may be their blur); chest films'
            ' inverted or turned by us. Half of the strange pictures and other patients’ films were fitted on.'
            ' Lateral views have no films here: they are known by their tags only, unmeasured.\n'
        ),
        table(['reason', 'what happens', 'measured'], [[r['id'], r['severity'], r['measured']] for r in heads['reasons']]),
        f'Any of them is wrongly raised for {100 * heads["false_alarms"]:.1f} % of the test films.\n',
        *facts_lines(app),
        '### Anything at all\n',
        (
            f'The score for any finding: {heads["any_finding"]["measured"]}. On {children["films"]} films of children'
            ' (Kermany et al. 2018, whole original test split, none trained on), pneumonia against normal: any finding'
            f' {interval(children["any_finding"])}, the pneumonia score {interval(children["pneumonia"])}. The'
            ' network was trained on adults of another hospital; what holds there need not hold here.\n'
        ),
    ]


def write(path, facts):
    """facts: id, name, network, parameters, bytes, storage, evaluation, calibration, packed (fp32/packed mean
    AUROC and largest difference), dataset, runs, compared, training (text), device (text)."""
    e, packed, data = facts['evaluation'], facts['packed'], facts['dataset']
    alike = data['near_duplicates']
    probe = data['shortcut']
    lines = [
        f'# {facts["name"]}\n',
        (
            f'A DenseNet ({facts["shape"]}; {facts["parameters"]:,} parameters) for grey chest films of'
            f' 128×128 pixels{enlarged(facts["side"])}; 14 findings; evidence maps of {e["map_side"]}×{e["map_side"]} cells. Weights'
            f' stored as {facts["storage"]}, {facts["bytes"]:,} bytes. Trained from nothing; no published'
            ' weights are in it. For research and teaching. Not a medical device.\n'
        ),
        '## How good it is\n',
        (
            f'{e["data"]}; none of them was used for training or for any choice. Intervals are 95 %, patients'
            f' drawn with replacement {e["bootstrap_rounds"]} times. Labels are the text-mined ones.\n'
        ),
        (
            f'**Mean AUROC {interval(e["mean_auroc"])}.** Any finding against none:'
            f' {interval(e["any_finding"])}. {PUBLISHED}\n'
        ),
        findings_table(e),
        (
            f'As shipped ({facts["storage"]}) the mean AUROC is {packed["mean_auroc"]:.4f}, as trained'
            f' {packed["mean_auroc_trained"]:.4f}; the largest difference of a logit is'
            f' {packed["largest_difference"]:.3f}.\n'
        ),
        app_line(facts.get('app')),
        '### Operating points\n',
        f'Chosen on {facts["calibration"]["data"]}; measured here on the test films. Rule-out aims at'
        ' sensitivity 0.95, rule-in at specificity 0.95; where validation has few true films (Hernia '
        + str(facts['calibration']['findings']['Hernia']['positives'])
        + ') the thresholds are guesses.\n',
        points_table(e),
        *heads_lines(facts['heads'], facts.get('app')),
        '### By view, sex and age\n',
        groups_table(e),
        '### Within one source resolution\n',
        (
            'Films came from copies of different size, and some findings come mostly from one of them:'
            ' knowing the size alone gives pneumonia an AUROC of'
            f' {probe["findings"]["Pneumonia"]["resolution"]:.2f} on the test films, and at 128 px the fine'
            f' texture still tells small sources from large ({probe["source_128_from_texture"]:.2f}).'
            ' Training weights make every finding equally frequent in every source and sharpness is varied;'
            ' what the network knows without the hint is the figure within one source:\n'
        ),
        sources_table(e),
        '### Where\n',
        (
            'Evidence maps, measured from the highest threshold, against boxes drawn by radiologists (test'
            ' patients; few; every film with a box, called or not):\n'
        ),
        localisation_table(e),
        '## How it was made\n',
        facts['training'] + '\n',
        '`tools/training/reproduce FILMS` makes the model from the films in one command: a split, the runs of this table from'
        ' random weights on, with fixed seeds and epochs, calibration, and all that is measured. These weights are what it'
        ' made. It takes the minutes of the table on such a processor, and twenty more.\n',
        runs_table(facts['runs']),
        '![training](training.svg) ![test](test.svg)\n',
        *compared_lines(facts['compared']),
        '## Data\n',
        f'ChestX-ray14 (Wang et al., CVPR 2017; NIH Clinical Center,'
        f' https://nihcc.app.box.com/v/ChestXray-NIHCC). Split by patient: '
        + '; '.join(
            f'{k} {v["films"]} films of {v["patients"]} patients ({v["no_finding"]} without finding)'
            for k, v in data['parts'].items()
        )
        + f'. Patients in two parts: 0. Near-duplicate pairs (likeness {alike["likeness_at_least"]} and'
        f' more): {alike["pairs"]}, across parts {len(alike["across_parts"])}.'
        f' {data["readers_normal_but_labelled"]} films carry a finding though RSNA’s readers called them'
        ' normal.\n',
        table(
            ['part'] + films_module.LABELS,
            [[k] + list(v['findings'].values()) for k, v in data['parts'].items()],
        ),
        '## Limits\n',
        '\n'.join(f'- {limit}' for limit in facts['limits']) + '\n',
    ]
    path.write_text('\n'.join(lines), encoding='utf-8')


def plotter():
    """matplotlib.pyplot, set so that the same figures give the same file."""
    import matplotlib

    matplotlib.use('svg')
    import matplotlib.pyplot as pyplot

    matplotlib.rcParams.update({'svg.hashsalt': 'chestlight', 'font.size': 8, 'svg.fonttype': 'none'})
    return pyplot


def training_plot(path, logs):
    """Loss and validation AUROC per epoch of every run; nothing where there is none."""
    if not logs:
        return
    figure, (left, right) = plotter().subplots(1, 2, figsize=(8.6, 2.8))
    for i, (name, rows) in enumerate(logs.items()):
        epochs, style = [int(r['epoch']) for r in rows], ['-', 'o:'][i // 10 % 2]  # there are ten colours
        left.plot(epochs, [float(r['loss']) for r in rows], style, markersize=3, label=name)
        right.plot(epochs, [float(r['validation_auroc']) for r in rows], style, markersize=3, label=name)
    left.set(xlabel='epoch', ylabel='training loss')
    right.set(xlabel='epoch', ylabel='validation mean AUROC')
    right.legend(frameon=False, fontsize=7, loc='center left', bbox_to_anchor=(1, 0.5))
    figure.tight_layout()
    figure.savefig(path, metadata={'Date': None})


def test_plot(path, labels, logits, mean):
    """One ROC curve per finding."""
    figure, axes = plotter().subplots(figsize=(4.2, 3.8))
    for c, label in enumerate(films_module.LABELS):
        order = np.argsort(-logits[:, c])
        y = labels[order, c] > 0.5
        keep = np.unique(np.linspace(0, len(y) - 1, 120).astype(int))
        axes.plot(
            (np.cumsum(~y) / (~y).sum())[keep],
            (np.cumsum(y) / y.sum())[keep],
            linewidth=0.9,
            label=f'{label} {measures.auroc(labels[:, c], logits[:, c]):.2f}',
        )
    axes.plot([0, 1], [0, 1], color='0.7', linewidth=0.6)
    axes.set(xlabel='1 − specificity', ylabel='sensitivity', title=f'test patients, mean {mean:.3f}')
    axes.legend(frameon=False, fontsize=5)
    figure.tight_layout()
    figure.savefig(path, metadata={'Date': None})


def read_log(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def read_json(path):
    return json.loads(path.read_text(encoding='utf-8'))
