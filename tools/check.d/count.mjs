// Counts the results of one stage of tools/check: prints "passed failed skipped", and on stderr the name of each test skipped.
//
//   node tools/check.d/count.mjs build/check/<stage> build/<stage>/reports
//
// reads <stage>.xml (ctest, JUnit) or <stage>.tap (node --test); the folder holds what each GoogleTest program left, by the name
// of its ctest test, whose place its own tests take.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

const kEntities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const decode = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => kEntities[name]);

/**
 * @param {string} xml what ctest --output-junit writes
 * @param {(name: string) => string|null} [reportOf] what GoogleTest's --gtest_output wrote for a test of ctest
 */
export function countJunit(xml, reportOf = () => null) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  for (const [, name, status] of xml.matchAll(/<testcase name="([^"]*)"[^>]*status="(\w+)"/g)) {
    const report = reportOf(decode(name));
    if (report !== null) addGoogleTest(counts, decode(name), report, status === 'run');
    else if (status === 'run') counts.passed += 1;
    else if (status === 'notrun' || status === 'disabled') counts.skipped.push(decode(name));
    else counts.failed += 1;
  }
  return counts;
}

/** Adds the tests of one program. One that failed as a whole though none of them did, at its end, say, is a failure more. */
function addGoogleTest(counts, program, xml, passed) {
  const failedBefore = counts.failed;
  for (const testcase of xml.split('<testcase ').slice(1)) {
    const of = (name) => decode(new RegExp(`\\b${name}="([^"]*)"`).exec(testcase)?.[1] ?? '');
    if (testcase.includes('<failure')) counts.failed += 1;
    else if (of('result') === 'completed') counts.passed += 1;
    else counts.skipped.push(`${program}.${of('classname')}.${of('name')}`);
  }
  if (!passed && counts.failed === failedBefore) counts.failed += 1;
}

/**
 * @param {string} tap what node --test writes; only leaves are counted: a suite, and in Node 18 a file, stand for the tests
 * inside them
 */
export function countTap(tap) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  let deepest = 0; // indentation of the last result read; a result less indented closes a suite
  for (const line of tap.split('\n')) {
    const result = /^( *)(not ok|ok) \d+(?: - (.*?))?(?: # ([A-Z]+)\b ?(.*))?$/.exec(line);
    if (!result) continue;
    const [, indent, verdict, name, directive, reason] = result;
    const isSuite = indent.length < deepest;
    deepest = indent.length;
    if (isSuite) continue;
    if (directive === 'SKIP') counts.skipped.push(reason ? `${name} (${reason})` : name);
    else if (verdict === 'ok') counts.passed += 1;
    else counts.failed += 1;
  }
  return counts;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , stem, reports] = argv;
  const reportOf = (name) => {
    const path = join(reports, `${name}.xml`);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  let counts = { passed: 0, failed: 0, skipped: [] };
  if (existsSync(`${stem}.xml`)) counts = countJunit(readFileSync(`${stem}.xml`, 'utf8'), reportOf);
  else if (existsSync(`${stem}.tap`)) counts = countTap(readFileSync(`${stem}.tap`, 'utf8'));
  for (const name of counts.skipped) stderr.write(`skipped: ${basename(stem)}: ${name}\n`);
  stdout.write(`${counts.passed} ${counts.failed} ${counts.skipped.length}\n`);
}
