// ZIP archives: the reader against archives made here and by Python's zipfile, and archives as lists of films.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { constants, deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';

import { kDeepest, looksLikeArchive, unpack } from '../../web/worker/archive.js';
import { inflate } from '../../web/dicom/libraries.js';
import { ignoredInWords } from '../../web/shared/ignored_files.js';
import { blobSource } from '../../web/worker/sources.js';
import { listTar } from '../../web/worker/tar.js';
import { looksLikeZip, readDirectory, readMember } from '../../web/worker/zip.js';
import { notInstalled } from './dicom_support.mjs';
import { makeZip } from './zip_support.mjs';

const text = (words) => new TextEncoder().encode(words);
const said = (bytes) => new TextDecoder().decode(bytes);
const inflater = async () => (bytes, most, { start = false } = {}) => {
  if (start) return new Uint8Array(inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })).subarray(0, most);
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

/** A file in a tar as the seventh edition of Unix wrote it: no mark, a check sum. */
function oldTar(name, bytes) {
  const header = Buffer.alloc(512);
  name.copy(header);
  header.write(`${bytes.length.toString(8).padStart(11, '0')} `, 124);
  header.fill(' ', 148, 156);
  header.write(header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0'), 148);
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & 511)]);
}

/** A DICOM file as far as its first bytes go. */
const film = (words) => Buffer.concat([Buffer.alloc(128), Buffer.from(`DICM${words}`)]);
const kBytes = text('some film bytes, long enough to be cut');
const kTwo = [{ name: 'a.png', bytes: text('first film') }, { name: 'sub/b.png', bytes: text('second film'), stored: true }];
for (const [what, options] of Object.entries({
  'deflated and stored': {}, 'ZIP64': { zip64: true }, 'a comment': { comment: 'PK\x05\x06 in a comment' },
  'a comment that could be an end': { comment: `PK\x05\x06${'\x01\x00'.repeat(8)}\x00\x00 and more` },
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

/** What an archive's names are in the code page of its system, none of which it states. */
const kNames = [
  ['Shift-JIS', [[0x8a, 0xb3, 0x8e, 0xd2, 0x2f, 0x94, 0x5c, 0x95, 0x5c, ...text('.dcm')], [0x8b, 0xb9, 0x95, 0x94, 0x90, 0xb3, 0x96, 0xca]],
    ['患者/能表.dcm', '胸部正面']],
  ['Shift-JIS, katakana', [[0x83, 0x8c, 0x83, 0x93, 0x83, 0x67, 0x83, 0x51, 0x83, 0x93]], ['レントゲン']],
  ['GBK', [[0xbb, 0xbc, 0xd5, 0xdf, 0x31], [0xd0, 0xd8, 0xb2, 0xbf, 0xd5, 0xfd, 0xce, 0xbb]], ['患者1', '胸部正位']],
  ['866', [[0x91, 0xad, 0xa8, 0xac, 0xae, 0xaa, 0x2e, 0x70]], ['Снимок.p']],
  ['866, small', [[0xa3, 0xe0, 0xe3, 0xa4, 0xec]], ['грудь']],
  ['437', [[...text('M'), 0x81, ...text('ller')], [...text('J'), 0x81, ...text('rgen')]], ['Müller', 'Jürgen']],
  ['437, French', [[...text('pri'), 0x8a, ...text('re')]], ['prière']],
  ['1252', [[...text('Andr'), 0xe9]], ['André']],
  ['UTF-8 that is not stated', [[...text('Größe 胸')]], ['Größe 胸']],
];
for (const [page, written, read] of kNames) {
  test(`names of an archive in ${page} are read`, async () => {
    const members = await readDirectory(sourceOf(makeZip(written.map((name) => ({ name: Buffer.from(name) })))));
    assert.deepEqual(members.map(({ name }) => name), read);
    const tar = Buffer.concat(written.map((name) => oldTar(Buffer.from(name), kBytes)));
    assert.deepEqual((await listTar(sourceOf(tar))).map(({ name }) => name), read);
  });
}

test('a name in the Unicode field goes before the other one', async () => {
  const name = text('胸.dcm');
  const extra = Buffer.from([0x75, 0x70, 5 + name.length, 0, 1, 0, 0, 0, 0, ...name]);
  const [member] = await readDirectory(sourceOf(makeZip([{ name: Buffer.from([0x8b, 0xb9]), extra }])));
  assert.equal(member.name, '胸.dcm');
});

test('a program in front does not hide an archive; a picture with one behind it stays a picture', async () => {
  for (const before of ['MZ\x90 a program', '#!/bin/sh\nunzip\n', '\x7fELF']) {
    const source = sourceOf(makeZip(kTwo, { before: Buffer.from(before, 'latin1') }));
    assert.equal(await looksLikeZip(source), true, before);
    assert.equal((await readDirectory(source)).length, 2);
  }
  for (const before of [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])]) {
    assert.equal(await looksLikeZip(sourceOf(makeZip(kTwo, { before }))), false);
  }
  assert.equal(await looksLikeZip(sourceOf(text('So PK\x05\x06 is what archives end with, says this text of some length'))), false);
});

test('members that share bytes are refused before any is inflated', async () => {
  const large = { name: 'a.dcm', bytes: Buffer.alloc(4 << 20) };
  await assert.rejects(readDirectory(sourceOf(makeZip([large, { name: 'b.dcm', sameAs: 0 }, { name: 'c.dcm', sameAs: 0 }]))),
    { code: 'archive-corrupt', message: /share the same bytes/ });
});

test('an archive that states to hold far more than its size is refused as a whole', async () => {
  const many = Array.from({ length: 8 }, (_, index) => ({ name: `${index}.dcm`, bytes: kBytes, size: 400 << 20 }));
  await assert.rejects(readDirectory(sourceOf(makeZip(many))), { code: 'archive-too-large', message: /1 MB states that it holds 3 GB/ });
});

test('a member that cannot be as large as it states is refused before memory is asked for', async () => {
  await assert.rejects(contents(makeZip([{ name: 'a', bytes: kBytes, size: 500 << 20 }])), { code: 'archive-corrupt', message: /inflated/ });
});

const cut = (zip, at) => zip.subarray(0, at);
/** What is wrong, the archive, the code, and a word of the message. */
const kBroken = [
  ['cut off', cut(makeZip(kTwo), 90), 'archive-corrupt', /end is missing/],
  ['no list', makeZip(kTwo).subarray(-22), 'archive-corrupt', /outside/],
  ['one of several parts', makeZip(kTwo, { disk: 2 }), 'archive-split', /parts/],
  ['a wrong check sum', makeZip([{ name: 'a', bytes: kBytes, crc: 1 }]), 'archive-corrupt', /check sum/],
  ['more than it says', makeZip([{ name: 'a', bytes: kBytes, size: 4 }]), 'archive-corrupt', /inflated/],
  ['less than it says', makeZip([{ name: 'a', bytes: kBytes, size: 400 }]), 'archive-corrupt', /check sum/],
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

test('what inflates beyond its bound is refused a step later, by the inflater of the program', { skip: notInstalled }, async () => {
  const { Inflate } = await import('fflate');
  let made = 0;
  /** Counts what comes out of the real one. */
  class Counting extends Inflate {
    constructor(take) {
      super((part, isLast) => {
        made += part.length;
        take(part, isLast);
      });
    }
  }
  const packed = new Uint8Array(deflateRawSync(Buffer.alloc(400 << 20)));
  for (const how of [{}, { exact: true }]) {
    made = 0;
    assert.throws(() => inflate(Counting, packed, 1 << 20, how), /expands too far/);
    assert.ok(made <= (1 << 20) + (18 << 20), `${made} bytes were made`);
  }
  made = 0;
  assert.equal(inflate(Counting, packed.subarray(0, 4096), 1000, { start: true }).length, 1000);
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
  const { members, more, ignored } = await unpack(sourceOf(makeZip(names.map((name) => ({ name, bytes: film(name) })))), { inflater });
  assert.deepEqual(members.map(({ name }) => name), ['s/IM2', 's/IM10']);
  assert.deepEqual(Buffer.from(await members[1].source.read()), film('s/IM10'));
  assert.equal(more, 0);
  assert.equal(ignoredInWords(ignored), 'Skipped a DICOMDIR, 2 text files and 3 hidden files.');
  assert.equal(ignoredInWords({ hidden: 0, dicomdir: 0, text: 0, other: 0 }), '');
});

test("of a patient's disc the films are taken, and the rest is one line", async () => {
  const program = Array.from({ length: 520 }, (_, index) => ({ name: `A/part${index}.dll`, bytes: Buffer.alloc(3000, 'MZ ') }));
  const disc = [...program, { name: 'B/IM1', bytes: film('1') }, { name: 'B/IM2', bytes: film('2'), stored: true }, { name: 'B/damaged.dcm', bytes: text('noise') }];
  const { members, more, ignored } = await unpack(sourceOf(makeZip(disc)), { inflater, room: 500 });
  assert.deepEqual(members.map(({ name }) => name), ['B/damaged.dcm', 'B/IM1', 'B/IM2']);
  assert.equal(more, 0);
  assert.equal(ignoredInWords(ignored), 'Skipped 520 files that are no pictures.');
});

/** By the system's own tar, so that it is not this program that says what a tar is. */
function tarOf(files, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-tar-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return execFileSync('tar', [...options, '-C', folder, '-cf', '-', ...Object.keys(files)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kLongName = `${'long/'.repeat(30)}film.dcm`;
for (const [what, options] of Object.entries({ ustar: ['--format=gnu'], pax: ['--format=pax'] })) {
  test(`tar and gzip, with names of ${what}`, async () => {
    const tar = tarOf({ 'IM1': film('1'), [kLongName]: film('2'), 'viewer.bin': text('a program') }, ...options);
    for (const [name, bytes, prefix] of [['a.tar', tar, ''], ['a.tar.gz', gzipSync(tar), 'a.tar/'], ['a.tgz', gzipSync(tar), 'a.tar/']]) {
      const source = sourceOf(bytes);
      assert.equal(await looksLikeArchive(source), true, name);
      const { members, ignored } = await unpack(source, { name, inflater });
      assert.deepEqual(members.map((member) => member.name), [`${prefix}IM1`, `${prefix}${kLongName}`], name);
      assert.deepEqual(Buffer.from(await members[1].source.read()), film('2'));
      assert.deepEqual(Buffer.from(await members[1].source.read(128, 4)), Buffer.from('DICM'));
      assert.equal(ignored.other, 1);
    }
  });
}

test('one film in gzip, whole, cut and changed', async () => {
  const packed = gzipSync(film('the film'));
  const { members: [member] } = await unpack(sourceOf(packed), { name: 'IM1.dcm.gz', inflater });
  assert.equal(member.name, 'IM1.dcm');
  assert.deepEqual(Buffer.from(await member.source.read()), film('the film'));
  const changed = Buffer.from(packed);
  changed[changed.length - 6] ^= 1;
  const wrong = await unpack(sourceOf(changed), { name: 'a.dcm.gz', inflater });
  await assert.rejects(wrong.members[0].source.read(), { code: 'archive-corrupt', message: /check sum/ });
  const short = await unpack(sourceOf(packed.subarray(0, packed.length - 12)), { name: 'a.dcm.gz', inflater });
  await assert.rejects(short.members[0].source.read(), (error) => /^(archive-corrupt|file-too-large)$/.test(error.code));
});

/** What is behind one another, and what it is together. */
const kMembers = [
  ['two members', [gzipSync(film('one')), gzipSync(' and two')], 'one and two'],
  ['three, an empty one among them, and zeros', [gzipSync(film('one')), gzipSync(''), gzipSync(' and two'), Buffer.alloc(512)], 'one and two'],
  ['zeros alone', [gzipSync(film('one')), Buffer.alloc(1000)], 'one'],
  ['a mark of gzip within', [gzipSync(Buffer.concat([film('one'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(40)]), { level: 0 })], null],
  ['a header with a name', [gzipSync(film('one')), Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3, 0x62, 0]), gzipSync('!').subarray(10)])], 'one!'],
];
for (const [what, parts, words] of kMembers) {
  test(`gzip of several parts: ${what}`, async () => {
    const { members: [member] } = await unpack(sourceOf(Buffer.concat(parts)), { name: 'IM1.dcm.gz', inflater });
    const read = Buffer.from(await member.source.read());
    assert.equal(read.length, member.source.size);
    if (words) assert.deepEqual(read, film(words));
  });
}

test('gzip of several parts, damaged, says so; trials in vain are bounded', async () => {
  const parts = [gzipSync(film('one')), gzipSync(' and two')];
  parts[0][parts[0].length - 6] ^= 1;
  const { members: [member] } = await unpack(sourceOf(Buffer.concat(parts)), { name: 'a.dcm.gz', inflater });
  await assert.rejects(member.source.read(), (error) => /^(archive-corrupt|file-too-large)$/.test(error.code));

  // Marks beyond number, each of which claims as much as 200,000 bytes may become.
  const mark = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  let trials = 0;
  const counting = async () => {
    trials += 1;
    return inflater();
  };
  const { members: [bomb] } = await unpack(sourceOf(Buffer.concat(Array.from({ length: 10_000 }, () => mark))), { name: 'a.dcm.gz', inflater: counting });
  await assert.rejects(bomb.source.read(), { code: 'archive-corrupt' });
  assert.ok(trials < 20, `${trials} trials`);
});

test('a tar without the mark of POSIX is one by its check sum, also where its bytes were counted as signed', async () => {
  const tar = oldTar(Buffer.from('M\xfcller.dcm', 'latin1'), film('1'));
  const signed = Buffer.from(tar);
  signed.write((Number.parseInt(tar.toString('latin1', 148, 154), 8) - 256).toString(8).padStart(6, '0'), 148);
  for (const [what, bytes] of [['unsigned', tar], ['signed', signed]]) {
    assert.equal(await looksLikeArchive(sourceOf(bytes)), true, what);
    const { members: [member] } = await unpack(sourceOf(bytes), { inflater });
    assert.equal(member.name, 'Müller.dcm', what);
    assert.deepEqual(Buffer.from(await member.source.read()), film('1'));
  }
  for (const bytes of [Buffer.alloc(512), film('a film').subarray(0, 140), Buffer.concat([film('a film'), Buffer.alloc(600)])]) {
    assert.equal(await looksLikeArchive(sourceOf(bytes)), false);
  }
});

test('a tar that is cut off or damaged says so', async () => {
  const tar = tarOf({ IM1: film('1'.repeat(2000)) });
  await assert.rejects(unpack(sourceOf(tar.subarray(0, 1024)), { inflater }), { code: 'archive-corrupt', message: /cut off/ });
  const damaged = Buffer.from(tar);
  damaged[10] ^= 1;
  await assert.rejects(unpack(sourceOf(damaged), { inflater }), { code: 'archive-corrupt', message: /check sum/ });
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

test('tables of labels are found where they are wanted, also where there is nothing else', async () => {
  const files = [{ name: 'a.png', bytes: text('film'), stored: true }, { name: 'x/labels.csv', bytes: text('a,b'), stored: true },
    { name: 'notes.txt', bytes: text('words'), stored: true }];
  const all = await unpack(sourceOf(makeZip(files)), { inflater, withTables: true });
  assert.deepEqual([all.members.map(({ name }) => name), all.tables.map(({ name }) => name), all.ignored.text], [['a.png'], ['x/labels.csv'], 1]);
  assert.equal(said(await all.tables[0].source.read()), 'a,b');
  const without = await unpack(sourceOf(makeZip(files)), { inflater });
  assert.deepEqual([without.tables, without.ignored.text], [[], 2]);
  const alone = makeZip([files[1]]);
  assert.equal((await unpack(sourceOf(alone), { inflater, withTables: true })).tables.length, 1);
  await assert.rejects(unpack(sourceOf(alone), { inflater }), (error) => error.code === 'archive-empty');
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
