// The names of files in a ZIP or tar archive as text. UTF-8 where the archive says so or they are; else the code page that makes
// sense of all of them together, because few archives say which one their system had: Shift-JIS, GBK, Russian DOS (866),
// Western European Windows (1252), or the specification's own, 437 (APPNOTE.TXT 6.3.10, appendix D). Others are not told.
//
// Decoded before they are split at slashes: the second byte of a character may be that of a backslash.

const kUpper437 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀'
  + 'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const kUnicodePath = 0x7075;

/** @param {Uint8Array} bytes */
const decode437 = (bytes) => String.fromCharCode(...bytes).replace(/[\x80-\xff]/g, (letter) => kUpper437[letter.charCodeAt(0) - 128]);
/** @param {string} label @returns {(bytes: Uint8Array) => string} */
const decoder = (label) => (bytes) => new TextDecoder(label, { fatal: true }).decode(bytes);

/**
 * A letter beside others of its kind speaks for a page, one by itself among others against it.
 * @param {RegExp} kind @param {RegExp} neighbour @returns {Page['score']}
 */
const beside = (kind, neighbour) => (text) => [...text].reduce((sum, letter, index, all) => {
  if (letter < '\x80') return sum;
  if (!kind.test(letter)) return sum - 1;
  return sum + ([all[index - 1], all[index + 1]].some((other) => other && neighbour.test(other)) ? 1 : -1);
}, 0);

/**
 * Two bytes a character: usual ones count, unless one stands alone within a Latin word; rare ones and halves speak against.
 * @param {RegExp} usual @param {RegExp} half @returns {Page['score']}
 */
const wide = (usual, half) => (text) => [...text].reduce((sum, letter, index, all) => {
  if (letter < '\x80') return sum;
  const [before, after] = [all[index - 1] ?? '', all[index + 1] ?? ''];
  const alone = before < '\x80' && after < '\x80' && (/[a-z]/i.test(before) || /[a-z]/i.test(after));
  return sum + (half.test(letter) || alone ? -1 : usual.test(letter) ? 2 : -0.5);
}, 0);

/**
 * The first level of GB 2312 has the hanzi in use: lead bytes B0 to D7, trail bytes from A1 on.
 * @param {string} text @param {Uint8Array} bytes
 */
function scoreGbk(text, bytes) {
  let score = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] < 0x80) continue;
    score += bytes[at] >= 0xb0 && bytes[at] <= 0xd7 && bytes[at + 1] >= 0xa1 ? 2 : -1;
    at += 1;
  }
  return score;
}

/**
 * In the order in which they win a draw.
 * @typedef {{decode: (bytes: Uint8Array) => string, score: (text: string, bytes: Uint8Array) => number}} Page
 * @type {Page[]}
 */
const kPages = [
  { decode: decode437, score: beside(/[\u00c0-\u00ff]/, /[a-z\u00c0-\u00ff]/i) },
  { decode: decoder('windows-1252'), score: beside(/[\u00c0-\u00ff]/, /[a-z\u00c0-\u00ff]/i) },
  { decode: decoder('shift_jis'), score: wide(/[\u3041-\u30ff\u4e00-\u9fff々ー]/, /[\uff61-\uff9f]/) },
  { decode: decoder('gbk'), score: scoreGbk },
  { decode: decoder('ibm866'), score: beside(/[\u0400-\u04ff]/, /[\u0400-\u04ff]/) },
];

/**
 * @param {{bytes: Uint8Array, isUtf8: boolean, extra: Uint8Array}[]} entries isUtf8: the entry says so; extra: its extra fields
 * @returns {string[]}
 */
export function decodeNames(entries) {
  const names = entries.map(({ bytes, extra, isUtf8 }) => unicodePath(extra) ?? utf8(bytes) ?? (isUtf8 ? decode437(bytes) : null));
  const unknown = entries.filter((_, index) => names[index] === null).map(({ bytes }) => bytes);
  if (!unknown.length) return /** @type {string[]} */ (names);
  const page = kPages.map((one) => ({ ...one, sum: total(one, unknown) })).reduce((best, one) => (one.sum > best.sum ? one : best));
  return names.map((name, index) => name ?? page.decode(entries[index].bytes));
}

/** @param {Page} page @param {Uint8Array[]} all */
function total({ decode, score }, all) {
  try {
    return all.reduce((sum, bytes) => sum + score(decode(bytes), bytes), 0);
  } catch {
    return -Infinity; // bytes that the page has no character for
  }
}

/** @param {Uint8Array} bytes */
function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Info-ZIP's field: version, check sum of the other name, this name in UTF-8. @param {Uint8Array} extra */
function unicodePath(extra) {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === kUnicodePath && length > 5 && at + 4 + length <= extra.length) {
      return utf8(extra.subarray(at + 9, at + 4 + length));
    }
    at += 4 + length;
  }
  return null;
}
