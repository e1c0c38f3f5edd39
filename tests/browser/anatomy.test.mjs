// Lungs and heart in the real page: they come after the findings, one key shows them, the ratio's lines are dragged and exported, a
// film that lies wrongly is put right by one click; refused films and damaged files have none. Screenshots at three sizes are kept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { kExamples } from '../cli/support.mjs';
import { makePng } from './support/images.mjs';
import { keepScreenshot, pageTests, screenPixels } from './support/browser.mjs';

const kFilm = { name: 'cardiomegaly.jpg', bytes: readFileSync(join(kExamples, 'cardiomegaly.jpg')) };
const onPage = pageTests({ query: '?backend=wasm' });

/** Opens the film and waits for its lungs and heart. */
async function withAnatomy(page) {
  await page.drop([kFilm]);
  return page.until(({ selected }) => selected?.anatomy);
}

async function exported(page, format) {
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format })]);
  return readFileSync(await download.path(), 'utf8');
}

const line = ({ view }, role) => view.measuring.measurements.find((one) => one.role === role);

/** Where a point of the film is on the screen. */
function onScreen({ view }, [x, y]) {
  const [a, b, c, d, e, f] = view.source_to_screen;
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}

onPage('lungs and heart come after the findings, with places in words and the ratio in the text', {}, async (page) => {
  await page.drop([kFilm]);
  const before = await page.until(({ films }) => films[0]?.status === 'analysed');
  const after = await page.until(({ selected }) => selected?.anatomy);
  assert.equal(after.films[0].status, 'analysed');
  assert.match(after.selected.anatomy.text, /^Cardiothoracic ratio 0\.\d\d: heart \d+ px, chest \d+ px\./);
  assert.deepEqual(after.findings.map(({ logit, zone }) => [logit, zone]), before.findings.map(({ logit, zone }) => [logit, zone]));
  const placed = after.findings.filter(({ evidence }) => evidence);
  assert.ok(placed.length > 0);
  for (const { evidence, evidence_text: words, where } of placed) {
    assert.ok(Math.abs(evidence.lungs + evidence.heart + evidence.elsewhere + evidence.outside - 1) < 1e-9);
    assert.match(words, /Of the positive evidence \d+ % lies in the lungs/);
    assert.doesNotMatch(where, /no lungs found/);
  }
  const mirror = page.page.locator('#mirror');
  await mirror.getByText(after.selected.anatomy.text, { exact: true }).first().waitFor({ state: 'attached' });
  await mirror.getByText(placed[0].evidence_text).first().waitFor({ state: 'attached' });
});

onPage('one key shows the outlines and hides them', {}, async (page) => {
  const { view } = await withAnatomy(page);
  const plain = await screenPixels(page.page, view.area);
  await page.page.keyboard.press('`');
  await page.until(({ overlay }) => overlay.anatomy);
  await page.page.locator('#mirror').getByText('Outlines of both lungs and the heart lie over the film.').waitFor({ state: 'attached' });
  assert.ok(!plain.equals(await screenPixels(page.page, view.area)));
  await page.page.keyboard.press('`');
  await page.until(({ overlay }) => !overlay.anatomy);
  assert.ok(plain.equals(await screenPixels(page.page, view.area)), 'the film is as it was');
});

