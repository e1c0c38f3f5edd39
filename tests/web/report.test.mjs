// CSV that no spreadsheet runs: what begins a formula in text is marked, wherever a program might split the line.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { errorRecord, toCsv } from '../../web/worker/report.js';

/** Names of files as they come, and as the first column has them. Kinds of splitting: OWASP, "CSV Injection". */
const kNames = [
  ['plain.png', 'plain.png'],
  ['=1+1.png', "'=1+1.png"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['a;=1+1;b', '"a;\'=1+1;b"'],
  ['a; =1+1', '"a; \'=1+1"'],
  ['a\t-2', '"a\t\'-2"'],
  ['a\n+3', '"a\n\'+3"'],
  ['\uff1d1+1', "'\uff1d1+1"],
  ['a-b+c=d@e', 'a-b+c=d@e'],
  ['a, -b', '"a, -b"'],
  ['say "=1"', '"say ""=1"""'],
];

for (const [name, wanted] of kNames) {
  test(`the name ${JSON.stringify(name)} is written as ${JSON.stringify(wanted)}`, () => {
    const csv = toCsv([errorRecord(name, { code: 'x', message: 'no film', hint: '' })]);
    assert.ok(csv.slice(csv.indexOf('\r\n') + 2).startsWith(`${wanted},false,x,no film,`), csv);
  });
}
