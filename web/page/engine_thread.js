// The engine's thread as the page sees it: started, heard, and watched. A thread that gives no sign for two minutes, because it hangs
// or has ended without a word, is replaced, and the next one is given all files that are still open; so no film waits for ever.
//
// Films that were taken away, which can be undone, stay here with their files, and their events reach nobody meanwhile.
//
// Whether what a reader says is kept on the device, each thread is told before it is given files.
//
// A model that a reader added is in the browser's storage; one that no storage took is made again of its files.
//
// It knows no DOM. Files of an archive come back by the archive being unpacked again: its members keep their numbers.

/** The thread is asked so often, milliseconds, and given up after so many questions in a row without an answer. */
const kAskEvery = 5000;
const kMostUnanswered = 24;
/** Threads that are started in place of one that gave no sign. */
const kMostThreads = 3;

/**
 * @param {object} page
 * @param {() => Worker} page.createThread
 * @param {Extract<ToWorker, {type: 'start'}>} page.start the first message of every thread
 * @param {(message: Heard, buffer?: ArrayBuffer) => void} page.receive every message of a thread but those handled here
 * @param {(event: ErrorEvent) => void} page.onError a thread could not be started
 * @param {(message: import('./ui.js').ToUi) => void} page.toUi
 * @param {number} [page.askEvery]
 * @returns {(message: ToWorker) => void}
 *
 * @typedef {import('../shared/protocol.js').ToWorker} ToWorker
 * @typedef {Extract<ToWorker, {type: 'give-verdict'|'mark-read'|'keep-measurements'|'move-width-lines'}>} Said of films, by the reader
 * @typedef {Extract<ToWorker, {type: 'import-model'}>} ImportModel
 * @typedef {Extract<ToWorker, {type: 'revise-model'}>} ReviseModel
 * @typedef {import('../shared/protocol.js').FromWorker} FromWorker
 * @typedef {Exclude<FromWorker, {type: 'here'}>} Heard
 */
