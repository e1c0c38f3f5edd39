// ZIP archives: the reader against archives made here and by Python's zipfile, and archives as lists of films.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { kDeepest, unpack } from '../../web/worker/archive.js';
import { ignoredInWords } from '../../web/shared/ignored_files.js';
import { blobSource } from '../../web/worker/sources.js';
import { looksLikeZip, readDirectory, readMember } from '../../web/worker/zip.js';
import { makeZip } from './zip_support.mjs';

const text = (words) => new TextEncoder().encode(words);
const said = (bytes) => new TextDecoder().decode(bytes);
const inflater = async () => (bytes, most) => {
  const out = inflateRawSync(bytes, { maxOutputLength: most + 1 });
  if (out.length > most) throw new RangeError('too much');
  return new Uint8Array(out);
};
const sourceOf = (bytes) => blobSource(new Blob([bytes]));

async function contents(zip) {
  const source = sourceOf(zip);
  const all = {};
  for (const member of await readDirectory(source)) all[member.name] = said(await readMember(source, member, inflater));
  return all;
}

const kTwo = [{ name: 'a.png', bytes: text('first film') }, { name: 'sub/b.png', bytes: text('second film'), stored: true }];
for (const [what, options] of Object.entries({
  'deflated and stored': {}, 'ZIP64': { zip64: true }, 'a comment': { comment: 'PK\x05\x06 in a comment' },
  'bytes before it, as in self-extracting archives': { before: Buffer.alloc(700, 7) }, 'ZIP64 with bytes before it': { zip64: true, before: Buffer.alloc(3) },
})) {
  test(`every member of an archive: ${what}`, async () => {
    assert.deepEqual(await contents(makeZip(kTwo, options)), { 'a.png': 'first film', 'sub/b.png': 'second film' });
  });
}

test("an archive of Python's zipfile", async () => {
  const source = sourceOf(readFileSync(new URL('../fixtures/images/archive.zip', import.meta.url)));
  assert.equal(await looksLikeZip(source), true);
  const members = await readDirectory(source);
  assert.ok(members.length > 0);
  for (const member of members) assert.equal((await readMember(source, member, inflater)).length, member.size);
});

test('names are labels: they never lead out of a folder, and folders are no members', async () => {
  const names = ['../../up.png', '/abs.png', 'C\\win\\x.png', 'folder/', './here.png', Buffer.from([0x66, 0xe9, 0x2e, 0x70])];
  const members = await readDirectory(sourceOf(makeZip(names.map((name) => ({ name })))));
  assert.deepEqual(members.map(({ name }) => name), ['up.png', 'abs.png', 'C/win/x.png', 'here.png', 'fé.p']);
});

const kBytes = text('some film bytes, long enough to be cut');
const cut = (zip, at) => zip.subarray(0, at);
/** What is wrong, the archive, the code, and a word of the message. */
const kBroken = [
  ['cut off', cut(makeZip(kTwo), 90), 'archive-corrupt', /end is missing/],
  ['no list', makeZip(kTwo).subarray(-22), 'archive-corrupt', /outside/],
  ['one of several parts', makeZip(kTwo, { disk: 2 }), 'archive-split', /parts/],
  ['a wrong check sum', makeZip([{ name: 'a', bytes: kBytes, crc: 1 }]), 'archive-corrupt', /check sum/],
  ['more than it says', makeZip([{ name: 'a', bytes: kBytes, size: 4 }]), 'archive-corrupt', /inflated/],
  ['less than it says', makeZip([{ name: 'a', bytes: kBytes, size: 4000 }]), 'archive-corrupt', /check sum/],
  ['another method', makeZip([{ name: 'a', bytes: kBytes, method: 14 }]), 'archive-method', /LZMA/],
  ['an encrypted member', makeZip([{ name: 'a', bytes: kBytes, flags: 1 }]), 'archive-encrypted', /encrypted/],
  ['a claim of four gigabytes', makeZip([{ name: 'a', bytes: kBytes, size: 0xfffffff0 }]), 'file-too-large', /larger than 512 MB: it has 4096 MB/],
];
for (const [what, zip, code, words] of kBroken) {
  test(`an archive that is wrong says how: ${what}`, async () => {
    await assert.rejects(contents(zip), (error) => error.code === code && words.test(error.message) && Boolean(error.hint));
  });
}

