// A site profile from an evaluation to use: saved from the popup, dropped on the page, named everywhere, refused for another model, removed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { parseCsv } from '../cli/support.mjs';
import { kForDrawnFilms, kLongPatience, keepScreenshot, pageTests } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const onPage = pageTests({ query: kForDrawnFilms });
const text = (words) => Buffer.from(words);

/** Eight films that differ, and what is true of each; figures are worth nothing, but they are figures. */
const kFilms = Array.from({ length: 8 }, (_, index) => ({ name: `film-${index}.png`,
  bytes: makeChest(160 + 8 * index, index % 3 ? [0.15 + 0.1 * index, 0.3 + 0.05 * index] : null) }));
const kTable = text(['image,Effusion,Mass', ...kFilms.map(({ name }, index) => `${name},${index % 2},${index % 3 ? 0 : 1}`)].join('\n'));

const settled = ({ films }) => films.length > 0 && films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));

async function download(page, action) {
  const [file] = await Promise.all([page.page.waitForEvent('download'), page.act(action)]);
  return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')];
}

onPage('thresholds and zones of an evaluation are saved, dropped, named, refused and removed', {}, async (page) => {
  await page.drop(kFilms);
  await page.until(settled, kLongPatience);
  await page.drop([{ name: 'labels.csv', bytes: kTable }]);
  await page.until((state) => state.evaluation?.results.length > 0 && !state.evaluation.busy);
  await page.press('Site profile: Thresholds: Sensitivity of 90 %');
  await page.until(({ evaluation }) => evaluation.profile_options.some(({ label, chosen }) => chosen && /Sensitivity/.test(label)));
  const [name, json] = await download(page, { type: 'export-evaluation', format: 'profile' });
  assert.equal(name, 'site-profile.json');
  const profile = JSON.parse(json);
  assert.deepEqual(profile.findings.map(({ id }) => id).sort(), ['Effusion', 'Mass']);
  assert.equal(profile.findings[0].threshold.chosen_by, 'sensitivity of 90 %');

  // Eight films prove no zone; one that holds every film is seen to count.
  const effusion = profile.findings.find(({ id }) => id === 'Effusion');
  effusion.likely = { edge: 1e-6, films: 8, right: 8, interval: [0.6, 1] };
  await page.act({ type: 'close-popup', popup: 'evaluation' });
  await page.drop([{ name: 'ours.json', bytes: text(JSON.stringify(profile)) }]);
  let state = await page.until((now) => now.site_profile && settled(now) && now.selected.summary, kLongPatience);
  const used = state.site_profile.name;
  assert.match(used, /^Site profile \d{4}-\d\d-\d\d \(8 films, [0-9a-f]{8}\)$/);
  assert.equal(state.films.length, 8, 'a profile is no film');
  assert.equal(state.findings.find(({ id }) => id === 'Effusion').zone, 'likely');
  assert.ok(Math.abs(state.findings.find(({ id }) => id === 'Effusion').threshold - effusion.threshold.value) < 1e-6);
  assert.ok(state.selected.summary.headline.startsWith(`At ${used}: `));
  assert.deepEqual(state.operating_points.filter(({ selected }) => selected).map(({ id }) => id), ['site']);
  await page.page.waitForFunction((words) => document.querySelector('#mirror').textContent.includes(`${words} gives zones`), used);
  await keepScreenshot(page.page, 'site-profile');

  const [, records] = await download(page, { type: 'export-findings', format: 'json' });
  assert.ok(JSON.parse(records).every((record) => record.site_profile === used));
  for (const format of ['csv', 'csv-wide']) {
    const [head, ...rows] = parseCsv((await download(page, { type: 'export-findings', format }))[1]);
    assert.ok(rows.every((row) => row[head.indexOf('site_profile')] === used), format);
  }
  const [, report] = await download(page, { type: 'run-command', id: 'save-report' });
  assert.ok(report.includes(used));

  await page.drop([{ name: 'theirs.json', bytes: text(JSON.stringify({ ...profile, model: { ...profile.model, id: 'another' } })) }]);
  state = await page.until(({ status }) => status.includes('was made for the model another'));
  assert.equal(state.site_profile.name, used, 'the one before stays');

  await page.press('Remove the site profile');
  state = await page.until((now) => !now.site_profile && settled(now) && now.selected.summary, kLongPatience);
  assert.notEqual(state.findings.find(({ id }) => id === 'Effusion').zone, 'likely');
  assert.ok(!JSON.stringify(state.findings).includes(used));
});
