// The main job in the real page: drop films, read findings, look at the map; also bad files, the keyboard, the text
// mirror, cancelling, many films, and idleness. Processor backend; the others are in backends.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

import { kLongPatience, kPatience, kSite, pageTests, screenPixels } from './support/browser.mjs';
import { makeZip } from '../web/zip_support.mjs';
import { makeChest, makePng, readPng } from './support/images.mjs';

const onPage = pageTests();

const settled = (state) => state.films.length > 0
  && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));
const film = (name, bytes = makeChest()) => ({ name, bytes });

function assertFindings(state) {
  assert.equal(state.findings.length, 14);
  for (const finding of state.findings) {
    assert.ok(Number.isFinite(finding.score) && finding.score > 0 && finding.score < 1, finding.id);
    assert.ok(Number.isFinite(finding.threshold) && finding.threshold > 0 && finding.threshold < 1, finding.id);
    assert.ok(['above', 'borderline', 'below'].includes(finding.state), finding.id);
    assert.ok(finding.residual < 1e-3, `the map of ${finding.id} adds up to its logit`);
  }
  const zones = state.findings.map(({ zone }) => ['likely', 'uncertain', 'unlikely', 'not-assessed'].indexOf(zone));
  assert.deepEqual(zones, [...zones].sort((a, b) => a - b), 'sorted by zone');
  assert.notEqual(state.findings[0].id, 'Hernia');
}

/** How two pictures of the same area differ: the number of pixels, and the box they lie in. */
function difference(first, second) {
  const [a, b] = [readPng(first), readPng(second)];
  const box = { left: Infinity, top: Infinity, right: -1, bottom: -1, count: 0 };
  for (let y = 0; y < a.height; y += 1) {
    for (let x = 0; x < a.width; x += 1) {
      const [p, q] = [a.at(x, y), b.at(x, y)];
      if (p.every((value, channel) => Math.abs(value - q[channel]) <= 3)) continue;
      box.count += 1;
      Object.assign(box, { left: Math.min(box.left, x), right: Math.max(box.right, x),
        top: Math.min(box.top, y), bottom: Math.max(box.bottom, y) });
    }
  }
  return box;
}

onPage('a dropped film shows 14 findings against their thresholds, and the map over the film', {}, async (page) => {
  await page.drop([film('chest.png', makeChest(512, [0.3, 0.6]))]);
  let state = await page.until(settled);
  assert.equal(state.films[0].status, 'analysed');
  assertFindings(state);
  assert.match(state.selected.summary.headline, /above threshold/);
  assert.equal(state.backend.name.startsWith('wasm'), true);

  await page.act({ type: 'pin-finding', id: state.findings[0].id });
  await page.act({ type: 'set-overlay-visible', visible: true });
  state = await page.until(({ overlay, view }) => overlay.visible && view.pixels);
  assert.equal(state.overlay.finding, state.findings[0].id);
  const withMap = await screenPixels(page.page, state.view.area);
  await page.act({ type: 'set-overlay-visible', visible: false });
  await page.until(({ overlay }) => !overlay.visible);
  const without = await screenPixels(page.page, state.view.area);
  assert.ok(difference(withMap, without).count > 1000, 'the film looks different under its map');
  await page.act({ type: 'set-overlay-visible', visible: true });
  await page.until(({ overlay }) => overlay.visible);
  assert.ok(difference(withMap, await screenPixels(page.page, state.view.area)).count < 50, 'and the map comes back');
});

onPage('the map covers what the model saw and nothing else', {}, async (page) => {
  // Wide, with everything to be seen off-centre: the model sees the middle square only.
  const [width, height] = [600, 300];
  await page.drop([film('wide.png', makePng(width, height, (x, y) => 60 + 120 * Math.exp(-(((x - 200) / 40) ** 2) - ((y - 90) / 40) ** 2)))]);
  let state = await page.until(settled);
  await page.act({ type: 'set-overlay-mode', mode: 'signed' });
  await page.act({ type: 'set-opacity', value: 1 });
  await page.act({ type: 'pin-finding', id: state.findings[0].id });
  state = await page.until(({ overlay, view }) => overlay.visible && view.pixels && overlay.opacity === 1);
  const [scale, , offset, , , top] = state.view.source_to_screen;
  // The rows of the film above the legend, over the whole width of its area.
  const rows = { x: state.view.area.x, width: state.view.area.width, y: top, height: scale * height * 0.8 };
  const shown = await screenPixels(page.page, rows);
  await page.act({ type: 'set-overlay-visible', visible: false });
  await page.until(({ overlay }) => !overlay.visible);
  const box = difference(shown, await screenPixels(page.page, rows));
  const left = scale * (width - height) / 2 + offset - rows.x;
  const right = scale * (width + height) / 2 + offset - rows.x;
  assert.ok(box.count > 1000);
  assert.ok(box.left >= left - 2, `nothing left of the square: ${box.left} against ${left}`);
  assert.ok(box.right <= right + 2, `nothing right of the square: ${box.right} against ${right}`);
  assert.ok(box.right - box.left > (right - left) * 0.5, 'most of the square is covered');
});

