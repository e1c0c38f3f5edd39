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

/**
 * @typedef {import('node:util').ParseArgsOptionsConfig} Options as node:util's parseArgs has them
 */
/**
 * Their values: undefined where an option is not there and has no default.
 * @template {Options} Known
 * @typedef {{[Name in keyof Known]: (Known[Name]['type'] extends 'boolean' ? boolean : Known[Name]['multiple'] extends true ? string[] : string)
 *   | (Known[Name]['default'] extends string ? never : undefined)}} Values
 */

/**
 * @template {Options} Known
 * @param {string[]} args
 * @param {Known} options
 * @returns {{values: Values<Known> & {site: string}, positionals: string[]}}
 */
export function readArguments(args, options) {
  try {
    const parsed = parseArgs({ args, allowPositionals: true, options: { site: { type: 'string' }, ...options } });
    const values = /** @type {Values<Known> & {site?: string}} */ (/** @type {unknown} */ (parsed.values));
    return { values: { ...values, site: resolve(values.site ?? (env.CHESTLIGHT_SITE || kBuiltSite)) }, positionals: parsed.positionals };
  } catch (thrown) {
    const error = /** @type {NodeJS.ErrnoException} */ (thrown);
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(error.message.split('. ')[0].replace(/\.?$/, '.'));
  }
}

/**
 * The value of an option that counts something.
 * @param {Record<string, string|boolean|string[]|undefined>} values
 * @param {string} name
 * @param {number} fallback
 * @param {number} [most]
 */
export function readCount(values, name, fallback, most = 64) {
  if (values[name] === undefined) return fallback;
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new UsageError(`--${name} ${values[name]}: expected a whole number from 1 to ${most}.`);
  }
  return count;
}