onPage('an end of a line is dragged, said to be moved, exported, and put back', {}, async (page) => {
  await withAnatomy(page);
  await page.act({ type: 'run-command', id: 'anatomy' });
  const shown = await page.until(({ overlay }) => overlay.anatomy);
  const heart = line(shown, 'heart-width');
  const end = onScreen(shown, heart.points[1]);
  const ratio = shown.selected.anatomy.ratio;
  await page.page.mouse.move(end.x, end.y);
  await page.page.mouse.down();
  await page.page.mouse.move(end.x + 10, end.y, { steps: 3 });
  await page.page.mouse.move(end.x + 30, end.y, { steps: 3 });
  await page.page.mouse.up();
  // No tool stays chosen.
  const moved = await page.until(({ selected, view: { measuring } }) => selected.anatomy.moved && measuring.tool === 'none');
  assert.ok(moved.selected.anatomy.ratio > ratio);
  assert.equal(moved.view.measuring.measurements.length, 2, 'no length was begun');
  assert.match(moved.selected.anatomy.text, /Lines moved by you; measured by the network: 0\.\d\d\./);
  const [record] = JSON.parse(await exported(page, 'json'));
  assert.ok(Math.abs(record.cardiothoracic_ratio - moved.selected.anatomy.ratio) < 1e-9);
  assert.ok(Math.abs(record.anatomy.cardiothoracic_ratio - ratio) < 1e-9, 'what was measured stays');
  assert.deepEqual(record.moved_lines.heart_line.to, line(moved, 'heart-width').points[1]);
  const [head, first] = (await exported(page, 'csv')).split('\r\n');
  assert.ok(head.includes('cardiothoracic_ratio') && first.includes(String(record.cardiothoracic_ratio)));
  await page.press('Width of the heart as it was measured');
  const back = await page.until(({ selected }) => !selected.anatomy.moved);
  assert.ok(Math.abs(back.selected.anatomy.ratio - ratio) < 1e-9);
});

onPage('a film that lies upside down is put right by what the warning offers', {}, async (page) => {
  await withAnatomy(page);
  await page.act({ type: 'set-correction', correction: { rotate: 180 } });
  const turned = await page.until(({ selected }) => selected.warnings?.some(({ text }) => text === 'The film lies upside down.'));
  const { remedy, text } = turned.selected.warnings.find((one) => one.text === 'The film lies upside down.');
  await page.press(`${remedy} (${text})`);
  const upright = await page.until(({ selected }) => selected.correction === null && selected.anatomy?.found);
  assert.equal(upright.selected.warnings.find((one) => one.text === text), undefined);
});

onPage('a refused film has no lungs, no ratio and no lines', {}, async (page) => {
  let seed = 1;
  const noise = makePng(400, 400, () => (seed = (seed * 48271) % 2147483647) % 256);
  await page.drop([{ name: 'noise.png', bytes: noise }]);
  await page.until(({ films }) => films[0]?.status === 'refused');
  const { selected, view } = await page.until((state) => state.selected?.anatomy);
  assert.equal(selected.anatomy.found, false);
  assert.match(selected.anatomy.text, /^Lungs not found: /);
  assert.equal(selected.anatomy.ratio, null);
  assert.deepEqual(view.measuring.measurements, []);
});

const kDamaged = { 'models/anatomy/weights.safetensors': (route) => route.fulfill({ body: Buffer.from('no network') }) };
const kMissing = { 'models/anatomy/manifest.json': (route) => route.fulfill({ status: 404, body: '' }) };
for (const [what, routes] of [['damaged', kDamaged], ['missing', kMissing]]) {
  onPage(`files of the anatomy network that are ${what} are said in words, and findings go on`, { routes }, async (page) => {
    const { selected } = await withAnatomy(page);
    assert.match(selected.anatomy.text, /^Lungs and heart were not looked for: .{20,}/);
    assert.equal(selected.anatomy.ratio, null);
    await page.drop([{ name: 'second.jpg', bytes: Buffer.concat([kFilm.bytes, Buffer.from([0])]) }]);
    const { films } = await page.until(({ films: list }) => list[1]?.status === 'analysed');
    assert.equal(films[0].status, 'analysed');
  });
}

for (const [name, viewport, phone] of [['1440x900', { width: 1440, height: 900 }], ['1280x720', { width: 1280, height: 720 }],
  ['390x844', { width: 390, height: 844 }, true]]) {
  onPage(`the outlines at ${name}`, { context: { viewport, ...(phone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}) } }, async (page) => {
    const state = await withAnatomy(page);
    await page.act({ type: 'run-command', id: 'anatomy' });
    const shown = await page.until(({ overlay }) => overlay.anatomy);
    assert.equal(shown.view.measuring.measurements.filter((one) => one.shown).length, 2);
    await keepScreenshot(page.page, `anatomy-${name}`);
    await page.act({ type: 'pin-finding', id: state.findings[0].id });
    await page.until(({ overlay }) => overlay.visible);
    await keepScreenshot(page.page, `anatomy-${name}-open`);
  });
}
