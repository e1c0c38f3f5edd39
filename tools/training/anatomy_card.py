"""card.md of the anatomy network, from what anatomy_measure.py wrote. It measures nothing."""
import anatomy_network

ORGANS = {'right_lung': 'right lung', 'left_lung': 'left lung', 'heart': 'heart'}
GOAL = 0.058  # coefficient of variation of the ratio that readers reach among themselves


def figures(row, digits=3):
    value, low, high = row
    return '–' if value is None else f'{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})'


def percent(row):
    value, low, high = row
    return '–' if value is None else f'{100 * value:.1f} % ({100 * low:.1f} to {100 * high:.1f})'


def table(head, rows):
    return '\n'.join(['| ' + ' | '.join(head) + ' |', '|' + ' --- |' * len(head), *('| ' + ' | '.join(map(str, row)) + ' |' for row in rows)])


def said_rows(said):
    for what, kinds in said.items():
        for kind, row in kinds.items():
            yield what, kind, f'{row["said"]} of {row["films"]}', percent(row['share'])


def text(manifest, measures, size):
    ratio, training = measures['ratio'], manifest['training']
    variation = ratio['coefficient_of_variation']
    reached = 'reached' if variation[0] <= GOAL else 'missed'
    parts = [
        '# Lungs and heart',
        f'A small U-Net ({anatomy_network.parameters(anatomy_network.AnatomyNetwork()):,} parameters, {size:,} bytes) that marks both lungs and'
        f' the heart on a film of {anatomy_network.SIDE}×{anatomy_network.SIDE} pixels, in cells of 2 pixels, and says how the film lies:'
        ' turned, mirrored, inverted, a frontal chest or not. ' + manifest['notice'],
        '## How it was trained',
        f'{training["steps"]} steps on {training["films"]} films of ChestX-ray14 with masks made by a published network (auriml/lung-segmentation-2d)'
        ' and kept only where rules found them sound; of that network nothing is shipped. Its mask of heart and clavicles was cut down to the'
        f' heart. Films of fold {training["kept_out_fold"]} were kept out, by patient, and so was a fifth of the pictures that show no chest.'
        ' Thresholds: ' + ', '.join(f'{name} {value}' for name, value in manifest['thresholds'].items()) + '. That of a chest was raised from 0.5'
        ' by what training films and pictures gave (chest films as they are 0.99 and more, others 0.57 and less but for one in 200), after one photograph'
        ' that was kept out and one ultrasound picture had passed at 0.5: so the figure for photographs below is a little too good.',
        '## How well it agrees with the masks it learnt from',
        f'{measures["films"]} films of fold {measures["kept_out"]} whose masks the rules found sound, run through the program as a user runs it.'
        f' Lungs were found on {percent(measures["found"]["share"])}. These masks are not an anatomist\'s: what follows is agreement with another'
        ' network, and films on which that one failed are not in it. Brackets hold 95 % intervals; films were drawn with replacement 1000 times,'
        ' or Wilson\'s for shares.',
        '### Dice of the outlines, where lungs were found',
        table(['films', 'count', *ORGANS.values()],
              [(group, row['films'], *(figures(row[organ]) for organ in ORGANS)) for group, row in measures['dice'].items()]),
        '`tools/training/anatomy_measure.py --worst FOLDER` draws the ten worst; films are not committed.',
        '### Cardiothoracic ratio',
        'Against the ratio of the held-out masks (Bland-Altman); coefficient of variation is the root mean square of the differences over √2, over'
        f' the mean. The goal of 0.058 is {reached}.',
        table(['films', 'count', 'mean difference', 'lower limit', 'upper limit', 'coefficient of variation'],
              [(name, row['films'], *(figures(row[key]) for key in ('mean_difference', 'lower_limit', 'upper_limit', 'coefficient_of_variation')))
               for name, row in {'all': ratio, **measures['ratio_of_groups']}.items()]),
        'The same film again, changed a little; lost: films on which the ratio is then not given.',
        table(['change', 'films', 'lost', 'coefficient of variation within a film'],
              [(name, row['films'], row['lost'], figures(row['coefficient_of_variation'], 4)) for name, row in measures['repeat'].items()]),
        '## What it says of a film',
        'Real films changed on purpose. "False alarms" are of the unchanged held-out films, which are upright as far as their collection is.',
        table(['what is said', 'of', 'said', 'share'], said_rows(measures['said'])),
        '## Where there is no frontal chest',
        'Pictures on which lungs were claimed, of those kept out of training; and chest films of other sources, on which they should be.',
        table(['pictures', 'lungs claimed', 'share'],
              [(kind, f'{row["said"]} of {row["films"]}', percent(row['share'])) for kind, row in {**measures['no_chest'], **measures['other_chests']}.items()]),
        '## Limits', '\n'.join(f'- {limit}' for limit in manifest['limits']),
        '## Sources', '\n'.join(f'- {source}' for source in manifest['sources']),
    ]
    return '\n\n'.join(parts) + '\n'
