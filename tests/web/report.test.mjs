// Reports on the page: pages in their order whatever order they come in, printed or offered as one file, and the hash and the clock
// that exports carry.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { createReportDesk, kMostPrinted } from '../../web/page/report.js';
import { hashesOf, sha256Of } from '../../web/shared/file_hash.js';
import { timestamp, today } from '../../web/shared/today.js';
import { is, visit } from './visit.mjs';

function desk({ fails = false } = {}) {
  const done = { printed: [], offered: [], notices: [] };
  const add = createReportDesk({
    print: async (html) => { if (fails) throw new Error('no'); done.printed.push(html); },
    offer: ({ name }, parts) => done.offered.push([name, Buffer.concat(parts.map((part) => Buffer.from(part))).toString()]),
    notice: (text) => done.notices.push(text),
  });
  const page = (number, pages, { print = false, report = 1, content = `<${number}>` } = {}) => add(
    { type: 'report-page-written', report, id: number, page: number, pages, print, name: 'report.html', head: 'H', tail: 'T' },
    content === null ? undefined : new Uint8Array(Buffer.from(content)).buffer);
  return { ...done, page };
}
const soon = () => new Promise((resolve) => setTimeout(resolve));

test('pages are put in order and offered as one file when all are there', async () => {
  const { page, offered, notices } = desk();
  page(2, 3);
  page(1, 1, { report: 2, content: 'other' });
  page(3, 3);
  assert.equal(offered.length, 1, 'only the other report is whole');
  page(1, 3);
  await soon();
  assert.deepEqual(offered, [['report.html', 'HotherT'], ['report.html', 'H<1><2><3>T']]);
  assert.equal(notices.at(-1), 'Exported report.html');
});

test('a report that is to be printed is printed, without films that are gone', async () => {
  const { page, printed, offered } = desk();
  page(1, 2, { print: true, content: null });
  page(2, 2, { print: true });
  await soon();
  assert.deepEqual([printed, offered], [['H<2>T'], []]);
});

test('what cannot be printed is said', async () => {
  const { page, notices } = desk({ fails: true });
  page(1, 1, { print: true });
  await soon();
  assert.match(notices[0], /could not print/);
  const none = desk();
  none.page(1, 1, { print: true, content: null });
  await soon();
  assert.match(none.notices[0], /No page/);
});

test('more pages than can be printed are offered as a file', async () => {
  const { page, printed, offered, notices } = desk();
  for (let number = 1; number <= kMostPrinted + 1; number += 1) page(number, kMostPrinted + 1, { print: true });
  await soon();
  assert.deepEqual([printed.length, offered.length], [0, 1]);
  assert.match(notices[0], /was saved/);
});

test('a file is hashed by the browser, or by the engine where that cannot', async (t) => {
  const bytes = new Uint8Array(Buffer.from('a film'));
  const wanted = createHash('sha256').update(bytes).digest('hex');
  assert.equal(await sha256Of(bytes, { call: () => assert.fail('not needed') }), wanted);
  t.mock.getter(globalThis, 'crypto', () => ({}));
  const engine = { call: (method, args, [given]) => ({ value: { [method]: `${given.length} bytes` } }) };
  assert.equal(await sha256Of(bytes, engine), '6 bytes');
  assert.deepEqual([...hashesOf([{ sha256: 'a' }, { sha256: 'b' }])], ['a', 'b']);
});

test('the time is ISO 8601 with its distance from UTC', () => {
  const now = new Date(2026, 10, 30, 6, 5, 9);
  assert.equal(today(now), '2026-11-30');
  const text = timestamp(now);
  assert.match(text, /^2026-11-30T06:05:09[+-]\d\d:\d\d$/);
  assert.equal(new Date(text).getTime(), now.getTime());
  const west = Object.assign(new Date(now), { getTimezoneOffset: () => 210 });
  assert.ok(timestamp(west).endsWith('-03:30'));
});

test('the thread writes the time and the hash of the file into what the case is told', async () => {
  const v = visit({ now: () => '2026-12-01T04:05:06+00:00', syntheticFilms: async () => new Set([createHash('sha256').update('film').digest('hex')]) });
  v.start();
  v.open(1, 'film');
  await v.until(is('film-opened', 1));
  v.session.handle({ type: 'export-findings', format: 'json' });
  v.session.handle({ type: 'export-report', question: { id: 1 } });
  const [{ told }] = v.engines;
  const read = told.find(({ type }) => type === 'film-read');
  assert.equal(read.sha256, createHash('sha256').update('film').digest('hex'));
  assert.equal(read.synthetic, true);
  for (const type of ['export-findings', 'export-report']) assert.equal(told.find((one) => one.type === type).date, '2026-12-01T04:05:06+00:00');
});
