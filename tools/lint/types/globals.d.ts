// Names that the page's scripts give each other and the console.
import type { Snapshot } from '../../../web/page/snapshot.js';

declare global {
  /** boot.js: what tests and the console may look at. */
  var chestlight: { readonly state: Snapshot | null, offline: object | null, version: string | null };

  /** watchdog.js; undefined where it did not come. */
  var chestlightWatchdog: {
    ready: () => void,
    /** The start failed: why. */
    report: (message: string) => void,
    show: (message: string, hint: string) => void,
    hide: () => void,
    /** What is wrong with the files of a part, in words. */
    diagnose: (part?: 'page' | 'engine') => Promise<string>,
  } | undefined;
}
