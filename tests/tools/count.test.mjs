// How results are counted: on samples of what the runners write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countJunit, countTap } from '../../tools/check.d/count.mjs';

test('ctest: run, failed, skipped', () => {
  // As ctest 3.25 --output-junit writes it; a test that exits with its SKIP_RETURN_CODE is "notrun".
  const counts = countJunit(`<testsuite name="Linux" tests="4" failures="1" disabled="0" skipped="1">
    <testcase name="base.Half.Rounds" classname="base" time="0.01" status="run"><system-out>ok</system-out></testcase>
    <testcase name="base.Json.Reads" classname="base" time="0.01" status="run"/>
    <testcase name="base.Json.Fails" classname="base" time="0.01" status="fail"><failure message=""/></testcase>
    <testcase name="imaging.Films/&quot;a&quot;" classname="x" time="0" status="notrun"><skipped message="SKIP"/></testcase>
  </testsuite>`);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: ['imaging.Films/"a"'] });
});

test('GoogleTest: the tests of a program take its place', () => {
  const ctest = (status) => `<testsuite><testcase name="findings" classname="findings" time="1" status="${status}"/>
    <testcase name="fuzz.exif" classname="fuzz.exif" time="1" status="run"/></testsuite>`;
  // As GoogleTest 1.12 --gtest_output=xml: writes it.
  const report = (last) => `<testsuites tests="4"><testsuite name="Gate">
    <testcase name="Opens" file="a.cpp" line="1" status="run" result="completed" time="0." classname="Gate" />
    <testcase name="Reads/&quot;a&quot;" file="a.cpp" line="2" status="run" result="skipped" time="0." classname="Gate">
      <skipped message="a.cpp:2&#x0A;no films"><![CDATA[]]></skipped></testcase>
    <testcase name="DISABLED_Shuts" file="a.cpp" line="3" status="notrun" result="suppressed" time="0." classname="Gate" />
    <testcase name="Last" file="a.cpp" line="4" status="run" result="completed" time="0." classname="Gate"${last}
  </testsuite></testsuites>`;
  const reportOf = (last) => (name) => (name === 'findings' ? report(last) : null);
  const skipped = ['findings.Gate.Reads/"a"', 'findings.Gate.DISABLED_Shuts'];
  assert.deepEqual(countJunit(ctest('run'), reportOf(' />')), { passed: 3, failed: 0, skipped });
  const failure = '><failure message="a.cpp:4&#x0A;no" type=""><![CDATA[no]]></failure></testcase>';
  assert.deepEqual(countJunit(ctest('fail'), reportOf(failure)), { passed: 2, failed: 1, skipped });
  assert.deepEqual(countJunit(ctest('fail'), reportOf(' />')), { passed: 3, failed: 1, skipped }, 'a leak is found at the end');
  assert.deepEqual(countJunit(ctest('fail')), { passed: 1, failed: 1, skipped: [] }, 'a program that crashed leaves no report');
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
