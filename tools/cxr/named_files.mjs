// The files named on the command line; - stands for those that standard input names, one a line, or each ended by a zero byte as
// find -print0 writes them.
import { readFileSync } from 'node:fs';

/** @param {string[]} positionals @returns {string[]} */
export function namedFiles(positionals) {
  return positionals.flatMap((name) => {
    if (name !== '-') return [name];
    const text = readFileSync(0, 'utf8');
    return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter(Boolean);
  });
}