test('a bomb is stopped at the size it states, not where it would end', async () => {
  const zip = makeZip([{ name: 'bomb.dcm', bytes: Buffer.alloc(64 << 20), size: 1000 }]);
  assert.ok(zip.length < 100_000);
  await assert.rejects(contents(zip), { code: 'archive-corrupt' });
});

test('damaged bytes anywhere are an error of ours or a result, never something else', async () => {
  const whole = makeZip(kTwo, { zip64: true });
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] ^= 0xff;
    await contents(damaged).catch((error) => assert.match(String(error.code), /^(archive|file)-/, `byte ${at}: ${error.stack}`));
  }
});

test('films in the order of their names; what comes along is counted', async () => {
  const names = ['s/IM10', 's/IM2', 'DICOMDIR', 's/README.txt', 'notes.csv', '__MACOSX/._IM2', 's/.DS_Store', 's/Thumbs.db'];
  const { members, more, ignored } = await unpack(sourceOf(makeZip(names.map((name) => ({ name, bytes: text(name) })))), { inflater });
  assert.deepEqual(members.map(({ name }) => name), ['s/IM2', 's/IM10']);
  assert.equal(said(await members[1].source.read()), 's/IM10');
  assert.equal(more, 0);
  assert.equal(ignoredInWords(ignored), 'Skipped a DICOMDIR, 2 text files and 3 hidden files.');
  assert.equal(ignoredInWords({ hidden: 0, dicomdir: 0, text: 0 }), '');
});

test('archives in an archive are opened, to a depth; a broken one is a row and the others go on', async () => {
  let zip = makeZip([{ name: 'film.png', bytes: text('deep') }]);
  for (let depth = 1; depth <= kDeepest; depth += 1) {
    zip = makeZip([{ name: 'a.png', bytes: text('a') }, { name: 'inner.zip', bytes: zip }, { name: 'wrong.zip', bytes: text('no archive at all, is it?') }]);
  }
  const { members } = await unpack(sourceOf(zip), { inflater });
  const byName = Object.fromEntries(members.map((member) => [member.name, member.source]));
  assert.equal(said(await byName['inner.zip/inner.zip/a.png'].read()), 'a');
  await assert.rejects(byName['inner.zip/inner.zip/inner.zip'].read(), { code: 'archive-too-deep' });
  await assert.rejects(byName['wrong.zip'].read(), { code: 'archive-corrupt' });
});

test('only as many members as there is room for', async () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `${index}.png` }));
  const { members, more } = await unpack(sourceOf(makeZip([...many, { name: 'z.zip', bytes: makeZip(many) }])), { inflater, room: 8 });
  assert.deepEqual([members.length, more], [8, 13]);
});

test('an archive that is encrypted or holds nothing says so as a whole', async () => {
  const encrypted = makeZip([{ name: 'a.png', flags: 1 }, { name: 'b.png', flags: 1 }, { name: 'read me.txt' }]);
  await assert.rejects(unpack(sourceOf(encrypted), { inflater }), { code: 'archive-encrypted' });
  await assert.rejects(unpack(sourceOf(makeZip([])), { inflater }), { code: 'archive-empty' });
  await assert.rejects(unpack(sourceOf(makeZip([{ name: 'a.txt' }])), { inflater }), /only 1 other file/);
});

test('of archives inside, one is in memory at a time', async () => {
  const inner = (name) => ({ name, bytes: makeZip([{ name: 'a.png', bytes: text(`in ${name}`) }, { name: 'b.png', bytes: text('b') }]) });
  let inflations = 0;
  const { members } = await unpack(sourceOf(makeZip([inner('1.zip'), inner('2.zip')])), {
    inflater: async () => { inflations += 1; return inflater(); } });
  const listed = inflations;
  assert.equal(listed, 2, 'each archive inside is inflated once to list it');
  assert.equal(said(await members[2].source.read()), 'in 2.zip');
  assert.equal(inflations, listed + 1, 'the one listed last is still there');
  assert.equal(said(await members[0].source.read()), 'in 1.zip');
  assert.equal(inflations, listed + 3, 'the other one is inflated again');
});
