// A ZIP archive as films: its members as sources, in the order of their names, archives inside it opened too.
//
// Bounded: one member is inflated at a time, to kLargestDicom at most; of archives inside an archive one is held in
// memory at a time, and they are followed kDeepest deep. What cannot be a film is set aside and counted.
import { asError, failure } from '../shared/errors.js';
import { addIgnored, noIgnoredFiles, reasonToIgnore } from '../shared/ignored_files.js';
import { computedSource, emptyCacheEntry } from './sources.js';
import { encrypted, readDirectory, readMember } from './zip.js';

/** An archive, one in it, one in that. */
export const kDeepest = 3;

/** Room for one archive inside another at each depth; archives that share it share its bound. */
export const newArchiveCache = () => Array.from({ length: kDeepest }, emptyCacheEntry);

/**
 * @typedef {{name: string, source: import('./sources.js').Source}} Packed `name` is the path inside the archive
 *
 * @param {import('./sources.js').Source} source
 * @param {{inflater: () => Promise<Function>, room?: number, archiveCache?: ReturnType<typeof newArchiveCache>}} options at most
 *   `room` members are listed
 * @returns {Promise<{members: Packed[], more: number, ignored: import('../shared/ignored_files.js').IgnoredFiles}>} more: beyond `room`
 * @throws {EngineError} the archive itself cannot be read, or holds nothing to look at
 */
export async function unpack(source, { inflater, room = Infinity, archiveCache = newArchiveCache() }) {
  const result = { members: [], more: 0, ignored: noIgnoredFiles() };
  await collect(source, '', 1, { inflater, room, archiveCache, result });
  if (result.members.length) return result;
  const left = Object.values(result.ignored).reduce((sum, count) => sum + count);
  throw failure('archive-empty', left ? `The archive holds no film, only ${left} other file${left === 1 ? '' : 's'} (text, hidden or DICOMDIR).`
    : 'The archive is empty.', 'Drop an archive with DICOM, PNG or JPEG files in it.');
}

async function collect(source, prefix, depth, context) {
  const { inflater, room, archiveCache, result } = context;
  const listed = await readDirectory(source);
  const wanted = [];
  for (const member of listed) {
    const reason = reasonToIgnore(member.name);
    if (reason) result.ignored[reason] += 1;
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
    const inside = computedSource(member.size, () => readMember(source, member, inflater), archiveCache[depth - 1]);
    if (/\.zip$/i.test(name)) await collectInside(inside, name, depth, context);
    else result.members.push({ name, source: inside });
  }
}

/** An archive inside that cannot be opened is a member that says why; the others go on. */
async function collectInside(inside, name, depth, context) {
  try {
    if (depth >= kDeepest) {
      throw failure('archive-too-deep', `Archives inside archives are opened ${kDeepest} deep; this one lies deeper.`,
        'Unpack it and drop the files themselves.');
    }
    const own = { ...context, result: { members: [], more: 0, ignored: noIgnoredFiles() },
      room: context.room - context.result.members.length };
    await collect(inside, `${name}/`, depth + 1, own);
    context.result.members.push(...own.result.members);
    context.result.more += own.result.more;
    addIgnored(context.result.ignored, own.result.ignored);
  } catch (error) {
    const { code, message, hint } = asError(error);
    context.result.members.push({ name, source: { size: inside.size, read: async () => { throw failure(code, message, hint); } } });
  }
}
