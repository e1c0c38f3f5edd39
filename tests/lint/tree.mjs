// The files of the repository: those git knows or would add; without git, all but what is made or fetched.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kMade = new Set(['.git', '.toolchain', 'build', 'node_modules', '__pycache__']);

function listByWalking(root, at = '') {
  return readdirSync(join(root, at), { withFileTypes: true }).flatMap((entry) => {
    if (kMade.has(entry.name)) return [];
    const path = at ? `${at}/${entry.name}` : entry.name;
    return entry.isDirectory() ? listByWalking(root, path) : [path];
  });
}

/** @returns {{paths: string[], read: (path: string) => string}} */
export function openTree(root = fileURLToPath(new URL('../..', import.meta.url))) {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const listed = git.status === 0 ? git.stdout.split('\0').filter(Boolean) : listByWalking(root);
  const texts = new Map();
  return {
    paths: [...new Set(listed)].filter((path) => existsSync(join(root, path))).sort(),
    read(path) {
      if (!texts.has(path)) texts.set(path, readFileSync(join(root, path), 'utf8'));
      return texts.get(path);
    },
  };
}
