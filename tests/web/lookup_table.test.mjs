// Lookup tables of DICOM, by hand: the shapes that real files have, and those that would make a reader run away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookupTable } from '../../web/dicom/lookup_table.js';

const kTags = { descriptor: 'd', entries: 'e', segments: 's' };
const words = (...values) => new Uint8Array(Uint16Array.from(values).buffer);

/** A data set of these elements, as far as a table needs it. */
const dataSet = (elements, bigEndian = false) => ({ bigEndian, element: (tag) => elements[tag], bytes: (element) => element });
const read = (elements, signed = false) => lookupTable(dataSet(elements), kTags, signed);

test('words, bytes, and 0 for 65536', () => {
  assert.deepEqual(read({ d: words(3, 10, 12), e: words(1, 2, 4095) }), { first: 10, bits: 12, values: [1, 2, 4095] });
  assert.deepEqual(read({ d: words(3, 0xffff, 8), e: Uint8Array.of(7, 8, 9) }, true), { first: -1, bits: 8, values: [7, 8, 9] });
  assert.equal(read({ d: words(0, 0, 16), e: new Uint8Array(131072) }).values.length, 65536);
});

test('what is missing or empty is no table', () => {
  for (const elements of [{}, { d: words(3, 0) , e: words(1) }, { d: words(3, 0, 16) }, { d: words(3, 0, 16), e: words() }]) {
    assert.equal(read(elements), null);
  }
});

test('segments: entries, a line, and a reference to both', () => {
  const segments = words(0, 2, 5, 100, 1, 4, 200, 2, 2, 0, 0);
  const once = [5, 100, 125, 150, 175, 200];
  assert.deepEqual(read({ d: words(12, 0, 16), s: segments }).values, [...once, 5, 100, 125, 150, 175, 200]);
  assert.deepEqual(read({ d: words(5, 0, 16), s: segments }).values, once.slice(0, 5), 'no more than were announced');
});

test('segments that end early, refer to themselves or say nothing come to an end', () => {
  const cases = [[words(0, 9, 1, 2), [1, 2]], [words(0, 1, 7, 2, 65535, 6, 0), [7]], [words(0, 1, 7, 0, 0, 0, 1, 8), [7]],
    [words(0, 1, 7, 9, 1, 1), [7]], [words(0, 1, 7, 2, 3, 0xffff, 0xffff), [7]]];
  for (const [segments, values] of cases) assert.deepEqual(read({ d: words(0, 0, 16), s: segments }).values, values);
  assert.equal(read({ d: words(0, 0, 16), s: words(2, 65535, 0, 0) }), null);
});
