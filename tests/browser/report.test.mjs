// The report from the page: the command prints it under the page's policy, what is printed and what is saved say what the screen
// says, string for string, and a browser makes as many sheets of it as there are films, on A4 and on Letter.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { kExamples, cxr } from '../cli/support.mjs';
import { schemaFaults } from '../support/json_schema.mjs';
import { keepScreenshot, pageTests } from './support/browser.mjs';

const onPage = pageTests({ query: '?backend=wasm' });
const example = (name) => ({ name, bytes: readFileSync(join(kExamples, name)) });

/** Waits for the findings of all films, and of the one looked at for the words of places that follow lungs and heart. */
const analysed = (page, count) => page.until(({ films, selected }) => films.length === count && selected?.anatomy
  && films.every(({ status }) => ['analysed', 'unreadable', 'refused'].includes(status)));

/** window.print() is the browser's own dialogue: here it only counts, and what it would print stays in the page. */
const countPrints = (page) => page.page.evaluate(() => {
  globalThis.prints = 0;
  globalThis.print = () => { globalThis.prints += 1; };
});
const printed = (page) => page.page.locator('#report').waitFor({ state: 'attached' });

/** How many sheets a PDF has. */
const sheets = (pdf) => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length;

onPage('the command prints what the screen says, and nothing of it is against the policy', {}, async (page) => {
  await page.drop([example('effusion.jpg')]);
  const state = await analysed(page, 1);
  await countPrints(page);
  await page.page.keyboard.press('Control+p');
  await printed(page);
  const { rows, text, canvases, title } = await page.page.evaluate(() => {
    const root = document.querySelector('#report').shadowRoot;
    return { rows: [...root.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)),
      text: root.textContent, canvases: root.querySelectorAll('canvas').length, title: document.title };
  });
  assert.equal(title, 'effusion.jpg');
  assert.ok(canvases >= 3, 'two pictures and the bar of colours');
  assert.ok(text.includes(state.selected.summary.sentence));
  assert.ok(text.includes(state.app));
  assert.deepEqual(rows.map(([name]) => name), state.findings.map(({ name }) => name), 'in the order of the screen');
  state.findings.forEach((finding, index) => {
    const [, zone, score, percentile, , threshold] = rows[index];
    assert.equal(zone.slice(1), finding.zone_text);
    assert.equal(score, finding.score_text);
    assert.equal(percentile, finding.percentile_text || 'not known');
    assert.ok(threshold.startsWith(finding.threshold_text), threshold);
  });
  await page.page.evaluate(() => globalThis.dispatchEvent(new Event('afterprint')));
  assert.deepEqual(await page.page.evaluate(() => [document.querySelector('#report'), document.title]), [null, 'Chestlight']);
});

onPage('a report of all films has a sheet for each, on A4 and on Letter, and nothing beside it', {}, async (page) => {
  await page.drop([example('effusion.jpg'), example('clear.jpg'), { name: 'notes.png', bytes: Buffer.from('no film') }]);
  await analysed(page, 3);
  await countPrints(page);
  const print = async () => {
    await page.act({ type: 'run-command', id: 'report-all' });
    await printed(page);
  };
  for (const format of ['A4', 'Letter']) {
    await print();
    assert.equal(sheets(await page.page.pdf({ format })), 3, format);  // and the report is taken away again
    await page.page.locator('#report').waitFor({ state: 'detached' });
  }
  await print();
  await page.page.emulateMedia({ media: 'print' });
  await page.page.setViewportSize({ width: 703, height: 1000 });
  await keepScreenshot(page.page, 'report-print');
});

onPage('the saved report is the one of the command line, and the exported record fits the schema', {}, async (page) => {
  await page.drop([example('effusion.jpg')]);
  const state = await analysed(page, 1);
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'run-command', id: 'save-report' })]);
  assert.equal(download.suggestedFilename(), 'effusion.report.html');
  const html = readFileSync(await download.path(), 'utf8');
  const reader = await page.context.newPage();
  await reader.setContent(html);
  const rows = await reader.evaluate(() => [...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)));
  const records = JSON.parse(readFileSync(await (await Promise.all([page.page.waitForEvent('download'),
    page.act({ type: 'export-findings', format: 'json' })]))[0].path(), 'utf8'));
  assert.deepEqual(schemaFaults(JSON.parse(cxr('predict', '--schema').out), records), []);
  state.findings.forEach(({ id, name, score_text: score }, index) => {
    assert.deepEqual([rows[index][0], rows[index][2]], [name, score]);
    assert.equal(rows[index][6], records[0].findings.find((finding) => finding.id === id).place);
  });
  for (const format of ['A4', 'Letter']) assert.equal(sheets(await reader.pdf({ format })), 1, format);
  await reader.close();
});
