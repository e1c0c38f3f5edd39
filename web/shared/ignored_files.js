// What is left out of folders and archives without a row of its own: files that come along with films and are none.
// They are counted and said in one line. A file dropped by itself is never set aside.

/** @typedef {{hidden: number, dicomdir: number, text: number, other: number}} IgnoredFiles how many of each kind */

/** @returns {IgnoredFiles} */
export const noIgnoredFiles = () => ({ hidden: 0, dicomdir: 0, text: 0, other: 0 });

/** By its name alone; `other` are those whose first bytes say it (film_kinds.js). @param {string} path inside the folder or archive @returns {keyof IgnoredFiles|null} */
export function reasonToIgnore(path) {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part.startsWith('.') || part === '__MACOSX') || /^(thumbs\.db|desktop\.ini)$/i.test(name)) return 'hidden';
  if (/^dicomdir$/i.test(name)) return 'dicomdir';
  return /\.(txt|csv|tsv|json|xml|rels|html?|css|js|md|log|ini|ya?ml|md5|sha256|py|ipynb)$/i.test(name) ? 'text' : null;
}

/** @param {IgnoredFiles} total @param {IgnoredFiles} more */
export function addIgnored(total, more) {
  for (const kind of /** @type {(keyof IgnoredFiles)[]} */ (Object.keys(total))) total[kind] += more[kind];
}

/** @param {IgnoredFiles} counts @returns {string} one sentence; empty when nothing was set aside */
export function ignoredInWords({ hidden, dicomdir, text, other }) {
  const parts = [
    dicomdir && (dicomdir === 1 ? 'a DICOMDIR' : `${dicomdir} DICOMDIRs`),
    text && (text === 1 ? 'a text file' : `${text} text files`),
    hidden && (hidden === 1 ? 'a hidden file' : `${hidden} hidden files`),
    other && (other === 1 ? 'a file that is no picture' : `${other} files that are no pictures`),
  ].filter(Boolean);
  const last = parts.pop();
  return last ? `Skipped ${parts.length ? `${parts.join(', ')} and ` : ''}${last}.` : '';
}
