// The two models that come with the page, and a model's sets of thresholds, in the real page with a synthetic film.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { keepScreenshot, kSite, pageTests } from './support/browser.mjs';

const { default: kDefault, models: kModels } = JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8'));
const manifestOf = (id) => JSON.parse(readFileSync(join(kSite, 'models', id, 'manifest.json'), 'utf8'));
const kFilms = ['effusion.jpg', 'cardiomegaly.jpg'].map((name) => ({ name, bytes: readFileSync(join(kSite, 'examples', name)) }));
const analysed = ({ films, selected }) => films.length === kFilms.length && films.every(({ status }) => status === 'analysed') && selected.anatomy;
const kPhone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const onPage = pageTests({ query: '?backend=wasm' });
/** A test that begins when all the films are analysed; `first` is the state then. */
const withFilms = (title, options, body) => onPage(title, options, async (page) => {
  await page.drop(kFilms);
  await body(page, await page.until(analysed));
});

const exported = async (page) => {
  const [file] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format: 'json' })]);
  return JSON.parse(readFileSync(await file.path(), 'utf8'));
};

withFilms('another model is loaded, scores every film anew, and the first can be had back', {}, async (page, first) => {
  assert.equal(first.model.id, kDefault);
  const other = kModels.find(({ id }) => id !== kDefault);
  await page.press(`Load model ${other.name}`);
  const second = await page.until((state) => state.model.id === other.id && analysed(state));
  assert.deepEqual(new Set((await exported(page)).map(({ model }) => model.id)), new Set([other.id]));
  assert.notDeepEqual(second.findings.map(({ logit }) => logit), first.findings.map(({ logit }) => logit));
  await page.press(`Load model ${kModels.find(({ id }) => id === kDefault).name}`);
  const again = await page.until((state) => state.model.id === kDefault && analysed(state));
  assert.deepEqual(again.findings, first.findings, 'the same film and model give the same numbers');
});

const kPlainFolder = new URL('../fixtures/onnx_model/', import.meta.url);
const kPlainIndex = { default: 'plain', models: [{ id: 'plain', name: 'Plain ONNX', bytes: 12634 }] };
const kPlainRoutes = {
  'models/index.json': (route) => route.fulfill({ json: kPlainIndex }),
  'models/plain/manifest.json': (route) => route.fulfill({ body: readFileSync(new URL('manifest.json', kPlainFolder)) }),
  'models/plain/model.onnx': (route) => route.fulfill({ body: readFileSync(new URL('model.onnx', kPlainFolder)) }),
};

withFilms('a finished ONNX graph scores films, keeps its evidence, and says why it has no gradients', { routes: kPlainRoutes }, async (page, first) => {
  assert.equal(first.model.id, 'plain');
  assert.deepEqual(first.findings.map(({ id }) => id).sort(), ['Effusion', 'Mass', 'Nodule']);
  await page.press('Effusion');
  const { methods } = await page.until((state) => state.methods.some(({ unavailable }) => unavailable));
  assert.deepEqual(methods.filter(({ unavailable }) => !unavailable).map(({ id }) => id),
    ['evidence', 'fine-evidence', 'occlusion', 'rise']);
  await page.page.locator('[aria-disabled="true"]', { hasText: 'Explain by Grad-CAM' }).first().waitFor({ state: 'attached' });
  await page.act({ type: 'choose-method', method: 'grad-cam', layer: '' });
  await page.act({ type: 'choose-method', method: 'occlusion', layer: '' });
  const shown = await page.until((state) => state.explanation?.method === 'occlusion' && state.explanation.status === 'done');
  assert.match(shown.explanation.sentence, /evidence/);
  await page.act({ type: 'run-command', id: 'method' });
  await keepScreenshot(page.page, 'plain-onnx-methods');
});

withFilms('each set of thresholds is the manifest\'s, for all films, remembered, and named in exports', {}, async (page, first) => {
  const { labels, operating_points: points, default_operating_point: usual } = manifestOf(kDefault);
  assert.ok(points.length > 1);
  assert.equal(first.selected.operating_point.id, usual);
  for (const point of points) {
    await page.press(`Use thresholds: ${point.name}`);
    const state = await page.until((now) => analysed(now) && now.selected.operating_point?.id === point.id);
    for (const { id, threshold, score } of state.findings) {
      const expected = point.thresholds[labels.findIndex((label) => label.id === id)];
      assert.ok(Math.abs(threshold - expected) < 1e-5, `${point.id}, ${id}: ${threshold}, the manifest says ${expected}`);
      assert.ok(Math.abs(score - first.findings.find((one) => one.id === id).score) < 1e-6, 'scores stay what they are');
    }
    assert.deepEqual((await exported(page)).map((record) => record.operating_point), kFilms.map(() => point.id));
  }
  await page.press(`Use thresholds: ${points[0].name}`);
  await page.until((now) => analysed(now) && now.selected.operating_point?.id === points[0].id);
  await page.page.keyboard.press('Shift+O');
  await page.until((now) => analysed(now) && now.selected.operating_point?.id === points[1].id);
  await page.page.reload();
  await page.drop(kFilms);
  const back = await page.until(analysed);
  assert.equal(back.selected.operating_point.id, points[1].id);
});

for (const [name, context] of [['desktop', { viewport: { width: 1440, height: 900 } }], ['phone', kPhone]]) {
  withFilms(`the choice of thresholds names each: ${name}`, { context }, async (page) => {
    await page.press('Choose a set of thresholds (Shift+U)');
    const state = await page.until(({ popup }) => popup === 'operating-point');
    assert.equal(state.operating_points.filter(({ selected }) => selected).length, 1);
    await keepScreenshot(page.page, `thresholds-${name}`);
    await page.page.keyboard.press('Escape');
    await page.until(({ popup }) => popup === 'none');
  });
}
