// An archive (ZIP, tar, gzip) as films: its members as sources, in the order of their names, archives inside it opened too.
//
// Bounded: one member is inflated at a time, to kLargestDicom at most; of archives inside an archive one is held in
// memory at a time, and they are followed kDeepest deep. What cannot be a film, by its name or its first bytes, is set aside
// and counted, so that the limit is one of films: discs of patients come with hundreds of files of a viewer.
import { asError, failure } from '../shared/errors.js';
import { archiveKind, claimsFilm, kSniffedStart, mayBeFilm } from '../shared/film_kinds.js';
import { addIgnored, noIgnoredFiles, reasonToIgnore } from '../shared/ignored_files.js';
import { isLabelTable, kMostTables } from '../shared/label_tables.js';
import { listGzip } from './gzip.js';
import { computedSource, emptyCacheEntry } from './sources.js';
import { listTar } from './tar.js';
import { encrypted, looksLikeZip, readDirectory, readMember, readMemberStart } from './zip.js';

/** An archive, one in it, one in that. */
export const kDeepest = 3;

/** Room for one archive inside another at each depth; archives that share it share its bound. */
export const newArchiveCache = () => Array.from({ length: kDeepest }, emptyCacheEntry);

/** @param {import('./sources.js').Source} source @returns {Promise<boolean>} by its bytes, whatever its name */
export async function looksLikeArchive(source) {
  return archiveKind(await source.read(0, kSniffedStart)) !== null || looksLikeZip(source);
}

/**
 * @typedef {{name: string, source: import('./sources.js').Source}} Packed `name` is the path inside the archive
 *
 * @typedef {object} Listed a member of an archive of any kind
 * @property {string} name
 * @property {number} size
 * @property {boolean} encrypted
 * @property {(most: number) => Promise<Uint8Array>} start its first bytes, to tell what it is
 * @property {() => Promise<Uint8Array>} [read] all of it, which has to be computed; or:
 * @property {import('./sources.js').Source} [direct] a part of the archive as it is
 *
 * @typedef {import('../dicom/libraries.js').Inflater} Inflater
 * @typedef {ReturnType<typeof newArchiveCache>} ArchiveCache
 * @typedef {{members: Packed[], tables: Packed[], more: number, ignored: import('../shared/ignored_files.js').IgnoredFiles}} Unpacked more:
 *   beyond `room`
 * @typedef {{inflater: Inflater, room: number, archiveCache: ArchiveCache, withTables: boolean, result: Unpacked}} Context
 *
 * @param {import('./sources.js').Source} source
 * @param {{name?: string, inflater: Inflater, room?: number, archiveCache?: ArchiveCache, withTables?: boolean}} options at most `room`
 *   members are listed; withTables: tables of labels are wanted too, else they count as text
 * @returns {Promise<Unpacked>}
 * @throws {EngineError} the archive itself cannot be read, or holds nothing to look at
 */
export async function unpack(source, { name = '', inflater, room = Infinity, archiveCache = newArchiveCache(), withTables = false }) {
  /** @type {Unpacked} */
  const result = { members: [], tables: [], more: 0, ignored: noIgnoredFiles() };
  await collect(source, name, '', 1, { inflater, room, archiveCache, withTables, result });
  if (result.members.length || result.tables.length) return result;
  const left = Object.values(result.ignored).reduce((sum, count) => sum + count);
  throw failure('archive-empty', left ? `The archive holds no film, only ${left} other file${left === 1 ? '' : 's'}.`
    : 'The archive is empty.', 'Drop an archive with DICOM, PNG or JPEG files in it.');
}

/** @param {import('./sources.js').Source} source @param {string} name @param {Inflater} inflater @returns {Promise<Listed[]>} */
async function list(source, name, inflater) {
  const kind = archiveKind(await source.read(0, kSniffedStart));
  if (kind === 'tar') return listTar(source);
  if (kind === 'gzip') return listGzip(source, name, inflater);
  return (await readDirectory(source)).map((member) => ({
    ...member, read: () => readMember(source, member, inflater),
    start: (most) => readMemberStart(source, member, inflater, most),
  }));
}

/** @param {Listed} member @param {ArchiveCache[number]} entry room for what is computed */
const sourceOf = (member, entry) => (
  member.direct ?? computedSource(member.size, /** @type {() => Promise<Uint8Array>} */ (member.read), entry));

/**
 * @param {import('./sources.js').Source} source
 * @param {string} archive its name
 * @param {string} prefix of the names of its members
 * @param {number} depth from 1
 * @param {Context} context
 */
async function collect(source, archive, prefix, depth, context) {
  const { inflater, room, archiveCache, withTables, result } = context;
  const listed = await list(source, archive, inflater);
  const wanted = [];
  for (const member of listed) {
    const reason = reasonToIgnore(member.name);
    if (reason === 'text' && withTables && isLabelTable(member.name) && result.tables.length < kMostTables) {
      const inside = sourceOf(member, archiveCache[depth - 1]);
      result.tables.push({ name: prefix + member.name, source: inside });
    } else if (reason) result.ignored[reason] += 1;
    else wanted.push(member);
  }
  if (wanted.length && wanted.every((member) => member.encrypted)) throw encrypted('The archive is encrypted.');
  wanted.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const member of wanted) {
    const name = prefix + member.name;
    if (result.members.length >= room) {
      result.more += 1;
      continue;
    }
    const start = member.encrypted || claimsFilm(name) ? null : await member.start(kSniffedStart).catch(() => null);
    if (start && !mayBeFilm(name, start)) {
      result.ignored.other += 1;
      continue;
    }
    const inside = sourceOf(member, archiveCache[depth - 1]);
    if (/\.(zip|gz|tgz|tar)$/i.test(name) || (start && archiveKind(start))) await collectInside(inside, name, depth, context);
    else result.members.push({ name, source: inside });
  }
}

/**
 * An archive inside that cannot be opened is a member that says why; the others go on.
 * @param {import('./sources.js').Source} inside @param {string} name @param {number} depth @param {Context} context
 */
async function collectInside(inside, name, depth, context) {
  try {
    if (depth >= kDeepest) {
      throw failure('archive-too-deep', `Archives inside archives are opened ${kDeepest} deep; this one lies deeper.`,
        'Unpack it and drop the files themselves.');
    }
    /** @type {Context} */
    const own = { ...context, result: { members: [], tables: [], more: 0, ignored: noIgnoredFiles() },
      room: context.room - context.result.members.length };
    await collect(inside, name, `${name}/`, depth + 1, own);
    context.result.members.push(...own.result.members);
    context.result.tables.push(...own.result.tables);
    context.result.more += own.result.more;
    addIgnored(context.result.ignored, own.result.ignored);
  } catch (error) {
    const { code, message, hint } = asError(error);
    context.result.members.push({ name, source: { size: inside.size, read: async () => { throw failure(code, message, hint); } } });
  }
}
