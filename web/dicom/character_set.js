// Text of a DICOM file as its Specific Character Set (0008,0005) says: one of the single-byte sets, UTF-8, GB18030, GBK,
// or ISO 2022 with escape sequences (PS3.3 C.12.1.1.2, PS3.5 chapter 6). Nothing throws: what cannot be decoded becomes
// U+FFFD.
//
// Not by the letter: a file that names no set is read as UTF-8 where it is that, else as Latin-1, since many writers forget
// to name theirs; and a set stays designated across the delimiters of a name, where the standard would have it said again.

/** ISO-IR registration number → what TextDecoder calls the set. Each has ASCII in its lower half. @type {Record<string, string>} */
const kByNumber = {
  6: 'windows-1252', 13: 'shift_jis', 100: 'iso-8859-1', 101: 'iso-8859-2', 109: 'iso-8859-3', 110: 'iso-8859-4', 126: 'iso-8859-7',
  127: 'iso-8859-6', 138: 'iso-8859-8', 144: 'iso-8859-5', 148: 'iso-8859-9', 166: 'windows-874', 192: 'utf-8', 203: 'iso-8859-15',
  58: 'gbk', 149: 'euc-kr',
};

const kEscape = 0x1b;
/** After ESC: what bytes below 80h are; ASCII where `rows` is missing. Sets of two bytes, as their rows lie in EUC-JP. @type {Record<string, Lower>} @typedef {{rows?: number[]}} Lower */
const kLower = { '(B': {}, '(J': {}, '$B': { rows: [] }, '$@': { rows: [] }, '$(D': { rows: [0x8f] } };
/** After ESC: what bytes from 80h on are. @type {Record<string, string>} */
const kUpper = {
  ')I': 'shift_jis', '$)C': 'euc-kr', '$)A': 'gbk', '-A': 'iso-8859-1', '-B': 'iso-8859-2', '-C': 'iso-8859-3', '-D': 'iso-8859-4',
  '-F': 'iso-8859-7', '-G': 'iso-8859-6', '-H': 'iso-8859-8', '-L': 'iso-8859-5', '-M': 'iso-8859-9', '-T': 'windows-874', '-b': 'iso-8859-15',
};

/** "ISO 2022 IR 100", "ISO_IR 100", "iso-ir-100" → its encoding; '' where it is unknown or not named. */
function encodingOf(term = '') {
  const name = term.trim().toUpperCase();
  if (/^GB ?18030$/.test(name)) return 'gb18030';
  if (name === 'GBK') return 'gbk';
  if (/^UTF.?8$/.test(name)) return 'utf-8';
  return kByNumber[/IR.?(\d+)$/.exec(name)?.[1] ?? ''] ?? '';
}

/** @param {string} encoding @param {Uint8Array} bytes */
const decode = (encoding, bytes) => new TextDecoder(encoding).decode(bytes);

/** @param {Uint8Array} bytes */
function undeclared(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decode('windows-1252', bytes);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string[]} terms values of Specific Character Set, the first of which may be empty
 * @returns {string}
 */
export function decodeText(bytes, terms) {
  const first = encodingOf(terms[0]);
  if (!bytes.includes(kEscape)) return first ? decode(first, bytes) : undeclared(bytes);
  let upper = first || 'windows-1252';
  /** @type {Lower} */
  let lower = {};
  let text = '';
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === kEscape) {
      const escape = [3, 2].map((length) => String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)))
        .find((sequence) => sequence in kLower || sequence in kUpper) ?? '';
      if (escape in kLower) lower = kLower[escape];
      if (escape in kUpper) upper = kUpper[escape];
      at += 1 + escape.length;
      continue;
    }
    const next = bytes.indexOf(kEscape, at);
    const run = bytes.subarray(at, next < 0 ? bytes.length : next);
    text += lower.rows ? decode('euc-jp', rowsOf(run, lower.rows)) : decode(upper, run);
    at += run.length;
  }
  return text;
}

/** Pairs of bytes below 80h as EUC-JP writes them, in its upper half. @param {Uint8Array} run @param {number[]} prefix */
function rowsOf(run, prefix) {
  const out = [];
  for (let at = 0; at < run.length; at += 2) {
    const pair = [...run.subarray(at, at + 2)];
    const isPair = pair.length === 2 && pair.every((byte) => byte > 0x20 && byte < 0x7f);
    out.push(...(isPair ? [...prefix, ...pair.map((byte) => byte | 0x80)] : pair));
  }
  return Uint8Array.from(out);
}
