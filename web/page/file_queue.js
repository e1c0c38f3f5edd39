// Numbers the files that come in and tells both sides of them: the interface, which shows a row for each, and the engine's
// worker, which opens them. Archives become the films in them. Tables of labels get a number and no row: what came of them the case
// says (LabelsJoined of the contract). A site profile gets neither (ProfileChanged).
//
// One drop brings kMostFilesPerDrop films at most, those of its archives included; the rest is said in a row of its own.
import { addIgnored, noIgnoredFiles, ignoredInWords } from '../shared/ignored_files.js';
import { claimsLabelTable, kMostTables } from '../shared/label_tables.js';
import { separateModels } from '../shared/model_files.js';
import { claimsProfile, profileIn } from '../shared/site_profiles.js';

/** Films taken from one drop. */
export const kMostFilesPerDrop = 500;

/**
 * @typedef {{name: string, file: File|null}} Named `name` includes the folders that were dropped with it; no file: it could
 *   not be opened
 *
 * @typedef {import('../shared/ignored_files.js').IgnoredFiles} IgnoredFiles
 * @typedef {{room: number, ignored: IgnoredFiles}} Drop room: for so many films more
 *
 * @param {{toUi: (message: import('./ui.js').ToUi) => void, toEngine: (message: import('../shared/protocol.js').ToWorker) => void}} ways
 */
export function createFileQueue({ toUi, toEngine }) {
  let lastId = 0;
  /** The drop an archive came with, until it is unpacked. @type {Map<number, Drop>} */
  const drops = new Map();

  /** @param {Drop} drop */
  const tellIgnored = ({ ignored }) => {
    const text = ignoredInWords(ignored);
    if (text) toUi({ type: 'noticed', text });
  };

  /** @param {string} name @param {import('../shared/protocol.js').ErrorValue} error */
  const reject = (name, error) => {
    const id = ++lastId;
    toUi({ type: 'film-queued', id, name, bytes: 0 });
    toUi({ type: 'film-failed', id, name, error, retry: false });  // no bytes were kept
  };

  /** @param {number} count */
  const tellLeftOut = (count) => {
    if (!count) return;
    reject(`${count} more file${count === 1 ? '' : 's'}`, { code: 'too-many-files', hint: 'Drop the others in parts.',
      message: `More than ${kMostFilesPerDrop} files came at once; the first ${kMostFilesPerDrop} were taken.` });
  };

  /** @param {Named[]} tables of labels, whatever their names */
  function openLabels(tables) {
    for (const { name, file } of tables) {
      const id = ++lastId;
      if (file) toEngine({ type: 'open-labels', id, name, file });
      else toUi({ type: 'noticed', text: `The browser could not open ${name}. Drop it again.` });
    }
  }

  /**
   * One drop. Weights of networks among its files go to the importer and get no row.
   * @param {Named[]} files
   * @param {{more?: number, ignored?: IgnoredFiles, companions?: import('../shared/model_files.js').Named[]}} [left] files that are not in the list; `companions`: those that
   *   may say something of weights
   * @returns {Promise<void>|void} a promise where a file's first bytes had to be read before anything was told
   */
  function onFiles(files, left = {}) {
    if (files.some(({ name, file }) => file && claimsProfile(name))) return takeProfiles(files).then((others) => sort(others, left));
    return sort(files, left);
  }

  /** Hands site profiles on. @param {Named[]} files @returns {Promise<Named[]>} the others */
  async function takeProfiles(files) {
    const others = [];
    for (const named of files) {
      const json = named.file && claimsProfile(named.name) ? await profileIn(named.file) : null;
      if (json === null) others.push(named);
      else toEngine({ type: 'use-profile', json });
    }
    return others;
  }

  /** @param {Named[]} files @param {Parameters<typeof onFiles>[1]} left @returns {Promise<void>|void} */
  function sort(files, { more = 0, ignored = noIgnoredFiles(), companions = [] } = {}) {
    const tables = files.filter(({ name }) => claimsLabelTable(name));
    const others = tables.length ? files.filter((one) => !tables.includes(one)) : files;
    const separated = separateModels(others, companions);
    if (!separated) return take(others, tables, more, ignored);
    return separated.then(({ films, models, unused }) => {
      for (const one of models) toEngine({ type: 'import-model', ...one });
      addIgnored(ignored, { ...noIgnoredFiles(), text: unused });
      take(films, tables, more, ignored);
    });
  }

  /** @param {Named[]} films @param {Named[]} tables @param {number} more @param {IgnoredFiles} ignored */
  function take(films, tables, more, ignored) {
    const taken = films.slice(0, kMostFilesPerDrop);
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
    openLabels(tables.slice(0, kMostTables));
    addIgnored(drop.ignored, { ...noIgnoredFiles(), text: Math.max(0, tables.length - kMostTables) });
    tellLeftOut(more + films.length - taken.length);
    tellIgnored(drop);
  }

  return {
    onFiles,
    openLabels,
    reject,
    /** @param {File[]} files @param {{synthetic?: boolean}} [facts] for the interface */
    add(files, facts = {}) {
      for (const file of files) {
        const id = ++lastId;
        toEngine({ type: 'open', id, name: file.name, file, synthetic: Boolean(facts.synthetic) });
        toUi({ type: 'film-queued', id, name: file.name, bytes: file.size, ...facts });
      }
    },
    /** Nothing more will come of this file but its film. @param {number} id */
    opened(id) {
      drops.delete(id);
    },
    /** The rows of an archive take its place. @param {Extract<import('../shared/protocol.js').FromWorker, {type: 'unpacked'}>} message */
    onUnpacked({ id, members, more, ignored_files: ignored, tables = [] }) {
      const drop = drops.get(id) ?? { room: kMostFilesPerDrop, ignored: noIgnoredFiles() };
      drops.delete(id);
      const taken = members.slice(0, drop.room + 1);  // the archive's own place is free again
      drop.room -= taken.length - 1;
      addIgnored(drop.ignored, ignored);
      const films = taken.map(({ name, bytes }) => ({ id: ++lastId, name, bytes }));
      const tableIds = tables.map(() => ++lastId);
      toEngine({ type: 'open-members', id, ids: films.map((film) => film.id), ...(tables.length ? { table_ids: tableIds } : {}) });
      toUi({ type: 'films-unpacked', id, films });
      tellLeftOut(more + members.length - taken.length);
      tellIgnored(drop);
    },
  };
}
