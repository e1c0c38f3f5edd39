// How results are counted: on samples of what the runners write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countJunit, countTap } from '../../tools/check.d/count.mjs';

test('ctest: run, failed, skipped', () => {
  // As ctest 3.25 --output-junit writes it; a GTEST_SKIP is "notrun".
  const counts = countJunit(`<testsuite name="Linux" tests="4" failures="1" disabled="0" skipped="1">
    <testcase name="base.Half.Rounds" classname="base" time="0.01" status="run"><system-out>ok</system-out></testcase>
    <testcase name="base.Json.Reads" classname="base" time="0.01" status="run"/>
    <testcase name="base.Json.Fails" classname="base" time="0.01" status="fail"><failure message=""/></testcase>
    <testcase name="imaging.Films/&quot;a&quot;" classname="x" time="0" status="notrun"><skipped message="SKIP"/></testcase>
  </testsuite>`);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: ['imaging.Films/"a"'] });
});

test('node --test: leaves are counted, suites and files are not', () => {
  const counts = countTap(`TAP version 13
# Subtest: layers
    # Subtest: one
    ok 1 - one
      ---
      duration_ms: 0.2
      ...
    # Subtest: two
    not ok 2 - two
    # Subtest: three
    ok 3 - three # SKIP no films here
    1..3
not ok 1 - layers
# Subtest: alone
ok 2 - alone
1..2
# tests 4
`);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: ['three (no films here)'] });
});

test('no results are no passes', () => {
  assert.deepEqual(countTap('TAP version 13\n1..0\n'), { passed: 0, failed: 0, skipped: [] });
  assert.deepEqual(countJunit('<testsuite tests="0"/>'), { passed: 0, failed: 0, skipped: [] });
});
