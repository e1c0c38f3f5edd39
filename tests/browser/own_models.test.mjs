// Models of the reader's own in the real page: weights are dropped, become a model, score the open film, are said otherwise, stay after a
// reload and without a network, are compared, saved and removed; files that are none are said in a sentence each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { onnxFile } from '../support/onnx_file.mjs';
import { keepScreenshot, kSite, pageTests } from './support/browser.mjs';

const onPage = pageTests({ query: '?backend=wasm', context: { viewport: { width: 1440, height: 900 } } });
const inTests = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
/** The smallest DenseNet there is (tests/fuzz/corpus/make_weights.py): three channels, two outputs. */
const kNet = { name: 'Tiny Net.safetensors', bytes: inTests('fuzz/corpus/weights/f32.safetensors') };
const kFilm = { name: 'effusion.jpg', bytes: readFileSync(join(kSite, 'examples/effusion.jpg')) };
const kDefault = JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8')).default;

const analysed = ({ films }) => films.length > 0 && films.every(({ status }) => ['analysed', 'refused'].includes(status));
const own = ({ models }) => models.filter((model) => model.own);

/** Drops the network and waits for its row. */
async function added(page, files = [kNet]) {
  await page.drop(files);
  const state = await page.until((now) => own(now).length > 0 && now.import.importing === null);
  return own(state)[0];
}

async function used(page, id) {
  await page.act({ type: 'load-model', id });
  return page.until((state) => state.engine === 'ready' && state.models.some((model) => model.id === id && model.in_use) && analysed(state));
}

onPage('dropped weights become a model, which scores the open film, is said otherwise, compared and removed', {}, async (page) => {
  await page.drop([kFilm]);
  const first = await page.until(analysed);
  const model = await added(page);
  let state = await page.state();
  assert.equal(state.popup, 'models');
  assert.equal(state.films.length, 1, 'weights are no film');
  assert.match(model.source, /^added from Tiny Net\.safetensors$/);
  assert.deepEqual([model.labels, model.side, model.kept, model.licence], [2, 224, true, 'unknown']);
  assert.match(state.import.assumptions.join(' '), /The outputs are numbered.*The input is assumed/);
  await keepScreenshot(page.page, 'models-1440');

  await page.act({ type: 'compare-model', id: model.id });
  state = await page.until((now) => now.models.some(({ id, in_use: inUse }) => id === model.id && inUse) && analysed(now));
  assert.match(state.selected.comparison, /^Compared with .*, which has no finding of the same name\.$/);
  assert.match(state.model.evaluation, /^Nothing is known of this model's scores here\.$/);
  assert.ok(state.findings.every(({ zone, percentile_text: percentile }) => zone === 'not-assessed' && !percentile));

  await page.act({ type: 'describe-model', id: model.id });
  await page.until(({ popup }) => popup === 'model-form');
  const before = (await page.state()).findings.map(({ logit }) => logit);
  await page.page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', '1. Effusion\n2. Mass\n');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
  });
  state = await page.until((now) => now.model_form?.labels.includes('Mass') && !now.model_form.revising && analysed(now) && now.findings.some(({ id }) => id === 'Mass'));
  assert.deepEqual(state.model_form.labels, ['Pleural effusion', 'Mass']);
  assert.match(state.selected.comparison, /zones cannot be compared/);
  const mirror = page.page.locator('#mirror');
  await mirror.getByRole('button', { name: /^Values: Chest films\./ }).dispatchEvent('click');
  state = await page.until((now) => now.model_form?.scalings.find(({ selected }) => selected)?.name === 'Chest films' && analysed(now));
  assert.notDeepEqual(state.findings.map(({ logit }) => logit), before, 'the film is scored anew with another input');
  await page.until((now) => now.model_picture);
  await keepScreenshot(page.page, 'model-form-1440');
  await page.act({ type: 'revise-model', id: model.id, form: { labels: ['One'] } });
  state = await page.until((now) => now.model_form?.refused);
  assert.match(state.model_form.refused, /The network has 2 outputs; 1 labels were given\./);
  await page.act({ type: 'close-popup', popup: 'model-form' });
  await keepScreenshot(page.page, 'compared-1440');

  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'download-model', id: model.id })]);
  assert.equal(download.suggestedFilename(), 'tiny-net.zip');
  const zip = readFileSync(await download.path());

  await page.act({ type: 'remove-model', id: model.id });
  state = await page.until((now) => own(now).length === 0 && now.model.id === kDefault && analysed(now));
  assert.deepEqual(state.findings.map(({ logit }) => logit), first.findings.map(({ logit }) => logit));
  const back = await added(page, [{ name: 'tiny-net.zip', bytes: zip }]);
  assert.equal(back.id, model.id, 'the saved folder is the same model');
});

