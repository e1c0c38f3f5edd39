// Who a film is about, as its tags say it. That it is kept nowhere: tests/cli/case.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { belongingOf, readIdentifiers } from '../../web/dicom/identifiers.js';
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
  const studyMark = (tags) => belongingOf(tagged(tags)).study;
  const mark = studyMark({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.1' });
  assert.match(mark, /^[0-9a-f]{16}$/);
  assert.equal(studyMark({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.1', x00080020: '20190807' }), mark);
  assert.notEqual(studyMark({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.2' }), mark);
  assert.notEqual(studyMark({ x00100020: 'PID-7732', [kStudyTag]: '1.2.826.1' }), mark);
  assert.equal(studyMark({ x00100020: 'PID-7731' }), '', 'no study is named');
});

test('the mark of a patient is equal in all of their studies', () => {
  const patientMark = (tags) => belongingOf(tagged(tags)).patient;
  const mark = patientMark({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.1' });
  assert.match(mark, /^[0-9a-f]{16}$/);
  assert.equal(patientMark({ x00100020: 'PID-7731', [kStudyTag]: '1.2.826.2' }), mark);
  assert.notEqual(patientMark({ x00100020: 'PID-7732', [kStudyTag]: '1.2.826.1' }), mark);
  assert.equal(patientMark({ [kStudyTag]: '1.2.826.1' }), '', 'no patient is named');
});

test('a film was taken when its acquisition says, else its content, else its study', () => {
  const taken = (tags) => belongingOf(tagged(tags)).taken;
  const study = { x00080020: '20190807', x00080030: '101500.5' };
  assert.equal(taken({ ...study, x00080022: '20190917' }) - taken({ ...study, x00080030: '' }), 41 * 24 * 60);
  assert.equal(taken(study) - taken({ x00080020: '2019.08.07' }), 10 * 60 + 15);
  assert.equal(taken({ x00080022: 'unknown' }), null);
});