const fixture = (name) => readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));

/** Every bad input, with what its message must say. */
const kBadFiles = [
  ['empty.png', /empty|0 bytes|no bytes/i],
  ['text.png', /text|not an image|PNG/i],
  ['truncated.jpg', /JPEG|cut|end|truncated/i],
  ['truncated.png', /PNG|cut|end|truncated/i],
  ['header_20000x20000.png', /20000|20,000|20 000/],
  ['animated.png', /animat/i],
  ['picture.webp', /small|224|pixel/i],
  ['picture.tiff', /TIFF/i],
  ['document.pdf', /PDF/i],
  ['archive.zip', /archive holds no film/],
  ['preamble.dcm', /DICOM/i],
  ['noise.bin', /format|known|recogni|not/i],
  ['one_pixel.png', /1 × 1|1×1|1x1|small|pixel/i],
].map(([name, words]) => [name, fixture(name), words]);
kBadFiles.push(['all black.png', makePng(256, 256, () => 0), /contrast|same|uniform|black|one value/i]);

onPage('every bad file gets a row that says why, and the good ones go on', {}, async (page) => {
  const files = [film('first.png'), ...kBadFiles.map(([name, bytes]) => film(name, bytes)), film('last.png', makeChest(200))];
  await page.drop(files);
  const state = await page.until((now) => now.films.length === files.length && settled(now));
  assert.deepEqual(state.films.map(({ name }) => name), files.map(({ name }) => name), 'no row is missing');
  for (const [name, , words] of kBadFiles) {
    const row = state.films.find((one) => one.name === name);
    assert.ok(['unreadable', 'refused', 'analysis-failed'].includes(row.status), `${name} is ${row.status}`);
    assert.match(`${row.headline} ${row.error?.hint ?? ''}`, words, name);
    if (row.error) assert.ok(row.error.hint, `${name}: what to do`);
    assert.ok(row.kind && row.reason, `${name}: what kind of file it is, and why it is not analysed, in a word`);
  }
  assert.equal(state.films[0].status, 'analysed');
  assert.equal(state.films.at(-1).status, 'analysed');
  assert.equal(state.engine, 'ready');
});

onPage('a row is read again, taken away, and all of them at once', {}, async (page) => {
  await page.ready();
  await page.drop([film('a.png'), film('b.pdf', fixture('document.pdf')), film('c.png', makeChest(300))]);
  let state = await page.until((now) => now.films.length === 3 && settled(now));
  assert.deepEqual(state.films.map(({ kind }) => kind), ['PNG', 'PDF', 'PNG']);
  await page.press('Read b.pdf again');
  await page.until(({ films }) => films[1].status === 'queued' || films[1].status === 'unreadable');
  state = await page.until(settled);
  assert.equal(state.films[1].error.code, 'not-an-image', 'a PDF stays one');
  await page.press('Remove b.pdf');
  state = await page.until(({ films }) => films.length === 2);
  await page.page.locator('#screen').focus();
  await page.page.keyboard.press('End');
  state = await page.until(({ films }) => films[1].selected);
  await page.page.keyboard.press('Shift+Delete');
  state = await page.until(({ films }) => films.length === 0);
  assert.equal(state.status, 'Removed 2 films');
  assert.equal(state.undo_offer, 'Removed 2 films');
  await page.drop([film('d.png')]);
  await page.until((now) => now.films[0]?.name === 'd.png' && settled(now));
});

