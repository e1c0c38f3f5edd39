"""The model card and its plots, written from the measured files and from nothing else. No number is typed by
hand but the published ones that it names."""
import csv
import json

import numpy as np

import films as films_module
import measures

PUBLISHED = (
    'Published on the test list of the NIH: four independent DenseNet-121 0.804 to 0.813, EVA-X-Ti 0.824, all trained on 86,524'
    ' films; CheXNet 0.841 on a split of its own (Rajpurkar et al. 2017).'
)
TOO_FEW = 100  # films with a finding, below which the card says so


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
    headline = evaluation['headline']
    rows = []
    for label in films_module.LABELS:
        row, error = evaluation['findings'][label], evaluation['reliability'][label]
        apart = headline['findings'].get(label) if headline else None
        rows.append(
            [
                label,
                row['positives'],
                interval(row['auroc']),
                f'{interval(apart["auroc"], 2)}, {apart["positives"]} true' if apart else '–',
                f'{row["average_precision"]:.3f}',
                f'{error["brier_before"]:.4f} → {error["brier_after"]:.4f}',
                f'{error["error_before"]:.3f} → {error["error_after"]:.3f}',
            ]
        )
    return table(
        ['finding', 'true', 'AUROC (95 %)', 'of 1024-px sources', 'average precision', 'Brier', 'calibration error'], rows
    )


def points_table(evaluation):
    points = evaluation['operating_points']
    rows = [
        [label] + [f'{p[label]["sensitivity"]:.2f} / {p[label]["specificity"]:.2f}, {p[label]["called"]} called' for p in points.values()]
        for label in [*films_module.LABELS, 'any finding']
    ]
    return table(['sensitivity / specificity', *points], rows)


def groups_table(evaluation):
    groups = {**evaluation['subgroups'], **{f'source of {k}': g for k, g in evaluation['within_source_resolution'].items()}}
    rows = [
        [name, g['films'], g['patients'], len(g['findings']), interval(g['mean_auroc'])] for name, g in groups.items() if g
    ]
    return table(['group', 'films', 'patients', 'findings with enough films', 'mean AUROC of those'], rows)


