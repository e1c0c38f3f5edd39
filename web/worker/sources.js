// Where the bytes of a film come from: a file, or a member of an archive. A source knows its size and reads when it is
// asked, so that five hundred films waiting cost no memory.
//
// Used by the page's worker and, with sources of its own for files on disk, by the command line.
import { failure } from '../shared/errors.js';

/**
 * @typedef {object} Source
 * @property {number} size bytes
 * @property {(offset?: number, length?: number) => Promise<Uint8Array>} read everything, or a part of it
 */

/** @param {Blob} blob a dropped file: a reference, its bytes stay on the disk @returns {Source} */
export function blobSource(blob) {
  return {
    size: blob.size,
    async read(offset, length = 0) {
      const part = offset === undefined ? blob : blob.slice(offset, offset + length);
      try {
        return new Uint8Array(await part.arrayBuffer());
      } catch {
        throw failure('file-unreadable', 'The file can no longer be read: it was moved, deleted or changed.',
          'Drop it again.');
      }
    },
  };
}

/** A place for the bytes of one source. @returns {{source: Source, bytes: Uint8Array}|{source: null, bytes: null}} */
export const emptyCacheEntry = () => ({ source: null, bytes: null });

/**
 * A source whose bytes have to be computed as a whole. Of all that share a `cacheEntry`, the one read in part last keeps its
 * bytes there, and gives them up when it has been read whole or another comes.
 * @param {number} size
 * @param {() => Promise<Uint8Array>} whole
 * @param {ReturnType<typeof emptyCacheEntry>} cacheEntry
 * @returns {Source}
 */
export function computedSource(size, whole, cacheEntry) {
  /** @type {Source} */
  const source = {
    size,
    async read(offset, length = 0) {
      const bytes = cacheEntry.source === source ? cacheEntry.bytes : await whole();
      if (offset !== undefined) Object.assign(cacheEntry, { source, bytes });
      else if (cacheEntry.source === source) Object.assign(cacheEntry, emptyCacheEntry());
      return offset === undefined ? bytes : bytes.subarray(offset, offset + length);
    },
  };
  return source;
}