onPage('archives and folders become rows, and what is no film is said in one line', {}, async (page) => {
  await page.ready();
  const zip = makeZip([
    { name: 's/a.png', bytes: makeChest(230) }, { name: 's/b.png', bytes: makeChest(200), stored: true }, { name: 'DICOMDIR' },
    { name: 'notes.txt' }, { name: 'more.zip', bytes: makeZip([{ name: 'c.png', bytes: makeChest(220) }]) },
    { name: 'locked.png', bytes: makeChest(), flags: 1 },
  ]);
  await page.drop([film('first.png'), film('study.bin', zip), film('last.png', makeChest(240))]);
  let state = await page.until((now) => now.films.length === 6 && settled(now));
  assert.deepEqual(state.films.map(({ name, status }) => [name, status]), [
    ['first.png', 'analysed'], ['study.bin/locked.png', 'unreadable'], ['study.bin/more.zip/c.png', 'analysed'],
    ['study.bin/s/a.png', 'analysed'], ['study.bin/s/b.png', 'analysed'], ['last.png', 'analysed']]);
  assert.equal(state.films[1].error.code, 'archive-encrypted');
  assert.equal(state.status, 'Skipped a DICOMDIR and a text file.');

  const folder = await mkdtemp(join(tmpdir(), 'chestlight-folder-'));
  try {
    for (const name of ['IM10', 'IM2', '.hidden', 'DICOMDIR']) await writeFile(join(folder, name), makeChest(250 + 10 * name.length));
    const [chooser] = await Promise.all([page.page.waitForEvent('filechooser'), page.press('Open a folder of films (Ctrl+Shift+O)')]);
    await chooser.setFiles(folder);
    state = await page.until((now) => now.films.length === 8 && settled(now));
    assert.deepEqual(state.films.slice(6).map(({ name }) => name.split('/')[1]), ['IM2', 'IM10']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

onPage('idle means that nothing is drawn', {
}, async (page) => {
  await page.drop([film('a.png')]);
  await page.until(settled);
  const count = () => page.page.evaluate(() => globalThis.chestlight.state.frames);
  await page.page.evaluate(() => {
    globalThis.drawCalls = 0;
    for (const name of ['drawElements', 'drawArrays', 'clear']) {
      const original = WebGL2RenderingContext.prototype[name];
      WebGL2RenderingContext.prototype[name] = function counted(...values) {
        globalThis.drawCalls += 1;
        return original.apply(this, values);
      };
    }
  });
  const drawn = () => page.page.evaluate(() => globalThis.drawCalls);
  // Time has to pass for nothing to happen in it; the second look starts when a whole second was quiet or gives up.
  const quietSecond = async () => {
    const before_ = await drawn();
    await page.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    return (await drawn()) === before_;
  };
  assert.ok(await quietSecond() || await quietSecond(), 'frames were drawn though nothing changed');
  const frames = await count();
  await page.act({ type: 'run-command', id: 'invert' });
  await page.until(({ view, frames: now }) => view.inverted && now > frames);
  assert.ok(await drawn() > 0, 'a change is drawn');
});

onPage('everything works from the keyboard', {}, async (page) => {
  await page.ready();
  const focused = () => page.page.evaluate(() => `${document.activeElement?.id ?? ''}${document.activeElement?.textContent ?? ''}`);
  /** Tab until the focus is on something of that name. */
  const tabTo = async (name) => {
    for (let presses = 0; presses < 400; presses += 1) {
      await page.page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    assert.fail(`${name} cannot be reached with Tab`);
  };
  await page.page.keyboard.press('Escape');  // Tab then leaves the canvas
  await tabTo(/^Open (?!films)/);
  const shown = await page.page.evaluate(() => {
    const { width, height } = document.activeElement.getBoundingClientRect();
    return width > 40 && height > 20;
  });
  assert.ok(shown, 'the focused control can be seen');
  await page.page.keyboard.press('Enter');
  let state = await page.until(settled);
  assert.equal(state.films[0].synthetic, true);
  await tabTo(/^screen/);
  await page.page.keyboard.press('2');
  state = await page.until(({ overlay }) => overlay.visible);
  assert.equal(state.overlay.finding, state.findings[1].id);
  await page.page.keyboard.press('m');
  await page.until(({ overlay }) => !overlay.enabled);
  await page.page.keyboard.press('m');
  await page.until(({ overlay }) => overlay.enabled && overlay.visible);
  await page.page.keyboard.down('o');
  await page.until(({ overlay }) => overlay.original_held && !overlay.visible);
  await page.page.keyboard.up('o');
  await page.until(({ overlay }) => !overlay.original_held && overlay.visible);
  const { zoom } = (await page.state()).view;
  await page.page.keyboard.press('+');
  await page.until(({ view }) => view.zoom > zoom);
  await page.page.keyboard.press('Escape');
  await page.until(({ overlay }) => !overlay.visible);
});

onPage('the text mirror says what the state says, with roles and names', {}, async (page) => {
  await page.drop([film('one.png'), film('bad.txt', Buffer.from('no film'))]);
  const state = await page.until(settled);
  const mirror = page.page.locator('#mirror');
  const rows = mirror.getByRole('row');
  await rows.nth(14).waitFor({ state: 'attached' });
  const cells = await rows.evaluateAll((list) => list.slice(1).map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(cells.map((row) => row.slice(0, 6)), state.findings.map((finding) => [finding.name, finding.zone_text,
    finding.score_text, finding.percentile_text || 'not known', finding.threshold_text, finding.state_text]));
  await mirror.getByRole('status').filter({ hasText: (await page.state()).status }).waitFor({ state: 'attached' });
  await mirror.getByRole('alert').filter({ hasText: 'bad.txt' }).waitFor({ state: 'attached' });
  const nameless = await mirror.locator('button').evaluateAll((list) => list.filter((button) => !button.textContent.trim()).length);
  assert.equal(nameless, 0);
  const headings = await mirror.getByRole('heading').allTextContents();
  for (const heading of ['Chestlight', 'Films', 'Findings', 'Commands']) assert.ok(headings.includes(heading), heading);
  const levels = await mirror.locator('h1,h2,h3').evaluateAll((list) => list.map(({ localName }) => localName));
  assert.equal(levels.filter((level) => level === 'h1').length, 1);
  // The focus survives an update of the text around it.
  const button = mirror.getByRole('button', { name: state.findings[0].name, exact: true });
  await button.focus();
  await button.press('Enter');
  await page.until(({ findings }) => findings[0].selected);
  await mirror.locator('button[data-key="pin"][aria-pressed="true"]').waitFor({ state: 'attached' });
  assert.equal(await page.page.evaluate(() => document.activeElement.textContent), state.findings[0].name);
});

onPage('a batch can be cancelled, and a cancelled film analysed again', {}, async (page) => {
  await page.ready();
  await page.drop(Array.from({ length: 12 }, (_, index) => film(`${index}.png`, makeChest(300 + index))));
  await page.until(({ films }) => films.some(({ status }) => status === 'analysing'));
  await page.act({ type: 'run-command', id: 'cancel' });
  const state = await page.until((now) => now.films.length === 12 && settled(now));
  assert.ok(state.films.some(({ status }) => status === 'cancelled'), 'something was left to cancel');
  const { id } = state.films.find(({ status }) => status === 'cancelled');
  await page.act({ type: 'select-film', id });
  await page.act({ type: 'run-command', id: 'analyse-again' });
  await page.until(({ films }) => films.find((one) => one.id === id).status === 'analysed');
});

onPage('thirty films in a row: all analysed, memory bounded', {}, async (page) => {
  await page.ready();
  const session = await page.context.newCDPSession(page.page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  await page.drop(Array.from({ length: 5 }, (_, index) => film(`warm ${index}.png`, makeChest(600 + index))));
  await page.until((now) => now.films.length === 5 && settled(now));
  const start = await heap();
  await page.drop(Array.from({ length: 25 }, (_, index) => film(`${index}.png`, makeChest(610 + index))));
  const state = await page.until((now) => now.films.length === 30 && settled(now));
  assert.ok(state.films.every(({ status }) => status === 'analysed'));
  const grown = (await heap()) - start;
  assert.ok(grown < 20e6, `the page's heap grew by ${grown} bytes over 25 films`);
});

onPage('pictures of other formats are decoded by the browser, and say so', {}, async (page) => {
  await page.ready();
  // WebP by the browser's own encoder; BMP written here: 24 bit, from below, rows of a multiple of four bytes.
  const side = 256;
  const grey = (x, y) => Math.round(120 + 80 * Math.sin(x / 20) * Math.cos(y / 30));
  const webp = Buffer.from(await page.page.evaluate(async ([png, size]) => {
    const canvas = new OffscreenCanvas(size, size);
    canvas.getContext('2d').drawImage(await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))])), 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 1 })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  }, [makePng(side, side, grey).toString('base64'), side]), 'base64');
  const bmp = Buffer.alloc(54 + side * side * 3);
  bmp.write('BM', 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  [[54, 10], [40, 14], [side, 18], [side, 22]].forEach(([value, at]) => bmp.writeUInt32LE(value, at));
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) bmp.fill(grey(x, y), 54 + ((side - 1 - y) * side + x) * 3, 57 + ((side - 1 - y) * side + x) * 3);
  await page.drop([film('a.png', makePng(side, side, grey)), film('a.bmp', bmp), film('a.webp', webp)]);
  const state = await page.until((now) => now.films.length === 3 && settled(now));
  const note = (row) => row.notes.some((text) => /Decoded by the browser/.test(text));
  assert.deepEqual(state.films.map(note), [false, true, true]);
  const [json] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format: 'json' })]);
  const records = JSON.parse(readFileSync(await json.path(), 'utf8'));
  assert.deepEqual(records.map(({ decoder }) => decoder), ['chestlight', 'browser', 'browser']);
  assert.deepEqual(records[1].findings, records[0].findings, 'a BMP holds the values of the PNG');
});