def localisation_table(evaluation):
    rows = [
        [name, f['films'], f'{f["hits"]} / {f["films"]}', f'{f["mean_iou"]:.2f}', f'{f["chance"]:.2f}']
        for name, f in sorted(evaluation['localisation'].items())
    ]
    return table(
        ['boxes', 'films', 'highest point inside', 'mean IoU', 'boxes’ share of the film (chance)'], rows
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


def heads_lines(heads, evaluation, app):
    """Sections on the gate and on the score for any finding."""
    children, found = heads['children'], heads['measured']
    changed = [[name, f'{raised} of {count}', f'{100 * raised / count:.1f} %'] for name, (raised, count) in found['films'].items()]
    return [
        '### Is it a chest film\n',
        (
            'Beside plain facts of the picture (size, contrast, colour, clipping, tags) these reasons are read from'
            ' the network’s pooled features, each by one weighted sum; the highest is named. They are fitted against chest films,'
            ' changed chest films and the pictures of all other reasons, and measured with the network of one fold on that fold and'
            ' on pictures kept out. Strange pictures: everyday photographs; CT, MRI and hand films of medical-mnist (64 px). Films'
            ' inverted, turned, set side by side or photographed from a screen are made by us. Lateral views have no films here:'
            ' they are known by their tags only.\n'
        ),
        table(['reason', 'what happens', 'measured'], [[r['id'], r['severity'], r['measured']] for r in heads['reasons']]),
        'Chest films that should pass, as they are and changed: how many are refused or warned of.\n',
        table(['chest films', 'any reason', 'share'], changed),
        *facts_lines(app),
        '### Anything at all\n',
        (
            f'Any label against none: AUROC {interval(evaluation["any_finding"])} out of fold. On {children["films"]} films of'
            ' children (Kermany et al. 2018, original test split, none trained on), pneumonia against normal, by the shipped network:'
            f' any finding {interval(children["any_finding"])}, the pneumonia score {interval(children["pneumonia"])}. Labels are of'
            ' adults of another hospital; what holds there need not hold here.\n'
        ),
    ]


def app_line(app):
    if not app:
        return ''
    return (
        f'Through the page’s own path (decoder, resampling, graph in ONNX Runtime; {app["films"]} films,'
        f' {len(app["refused"])} refused) the logits differ from those of PyTorch with the stored weights by'
        f' {app["median_difference"]:.4f} in the median and {app["largest_difference"]:.3f} at most.\n'
    )


def how_trained(facts):
    """The recipe in words, from the settings that the run on all films left behind."""
    places = facts['settings'] if f'{facts["shipped"]}-labels' in facts['logs'] else None
    settings = facts['settings_of_labels'] if places else facts['settings']
    log = facts['logs'].get(f'{facts["shipped"]}-labels' if places else facts['shipped'], [])
    sides = ', '.join(f'{sum(r["side"] == side for r in log)} at {side} px' for side in sorted({r['side'] for r in log}, key=int))
    falling = sum(r['phase'] == 'decay' for r in log)
    start = 'from random weights'
    if facts['network'] == 'mobilenetv2':
        start = 'from weights trained on ImageNet (below), the first convolution summed over its colours'
    taught = ''
    if settings.get('teachers'):
        more = ', '.join(settings['more']) or 'no others'
        taught = (
            ' Beside the labels it learns the mean probabilities that the MobileNetV2 of the folds give each film and its mirror'
            ' image: in a fold the one that did not see the fold’s patients either, on all films the mean of all five. Films of'
            f' further packs are taught as well ({more}); those without labels by the teachers alone.'
        )
    pointed = (
        f' Then {places["epochs"]} epoch at {places["sides"]} px, from a rate of {places["rate"]} to zero, in which maps that miss the'
        ' boxes that readers drew cost as well.'
        if places
        else ''
    )
    return (
        f'In every fold and on all films alike: {start}, with AdamW (rate {settings["rate"]}, weight decay'
        f' {settings["weight_decay"]}), batches of {settings["batch"]}; {len(log)} epochs ({sides}), the rate falling in the last'
        f' {falling}; the running average of the weights at the end, with no epoch chosen. Rotation ±12°, scale ±18 %, shift ±12 %,'
        ' mirroring, contrast, gamma, sharpness, noise, grey patches, strips along an edge or a corner hidden at random; mixup until'
        f' the rate falls.{taught}{pointed} Besides the 14 findings the network learns "any finding", view, sex and age. Rarer findings weigh'
        ' somewhat more; findings that RSNA’s readers did not confirm count 0.7; every finding is weighted to be equally frequent at'
        ' every source resolution.\n'
    )


def runs_table(logs):
    rows = []
    for name, log in logs.items():
        minutes = round(sum(float(r['seconds']) for r in log) / 60)
        last = float(log[-1]['validation_auroc']) if log else float('nan')
        rows.append([f'fold {name}' if name != 'all' else 'all films', len(log), minutes, log[-1]['loss'], f'{last:.4f}' if last == last else '–'])
    return table(['kept out', 'epochs', 'minutes', 'training loss', 'mean AUROC of the fold'], rows)


def earned(facts):
    """The sentence that counts: what was earned on films that were not trained on, and by which network."""
    e = facts['evaluation']
    headline = e['headline']
    figure = f'a mean AUROC of {interval(headline["mean_auroc"] if headline else e["mean_auroc"])}'
    if facts['shipped'] == 'all':
        return (
            '**The shipped weights were trained on all films; five networks made by the same recipe, each without a fifth of the'
            f' patients, earned {figure} on films of 1024-px sources that they had not seen.** Over all films it is'
            f' {interval(e["mean_auroc"])}, and within single folds {e["within_folds"]["mean"]:.3f} on average. {PUBLISHED}\n'
        )
    return (
        f'**The shipped weights were trained on four fifths of the patients and earned {figure} on the films of 1024-px sources of the'
        f' others, which they had not seen.** Over all films of the others it is {interval(e["mean_auroc"])}. Recipes were compared on'
        f' these films too, so the figures may flatter a little. {PUBLISHED}\n'
    )


def write(path, facts):
    """facts: id, name, network, parameters, bytes, storage, sources, evaluation, heads, side, dataset, app, settings, logs, shipped
    ("all" or the number of a fold), limits, cost (of storage, on fold 1)."""
    e, cost, data = facts['evaluation'], facts['cost'], facts['dataset']
    alike, probe = data['near_duplicates'], data['shortcut']
    few = [label for label in films_module.LABELS if e['findings'][label]['positives'] < TOO_FEW]
    kind = 'MobileNetV2' if facts['network'] == 'mobilenetv2' else 'DenseNet-121'
    lines = [
        f'# {facts["name"]}\n',
        (
            f'A {kind} ({facts["parameters"]:,} parameters) for grey chest films of 128×128 pixels{enlarged(facts["side"])}; 14'
            f' findings; evidence maps of {e["map_side"]}×{e["map_side"]} cells. Weights stored as {facts["storage"]},'
            f' {facts["bytes"]:,} bytes. For research and teaching. Not a medical device.\n'
        ),
        '## How good it is\n',
        earned(facts),
        (
            f'{e["data"]}. Intervals are 95 %, patients drawn with replacement {e["bootstrap_rounds"]} times. Labels are the'
            f' text-mined ones. Probabilities and thresholds were fitted on other patients where they are measured here. Fewer than'
            f' {TOO_FEW} true films: {", ".join(few) or "none"}.\n'
        ),
        findings_table(e),
        (
            f'What storage costs ({facts["storage"]}), on the {cost["films"]} films of fold {cost["fold"]} with its network: mean AUROC'
            f' {cost["mean_auroc"]:.4f}, as trained {cost["mean_auroc_trained"]:.4f}; the largest difference of a logit is'
            f' {cost["largest_difference"]:.3f}.\n'
        ),
        app_line(facts.get('app')),
        '### Operating points\n',
        'Rule-out aims at sensitivity 0.95, rule-in at specificity 0.95, balanced weighs both alike (Youden).\n',
        points_table(e),
        *heads_lines(facts['heads'], e, facts.get('app')),
        '### By view, sex, age and source\n',
        (
            'Films came from copies of different size, and some findings come mostly from one of them: knowing the size alone gives'
            f' pneumonia an AUROC of {probe["findings"]["Pneumonia"]["resolution"]:.2f}, and at 128 px the fine texture still tells'
            f' small sources from large ({probe["source_128_from_texture"]:.2f}). Within one source nothing can be had that way.\n'
        ),
        groups_table(e),
        '### Where\n',
        (
            'Evidence maps out of fold, measured from the highest threshold, against boxes drawn by radiologists (every film with a'
            ' box, called or not):\n'
        ),
        localisation_table(e),
        '## How it was made\n',
        how_trained(facts),
        '`tools/training/reproduce FILMS` makes it from the films in one command, with fixed seeds and epochs.\n',
        runs_table(facts['logs']),
        '![training](training.svg) ![ROC](roc.svg)\n',
        '\n'.join(f'- {source}' for source in facts['sources']) + '\n',
        '## Data\n',
        'ChestX-ray14 (Wang et al., CVPR 2017; NIH Clinical Center, https://nihcc.app.box.com/v/ChestXray-NIHCC). Folds by patient;'
        f' patients in two folds: 0. Near-duplicate pairs (likeness {alike["likeness_at_least"]} and more): {alike["pairs"]}, across'
        f' folds {len(alike["across_folds"])}. {data["readers_normal_but_labelled"]} films carry a finding though RSNA’s readers'
        ' called them normal.\n',
        table(
            ['', 'films', 'patients', 'no finding', *films_module.LABELS],
            [[k, v['films'], v['patients'], v['no_finding'], *v['findings'].values()] for k, v in data['folds'].items()],
        ),
        '## Limits\n',
        '\n'.join(f'- {limit}' for limit in facts['limits']) + '\n',
    ]
    path.write_text('\n'.join(line for line in lines if line), encoding='utf-8')


def plotter():
    """matplotlib.pyplot, set so that the same figures give the same file."""
    import matplotlib

    matplotlib.use('svg')
    import matplotlib.pyplot as pyplot

    matplotlib.rcParams.update({'svg.hashsalt': 'chestlight', 'font.size': 8, 'svg.fonttype': 'none'})
    return pyplot


def training_plot(path, logs):
    """Loss per epoch of every fold's run, and the AUROC on the fold where it was looked at; nothing where there is no run."""
    if not logs:
        return
    figure, (left, right) = plotter().subplots(1, 2, figsize=(8.6, 2.8))
    for i, (name, rows) in enumerate(logs.items()):
        epochs, style = [int(r['epoch']) for r in rows], ['-', 'o:'][i // 10 % 2]  # there are ten colours
        left.plot(epochs, [float(r['loss']) for r in rows], style, markersize=3, label=f'fold {name}')
        seen = [(epoch, float(r['validation_auroc'])) for epoch, r in zip(epochs, rows) if float(r['validation_auroc']) > 0]
        right.plot([epoch for epoch, _ in seen], [value for _, value in seen], style, markersize=3, label=f'fold {name}')
    left.set(xlabel='epoch', ylabel='training loss')
    right.set(xlabel='epoch', ylabel='mean AUROC of the fold')
    right.legend(frameon=False, fontsize=7, loc='center left', bbox_to_anchor=(1, 0.5))
    figure.tight_layout()
    figure.savefig(path, metadata={'Date': None})


def roc_plot(path, labels, logits, mean):
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
    axes.set(xlabel='1 − specificity', ylabel='sensitivity', title=f'out of fold, mean {mean:.3f}')
    axes.legend(frameon=False, fontsize=5)
    figure.tight_layout()
    figure.savefig(path, metadata={'Date': None})


def read_log(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def read_json(path):
    return json.loads(path.read_text(encoding='utf-8'))
