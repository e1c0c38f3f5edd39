// Numbers the files that come in and tells both sides of them: the interface, which shows a row for each, and the engine's
// worker, which opens them. Archives become the films in them.
//
// One drop brings kMostFilesPerDrop films at most, those of its archives included; the rest is said in a row of its own.
import { addIgnored, noIgnoredFiles, ignoredInWords } from '../shared/ignored_files.js';
import { separateModels } from '../shared/model_files.js';

/** Films taken from one drop. */
export const kMostFilesPerDrop = 500;

/**
 * @typedef {{name: string, file: File|null}} Named `name` includes the folders that were dropped with it; no file: it could
 *   not be opened
 *
 * @param {{toUi: (message: object) => void, toEngine: (message: object) => void}} ways
 */
export function createFileQueue({ toUi, toEngine }) {
  let lastId = 0;
  /** The drop an archive came with, until it is unpacked. @type {Map<number, {room: number, ignored: object}>} */
  const drops = new Map();

  const tellIgnored = ({ ignored }) => {
    const text = ignoredInWords(ignored);
    if (text) toUi({ type: 'noticed', text });
  };

  const reject = (name, error) => {
    const id = ++lastId;
    toUi({ type: 'film-queued', id, name, bytes: 0 });
    toUi({ type: 'film-failed', id, name, error, retry: false });  // no bytes were kept
  };

  const tellLeftOut = (count) => {
    if (!count) return;
    reject(`${count} more file${count === 1 ? '' : 's'}`, { code: 'too-many-files', hint: 'Drop the others in parts.',
      message: `More than ${kMostFilesPerDrop} files came at once; the first ${kMostFilesPerDrop} were taken.` });
  };

  /**
   * One drop. Weights of networks among its files go to the importer and get no row.
   * @param {Named[]} files
   * @param {{more?: number, ignored?: import('../shared/ignored_files.js').IgnoredFiles, companions?: Named[]}} [left] files that are not in
   *   the list; `companions`: those that may say something of weights
   * @returns {Promise<void>|void} a promise where a file's first bytes had to be read before anything was told
   */
  function onFiles(files, { more = 0, ignored = noIgnoredFiles(), companions = [] } = {}) {
    const separated = separateModels(files, companions);
    if (!separated) return onFilms(files, more, ignored);
    return separated.then(({ films, models, unused }) => {
      for (const { name, files: parts } of models) toEngine({ type: 'import-model', name, files: parts });
      addIgnored(ignored, { ...noIgnoredFiles(), text: unused });
      onFilms(films, more, ignored);
    });
  }

  function onFilms(files, more, ignored) {
    const taken = files.slice(0, kMostFilesPerDrop);
    const drop = { room: kMostFilesPerDrop - taken.length, ignored };
    for (const { file, name } of taken) {
      if (!file) {
        reject(name, { code: 'file-unreadable', message: 'The browser could not open this file.', hint: 'Drop it again.' });
        continue;
      }
      const id = ++lastId;
      drops.set(id, drop);
      toEngine({ type: 'open', id, name, file, room: drop.room + 1 });  // first: the interface asks for its pixels at once
      toUi({ type: 'film-queued', id, name, bytes: file.size });
    }
    tellLeftOut(more + files.length - taken.length);
    tellIgnored(drop);
  }

  return {
    onFiles,
    reject,
    /** @param {File[]} files @param {object} [facts] for the interface, such as {synthetic: true} */
    add(files, facts = {}) {
      for (const file of files) {
        const id = ++lastId;
        toEngine({ type: 'open', id, name: file.name, file });
        toUi({ type: 'film-queued', id, name: file.name, bytes: file.size, ...facts });
      }
    },
    /** Nothing more will come of this file but its film. */
    opened(id) {
      drops.delete(id);
    },
    /** The rows of an archive take its place. @param {object} message 'unpacked' of protocol.js */
    onUnpacked({ id, members, more, ignored_files: ignored }) {
      const drop = drops.get(id) ?? { room: kMostFilesPerDrop, ignored: noIgnoredFiles() };
      drops.delete(id);
      const taken = members.slice(0, drop.room + 1);  // the archive's own place is free again
      drop.room -= taken.length - 1;
      addIgnored(drop.ignored, ignored);
      const films = taken.map(({ name, bytes }) => ({ id: ++lastId, name, bytes }));
      toEngine({ type: 'open-members', id, ids: films.map((film) => film.id) });
      toUi({ type: 'films-unpacked', id, films });
      tellLeftOut(more + members.length - taken.length);
      tellIgnored(drop);
    },
  };
}