onPage('films come in from the file picker and from the clipboard', {}, async (page) => {
  // Asked for long before the key, which overtakes the browser's order to hand the dialog over.
  const chosen = page.page.waitForEvent('filechooser', { timeout: kPatience });
  await page.ready();
  await page.page.locator('#screen').focus();
  await page.page.keyboard.press('Control+o');
  const chooser = await chosen;
  assert.equal(chooser.isMultiple(), true);
  await chooser.setFiles({ name: 'picked.png', mimeType: 'image/png', buffer: makeChest() });
  await page.until(({ films }) => films.length === 1 && films[0].name === 'picked.png' && films[0].status === 'analysed');
  await page.page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], 'pasted.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
  }, makeChest(200).toString('base64'));
  await page.until(({ films }) => films.length === 2 && films[1].name === 'pasted.png' && films[1].status === 'analysed');
});

onPage('an example can be named in the address', { query: '?backend=wasm&example=effusion' }, async (page) => {
  const state = await page.until(settled);
  assert.equal(state.films[0].name, 'effusion.jpg');
  assert.equal(state.films[0].synthetic, true);
  assertFindings(state);
});

onPage('findings are exported under the names of the files', {}, async (page) => {
  await page.drop([film('one.png'), film('=two.png', makeChest(200))]);
  await page.until((now) => now.films.length === 2 && settled(now));
  const [json] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format: 'json' })]);
  const records = JSON.parse(readFileSync(await json.path(), 'utf8'));
  assert.deepEqual(records.map(({ file }) => file), ['one.png', '=two.png']);
  assert.equal(records[0].findings.length, 14);
  const [csv] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format: 'csv' })]);
  const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
  assert.equal(lines.length, 1 + 28 + 1);
  assert.ok(lines[15].startsWith("'=two.png,"), 'a name is no formula');
  const stored = await page.page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.doesNotMatch(stored, /one\.png|two\.png/);
});

