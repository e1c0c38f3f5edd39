// cxr report: one HTML for all films or a file for each, with the words of cxr predict; what it says of files that are none. And what
// every export holds: the schema that is published, thresholds of one's own, the app's version.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { NOTICE } from '../../web/shared/notice.js';
import { schemaFaults } from '../support/json_schema.mjs';
import { cxr, kExamples, kImages, notBuilt, parseCsv, readJson, scratchFolder } from './support.mjs';

const folder = scratchFolder();
const kFilm = join(kExamples, 'effusion.jpg');
const kBlack = join(kImages, 'black.png');
const kText = join(kImages, 'text.png');

/** Cells of a page's table, by finding, without the markup. */
function rowsOf(html) {
  const text = (markup) => markup.replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return [...html.matchAll(/<tr class="[^"]*">(.*?)<\/tr>/gs)].map(([, row]) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => text(cell)));
}
const pagesOf = (html) => html.split('<section class="page">').slice(1);

describe('report', { skip: notBuilt }, () => {
  test('all films in one file, each with the words of cxr predict, and why there is nothing to say', () => {
    const out = join(folder, 'all.html');
    const { status, out: printed, err } = cxr('report', kFilm, kBlack, kText, '--out', out);
    assert.equal(status, 3, err);
    assert.ok(printed.includes(out));
    assert.match(err, /text\.png was not read: /);
    const html = readFileSync(out, 'utf8');
    const [film, black, text] = pagesOf(html);
    assert.equal(pagesOf(html).length, 3);
    const [record, refused, unread] = JSON.parse(cxr('predict', '--json', kFilm, kBlack, kText).out);
    assert.ok(film.includes(record.summary));
    for (const words of [record.sha256, record.model.sha256, record.app, 'Computer-generated. No real patient.']) assert.ok(film.includes(words), words);
    const rows = rowsOf(film);
    assert.equal(rows.length, 14);
    for (const { place, zone, reading } of record.findings) {
      const row = rows.find((cells) => reading.startsWith(`${cells[2]}`) && cells[6] === place && cells[1].endsWith(zone.replace('-', ' ')));
      assert.ok(row, `${reading} ${place}`);
    }
    assert.equal(film.split('<img class="picture"').length - 1, 2);
    for (const [page, why] of [[black, refused.error.message], [text, unread.error.message]]) {
      assert.ok(page.includes(why), why);
      assert.equal(rowsOf(page).length, 0);
      assert.ok(!/\b0\.\d\d/.test(page.replace(/"data:[^"]*"/g, '').replace(/<dl>.*<\/dl>/s, '')), 'no number');
    }
    assert.equal(html.split(NOTICE).length - 1, 3, 'the disclaimer once a page');
    assert.ok(!html.includes('<script'));
  });

  test('a file for each film, about the finding and by the method that are asked for', () => {
    const out = join(folder, 'each');
    const { status, err } = cxr('report', kFilm, '--out', out, '--finding', 'cardiomegaly', '--method', 'grad-cam', '--operating-point', 'own:effusion=0.25');
    assert.equal(status, 0, err);
    assert.deepEqual(readdirSync(out), ['effusion.jpg.report.html']);
    const html = readFileSync(join(out, 'effusion.jpg.report.html'), 'utf8');
    assert.match(html, /Cardiomegaly, Grad-CAM/);
    assert.match(html, /Threshold \(Own thresholds\)/);
    assert.match(rowsOf(html).find(([name]) => /effusion/i.test(name))[5], /^0\.25, /);
  });

  test('a place that cannot be written: status 1 and what to do', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { status, err } = cxr('report', kFilm, '--out', join(file, 'below.html'));
    assert.equal(status, 1);
    assert.match(err, /--out/);
  });

  test('a method that a model cannot be asked by is wrong usage', () => {
    const { status, err } = cxr('report', kFilm, '--out', join(folder, 'x.html'), '--layer', 'block1');
    assert.equal(status, 2);
    assert.match(err, /no layers/);
    assert.equal(existsSync(join(folder, 'x.html')), false);
  });
});

describe('what exports hold', { skip: notBuilt }, () => {
  const schema = JSON.parse(cxr('predict', '--schema').out);

  test('the published schema fits what is exported of every kind of file', () => {
    const { out } = cxr('predict', '--json', kFilm, kBlack, kText, join(folder, 'missing.png'), '--operating-point', 'own:Mass=0.125');
    const records = JSON.parse(out);
    assert.equal(records.length, 4);
    assert.deepEqual(schemaFaults(schema, records), []);
    assert.ok(schemaFaults(schema, [{ ...records[0], more: 1 }]).length > 0, 'a field that it does not know');
    assert.ok(schemaFaults(schema, [{ ...records[0], date: 'today' }]).length > 0);
    assert.ok(schemaFaults(schema, [{ ...records[0], sha256: undefined }]).length > 0);
    assert.deepEqual(records.map(({ sha256 }) => sha256.length), [64, 64, 64, 0]);
  });

  test('thresholds of one\'s own are in every table', () => {
    const own = ['--operating-point', 'own:mass=0.125,EFFUSION=0.25'];
    const [record] = JSON.parse(cxr('predict', '--json', kFilm, ...own).out);
    assert.equal(record.operating_point, 'own:Mass=0.125,Effusion=0.25');
    assert.equal(record.operating_point_name, 'Own thresholds');
    const thresholds = Object.fromEntries(record.findings.map(({ id, threshold }) => [id, threshold]));
    assert.deepEqual([thresholds.Mass, thresholds.Effusion], [0.125, 0.25]);
    const [usual] = JSON.parse(cxr('predict', '--json', kFilm).out);
    for (const { id, threshold } of usual.findings) if (!['Mass', 'Effusion'].includes(id)) assert.equal(thresholds[id], threshold);
    const [head, ...lines] = parseCsv(cxr('predict', '--csv', kFilm, ...own).out);
    const at = (name) => head.indexOf(name);
    const mass = lines.find((line) => line[at('finding')] === 'Mass');
    assert.equal(Number(mass[at('threshold')]), 0.125);
    assert.equal(mass[at('operating_point_name')], 'Own thresholds');
    assert.equal(mass[at('sha256')], record.sha256);
    assert.equal(mass[at('app')], record.app);
    const [wideHead, wide] = parseCsv(cxr('predict', '--csv', '--wide', kFilm, ...own).out);
    assert.equal(Number(wide[wideHead.indexOf('Mass threshold')]), 0.125);
    assert.equal(wide[wideHead.indexOf('model_version')], record.model.version);
  });

  test('the version is in the other exports, too', () => {
    const version = cxr('--version').out.trim();
    assert.match(version, /^Chestlight \d+\.\d+\.\d+$/);
    assert.equal(JSON.parse(cxr('inspect', '--json', kFilm).out)[0].app, version);
    const out = join(folder, 'map');
    assert.equal(cxr('explain', kFilm, '--finding', 'Effusion', '--out', out).status, 0);
    assert.equal(readJson(join(out, 'effusion.jpg.Effusion.evidence.json')).app, version);
    assert.ok(readFileSync(join(out, 'effusion.jpg.Effusion.evidence.png')).includes(`Software\0${version}`));
  });
});