onPage('an added model stays after a reload and without a network, and can be what the page begins with', { serviceWorkers: true, query: '?backend=wasm' }, async (page) => {
  await page.ready();
  const model = await added(page);
  await page.act({ type: 'make-default', id: model.id });
  await page.until(({ models }) => models.some(({ id, is_default: isDefault }) => id === model.id && isDefault));
  await page.page.waitForFunction(() => globalThis.chestlight.offline !== null);
  await page.context.setOffline(true);
  await page.page.reload();
  let state = await page.until((now) => now.engine === 'ready');
  assert.ok(state.models.find(({ id }) => id === model.id).in_use, 'the page begins with it, offline');
  await page.drop([kFilm]);
  state = await page.until(analysed);
  await page.until((now) => now.models.find(({ id }) => id === model.id).used);
  await page.context.setOffline(false);

  await page.page.evaluate(async (hash) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('chestlight-models');
    const file = await (await folder.getDirectoryHandle(hash)).getFileHandle('weights.safetensors');
    const stream = await file.createWritable();
    await stream.write(new Uint8Array(7));
    await stream.close();
  }, model.sha256);
  await page.page.reload();
  state = await page.until((now) => now.engine === 'ready' && own(now).length > 0);
  assert.equal(state.model.id, kDefault, 'a damaged one does not keep the page from working');
  assert.match(own(state)[0].problem, /damaged/);
  await page.press(`Remove model ${own(state)[0].name}`);
  await page.until((now) => own(now).length === 0);
});

onPage('files that are no models are said in one sentence each, and the page goes on', {}, async (page) => {
  await page.ready();
  const rows = [
    ['notes.pt', 'These are notes.', /text file/],
    ['weights.pth', '<!DOCTYPE html><html>Not found</html>', /web page/],
    ['lfs.pt', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 28291584\n', /Git LFS pointer/],
    ['llama.gguf', 'GGUF\0\0\0\0', /language model/],
    ['short.safetensors', kNet.bytes.subarray(0, kNet.bytes.length - 10), /./],
  ];
  for (const [name, bytes, words] of rows) {
    await page.drop([{ name, bytes: Buffer.from(bytes) }]);
    const state = await page.until((now) => now.import.failed[0]?.name === name && now.import.importing === null);
    const { message, hint } = state.import.failed[0].error;
    assert.match(message, words, name);
    assert.ok(message.length < 300 && hint, name);
    assert.equal(state.films.length, 0, name);
  }
  await keepScreenshot(page.page, 'models-failed-1440');
  await page.drop([kFilm]);
  await page.until(analysed);
  const model = await added(page, [{ name: 'graph.onnx', bytes: onnxFile({ classes: 14 }) }]);
  const state = await used(page, model.id);
  assert.equal(state.findings.length, 14);
  assert.ok(state.findings[0].where, 'an ONNX graph that ends in pooling has evidence maps');
});

for (const [name, context] of [['1280', { viewport: { width: 1280, height: 720 } }],
  ['390', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }]]) {
  onPage(`models and their form at ${name} pixels`, { context }, async (page) => {
    await page.drop([kFilm]);
    await page.until(analysed);
    const model = await added(page);
    await keepScreenshot(page.page, `models-${name}`);
    await used(page, model.id);
    await page.act({ type: 'describe-model', id: model.id });
    await page.until((now) => now.popup === 'model-form' && now.model_picture && analysed(now));
    await keepScreenshot(page.page, `model-form-${name}`);
    await page.page.keyboard.press('Escape');
    await page.until(({ popup }) => popup === 'none');
    await page.page.keyboard.press('Control+m');
    await page.until(({ popup }) => popup === 'models');
  });
}