const films = env.CHESTLIGHT_FILMS && join(env.CHESTLIGHT_FILMS, 'films');
const { default: kModel } = JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8'));
const kRealFilms = new URL(`../golden/films/${kModel}.json`, import.meta.url);
onPage('real films have the logits that PyTorch gives them', { query: '?backend=wasm' }, async (page, t) => {
  if (!films) return t.skip('set CHESTLIGHT_FILMS to the folder with films/');
  const golden = JSON.parse(readFileSync(kRealFilms));
  await page.drop(golden.examples.map(({ film: name }) => film(name, readFileSync(join(films, name)))));
  const state = await page.until((now) => now.films.length === golden.examples.length && settled(now), kLongPatience);
  assert.ok(state.films.every(({ status }) => status === 'analysed'), JSON.stringify(state.films));
  assertFindings(state);
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format: 'json' })]);
  const records = JSON.parse(readFileSync(await download.path(), 'utf8'));
  for (const { film: name, logits } of golden.examples) {
    const record = records.find(({ file }) => file === name);
    assert.ok(record.backend.startsWith('wasm'), record.backend);
    assert.equal(record.model.sha256, golden.weights_sha256, 'make the golden logits again for these weights');
    for (const { id, logit } of record.findings) {
      const expected = logits[golden.labels.indexOf(id)];
      assert.ok(Math.abs(logit - expected) <= golden.tolerance.logits, `${name}, ${id}: ${logit} against ${expected}`);
    }
  }
  return undefined;
});