export function startEngineThread({ createThread, start, receive, onError, toUi, askEvery = kAskEvery }) {
  /** Files as they were given, by number, until they are closed. @type {Map<number, ToWorker>} */
  const files = new Map();
  /** How the films and tables of an archive were numbered, those closed included. @type {Map<number, Extract<ToWorker, {type: 'open-members'}>>} */
  const members = new Map();
  /** How labels are joined, as it was chosen last. @type {ToWorker|null} */
  let labelsChoice = null;
  /** The site profile that was given last. @type {ToWorker|null} */
  let profile = null;
  /** Whether readings are kept, as it was said last. @type {ToWorker|null} */
  let keeping = null;
  /** @type {Set<number|undefined>} */
  const closed = new Set();
  /** @type {Set<number|undefined>} */
  const aside = new Set();
  /** Archives that were unpacked while they were set aside: nobody numbered what was in them. @type {Set<number>} */
  const unheard = new Set();
  /** What the reader said last of each thing, for a thread after this one. @type {Map<string, Said>} */
  const said = new Map();
  /** Files that are being made models, in their turn. @type {ImportModel[]} */
  let adding = [];
  /** What is said of a model and not yet answered, by its id. @type {Map<string, ReviseModel>} */
  const revising = new Map();
  /** Models that only the thread has, by id: their files, and what was said of them since. @type {Map<string, (ImportModel|ReviseModel)[]>} */
  const unkept = new Map();
  /** Of those, so many are yet to be made again by this thread: the page heard of them. */
  let again = 0;
  /** @type {Worker} */
  let thread;
  let unanswered = 0;
  let started = 0;

  /** @param {MessageEvent<{message: FromWorker, buffer?: ArrayBuffer}>} event */
  function hear({ data: { message, buffer } }) {
    unanswered = 0;
    if (message.type === 'here') return undefined;
    const { id } = /** @type {{id?: number}} */ (message);
    // It was on its way when the film was removed; but a report waits for all of its pages.
    if (message.type !== 'report-page-written') {
      if (closed.has(id)) return undefined;
      if (aside.has(id)) {
        if (message.type === 'unpacked' && !members.has(message.id)) unheard.add(message.id);
        return undefined;
      }
    }
    if (message.type === 'unpacked' && members.has(message.id)) return numberAgain(message.id);
    if (message.type === 'reading-came-back') remember(message);
    if (isKnown(message)) return undefined;
    return receive(message, buffer);
  }

  /** Keeps account of models that are added. @param {Heard} message @returns {boolean} it is about one that the page heard of before */
  function isKnown(message) {
    const known = again > 0;
    if (message.type === 'import-progressed') return known;
    if (message.type === 'model-imported' || message.type === 'import-failed') {
      if (known) again -= 1;
      else if (message.type === 'import-failed') adding.shift();
      else keep(adding.shift(), message.model);
      return known;
    }
    if (message.type === 'model-revised') {
      const what = revising.get(message.id);
      revising.delete(message.id);
      if (what && !message.error) unkept.get(message.id)?.push(what);
    }
    return false;
  }

  /** @param {ImportModel|undefined} message @param {{id: string, kept?: boolean}} model */
  function keep(message, { id, kept }) {
    if (kept !== false) unkept.delete(id);
    else if (message && !unkept.has(id)) unkept.set(id, [message]);
  }

  /** What came back counts as said, but for what was said since. @param {import('../shared/contract.js').ReadingCameBack} message */
  function remember({ id, reading: { read, verdicts = [], measurements = [], moved_lines: lines } }) {
    /** @type {Said[]} */
    const earlier = verdicts.map((verdict) => ({ type: 'give-verdict', id, verdict }));
    if (read) earlier.push({ type: 'mark-read', id, read });
    if (measurements.length) earlier.push({ type: 'keep-measurements', id, measurements });
    if (lines) earlier.push({ type: 'move-width-lines', id, heart: lines.heart_line, chest: lines.chest_line });
    for (const message of earlier) if (!said.has(keyOf(message))) said.set(keyOf(message), message);
  }

  /** What the thread that is gone was doing with models: the file that it read is not read again. */
  function endModels() {
    const [read, ...others] = adding;
    const error = { code: 'import-failed', message: 'The engine gave no sign while it worked on this model.', hint: 'Try it again.' };
    if (read) toUi({ type: 'import-failed', name: read.name, error });
    for (const id of revising.keys()) toUi({ type: 'model-revised', id, error });
    revising.clear();
    adding = others;
  }

  /** An archive that was unpacked for a thread before this one. @param {number} id */
  function numberAgain(id) {
    const message = members.get(id);
    if (!message) return;
    thread.postMessage(message);
    for (const one of message.ids) if (closed.has(one)) thread.postMessage({ type: 'close-film', id: one });
    for (const one of message.table_ids ?? []) if (closed.has(one)) thread.postMessage({ type: 'close-labels', id: one });
    sayAgain(message.ids);
  }

  /** What a thread before this one was told of films. @param {number[]} ids */
  function sayAgain(ids) {
    const gone = ids.filter((id) => aside.has(id));
    if (gone.length) thread.postMessage({ type: 'set-aside-films', ids: gone });
    for (const message of said.values()) if (ids.includes(message.id)) thread.postMessage(message);
  }

  function begin() {
    started += 1;
    unanswered = 0;
    thread = createThread();
    thread.onmessage = hear;
    thread.onerror = onError;
    again = unkept.size;
    for (const messages of unkept.values()) for (const message of messages) thread.postMessage(message);
    thread.postMessage(start);
    if (keeping) thread.postMessage(keeping);
    if (profile) thread.postMessage(profile);
    for (const message of adding) thread.postMessage(message);
  }

  function replace() {
    thread.terminate();
    endModels();
    if (started > kMostThreads) {
      clearInterval(watch);
      return toUi({ type: 'engine-failed', error: { code: 'worker-not-started', hint: 'Reload the page.',
        message: 'The engine gave no sign for two minutes, again and again, and is not started any more.' } });
    }
    toUi({ type: 'noticed', text: 'The engine gave no sign for two minutes. It was started again, and the films are read anew.' });
    begin();
    for (const message of files.values()) thread.postMessage(message);
    sayAgain([...files.keys()]);
    if (labelsChoice) thread.postMessage(labelsChoice);
    return undefined;
  }

  begin();
  const watch = setInterval(() => {
    // Counted in questions, not by the clock: a machine that sleeps asks none.
    if (unanswered >= kMostUnanswered) return replace();
    unanswered += 1;
    return thread.postMessage({ type: 'are-you-there' });
  }, askEvery);
  watch.unref?.();  // in Node

  return (message) => {
    if (message.type === 'open' || message.type === 'open-labels') files.set(message.id, message);
    if (message.type === 'open-members') members.set(message.id, message);
    if (message.type === 'choose-labels') labelsChoice = message;
    if (message.type === 'use-profile') profile = message;
    if (message.type === 'remove-profile') profile = null;
    if (message.type === 'keep-readings') keeping = message;
    if (message.type === 'import-model') adding.push(message);
    if (message.type === 'revise-model') revising.set(message.id, message);
    if (message.type === 'remove-model') {
      unkept.delete(message.id);
      if (start.model === message.id) start = { ...start, model: null };
    }
    if (message.type === 'load-model' && message.id) start = { ...start, model: message.id };
    if (message.type === 'close-film' || message.type === 'close-labels') {
      closed.add(message.id);
      files.delete(message.id);
      for (const [key, one] of said) if (one.id === message.id) said.delete(key);
    }
    if (message.type === 'set-aside-films') for (const one of message.ids) aside.add(one);
    if (message.type === 'bring-back-films') {
      for (const one of message.ids) {
        aside.delete(one);
        if (unheard.delete(one)) thread.postMessage(files.get(one));
      }
    }
    if (message.type === 'give-verdict' || message.type === 'mark-read' || message.type === 'keep-measurements' || message.type === 'move-width-lines') {
      said.set(keyOf(message), message);
    }
    if (message.type === 'open-frame') said.delete(`${message.id}/move-width-lines`);  // they were of another frame
    thread.postMessage(message);
  };
}

/** What it is said of: of the same thing, only the last counts. @param {Said} message */
const keyOf = (message) => `${message.id}/${message.type === 'give-verdict' ? message.verdict.finding : message.type}`;
