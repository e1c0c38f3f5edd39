// Who a film is about, as its tags say it. That it is kept nowhere: tests/cli/case.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readIdentifiers, studyMark } from '../../web/dicom/identifiers.js';
import { notInstalled, stageLibraries } from './dicom_support.mjs';
import { madeUpFilm } from './made_up_film.mjs';

const { libraries } = notInstalled ? {} : stageLibraries();

test('the tags are read, in words', { skip: notInstalled }, async () => {
  const found = await readIdentifiers(madeUpFilm(), libraries);
  assert.deepEqual(Object.fromEntries(found.map(({ label, value }) => [label, value])), {
    Patient: 'ZEBRAFINCH, QUILLA', 'Patient ID': 'PID-7731', Born: '1961-02-03', Sex: 'F', 'Study date': '2019-08-07',
    Accession: 'ACC-5529', Study: 'THORAX OKAPI', Institution: 'HOSPITAL OF NARWHAL',
  });
  assert.deepEqual(await readIdentifiers(new TextEncoder().encode('\x89PNG…'), libraries), []);
});

const tagged = (tags) => ({ text: (tag) => tags[tag] ?? '', words: (tag) => tags[tag] ?? '' });
const kStudyTag = 'x0020000d';

test('the mark of a study is equal for its films alone, and says nothing of it', () => {
  const mark = studyMark(tagged({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.1' }));
  assert.match(mark, /^[0-9a-f]{16}$/);
  assert.equal(studyMark(tagged({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.1', x00080020: '20190807' })), mark);
  assert.notEqual(studyMark(tagged({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.2' })), mark);
  assert.notEqual(studyMark(tagged({ x00100020: 'PID-7732', [kStudyTag]: '1.2.826.1' })), mark);
  assert.equal(studyMark(tagged({ x00100020: 'PID-7731' })), '', 'no study is named');
});
