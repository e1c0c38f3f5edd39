// cxr --version: which program this is, as its engine says it; so does every export.
import { stdout } from 'node:process';
import { callerOf } from '../../web/shared/errors.js';
import { UsageError, readArguments } from './arguments.mjs';
import { openSite } from './workbench.mjs';

/** Writes "Chestlight 0.1.0". @param {string[]} args @returns {Promise<number>} the exit status */
export async function version(args) {
  const { values, positionals } = readArguments(args, {});
  if (positionals.length > 0) throw new UsageError('--version takes no file.');
  const parts = await openSite(values.site);
  stdout.write(`${callerOf(await parts.startEngine()).call('version', {}).value.app}\n`);
  parts.decoder.close();
  return 0;
}
