// Command-line arguments: wrong ones are a UsageError, which becomes the command's help and exit status 2.
import { env } from 'node:process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export class UsageError extends Error {
  /** @param {string} message @param {string} [usage] help to show instead of the command's own */
  constructor(message, usage) {
    super(message);
    this.usage = usage;
  }
}

const kBuiltSite = fileURLToPath(new URL('../../build/web/site', import.meta.url));

/** `options` as node:util's parseArgs has them. @returns {{values: object, positionals: string[]}} */
export function readArguments(args, options) {
  try {
    const { values, positionals } = parseArgs({
      args, allowPositionals: true, options: { site: { type: 'string' }, ...options },
    });
    values.site = resolve(values.site ?? (env.CHESTLIGHT_SITE || kBuiltSite));
    return { values, positionals };
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(error.message.split('. ')[0].replace(/\.?$/, '.'));
  }
}

/** The value of an option that counts something. */
export function readCount(values, name, fallback, most = 64) {
  if (values[name] === undefined) return fallback;
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new UsageError(`--${name} ${values[name]}: expected a whole number from 1 to ${most}.`);
  }
  return count;
}
