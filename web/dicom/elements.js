// The elements of a DICOM data set by their places in the file's bytes: tags, value representations, lengths, sequences,
// items, fragments (PS3.5 chapter 7). What a value means is data_set.js's business. Nothing here is copied, no length is
// believed beyond the bytes that are there, and every loop advances, so that any bytes come to an end.
//
// A reader of our own, since dicom-parser 1.8.21 stops at value representations of 2019 and later (OV, SV, UV), finds
// fragments only in Pixel Data of undefined length, walks into sequences whose stated length is wrong, and does not say
// where a value ends. dcmjs reads them, but makes an object of every value, identifiers included, and is thirty times
// larger. tests/fuzz/dicom.mjs feeds this one.
//
// Lengths of sequences are wrong in real files. A sequence is passed over by its length; where what follows cannot be the
// next element (tags ascend), it is walked by its items instead. `byContent` walks every sequence so.
import { corrupt } from './failures.js';

const kUndefined = 0xffffffff;
const kItem = 0xfffee000;
const kItemEnd = 0xfffee00d;
const kSequenceEnd = 0xfffee0dd;
const kPixelData = 0x7fe00010;
const kDeepest = 32;

const kLong = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const kShort = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));

/** Whether there is a value representation at bytes[at]. @param {Uint8Array} bytes @param {number} at */
export function hasVr(bytes, at) {
  const vr = String.fromCharCode(bytes[at], bytes[at + 1]);
  return kLong.has(vr) || kShort.has(vr);
}

/** @param {number} byte */
const isCapital = (byte) => byte >= 0x41 && byte <= 0x5a;
/** @param {number} tag */
const nameOf = (tag) => `x${tag.toString(16).padStart(8, '0')}`;

/**
 * @typedef {object} Element
 * @property {string} tag as x00280010
 * @property {string} vr '' where the encoding has none
 * @property {number} offset of the value
 * @property {number} length of the value, of what is there
 * @property {number} stated length that the file states; Infinity where it leaves the length open
 * @property {Span[]} [fragments] of Pixel Data of open length; the first is the offset table
 * @property {boolean} [implicit] an open sequence of unknown representation: its items have none, either (PS3.5 6.2.2)
 *
 * @typedef {{offset: number, length: number, stated: number}} Span
 * @typedef {Map<string, Element>} Elements
 *
 * @typedef {(tag: number, elements: Elements) => boolean} Stop with the elements read so far
 * @typedef {{tag: number, vr: string, offset: number, stated: number}} Head stated: the length as it is written, kUndefined included
 */
export class ElementReader {
  /** @param {Uint8Array} bytes @param {{explicit: boolean, littleEndian: boolean, byContent?: boolean}} encoding */
  constructor(bytes, { explicit, littleEndian, byContent = false }) {
    this.bytes = bytes;
    this.explicit = explicit;
    this.littleEndian = littleEndian;
    this.byContent = byContent;
    this.mended = false; // the length of a sequence was wrong
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Elements from `at` on, until `stop` says so, the end of an item, or `end`. Of two with one tag the first counts.
   * @param {number} at
   * @param {number} [end]
   * @param {Stop} [stop] asked before an element is read
   * @returns {{elements: Elements, next: number, whole: boolean}} `whole`: nothing was cut off
   */
  read(at, end = this.bytes.length, stop = () => false) {
    return this.#read(at, end, { stop, softEnd: Infinity, depth: 0 });
  }

  /** Items of a sequence. @param {Element} element @returns {Elements[]} */
  items(element) {
    return this.#walk(element.offset, element.offset + element.length, element, 0).items;
  }

  /**
   * Fragments from `at` on, the offset table first, to their delimiter or to what cannot be one.
   * @param {number} at
   * @param {number} [end]
   * @returns {{fragments: Span[], next: number}}
   */
  fragments(at, end = this.bytes.length) {
    const fragments = [];
    let next = at;
    while (next + 8 <= end) {
      const tag = this.#tag(next);
      const stated = this.#u32(next + 4);
      if (tag !== kItem) return { fragments, next: tag === kSequenceEnd ? next + 8 : next };
      const offset = next + 8;
      fragments.push({ offset, stated, length: Math.min(stated, end - offset) });
      next = Math.min(end, offset + stated);
    }
    return { fragments, next };
  }

  /** @param {number} at */
  #u16(at) { return this.view.getUint16(at, this.littleEndian); }
  /** @param {number} at */
  #u32(at) { return this.view.getUint32(at, this.littleEndian); }
  /** @param {number} at */
  #tag(at) { return this.#u16(at) * 0x10000 + this.#u16(at + 2); }

  /**
   * Whether an element with a greater tag, or the end of something, begins here.
   * @param {number} tag @param {number} at @param {number} end
   */
  #mayFollow(tag, at, end) {
    if (at === end) return true;
    if (at + 8 > end) return false;
    const next = this.#tag(at);
    if (next <= tag) return false;
    return !this.explicit || next >= 0xfffe0000 || hasVr(this.bytes, at + 4);
  }

  /**
   * Tag, representation, place and length of the element at `at`; null where the bytes end within.
   * @param {number} at @param {number} end @returns {Head|null}
   */
  #head(at, end) {
    if (at + 8 > end) return null;
    const tag = this.#tag(at);
    if (!this.explicit || tag >= 0xfffe0000) return { tag, vr: '', offset: at + 8, stated: this.#u32(at + 4) };
    const vr = String.fromCharCode(this.bytes[at + 4], this.bytes[at + 5]);
    if (kShort.has(vr)) return { tag, vr, offset: at + 8, stated: this.#u16(at + 6) };
    const letters = isCapital(this.bytes[at + 4]) && isCapital(this.bytes[at + 5]);
    // No letters: an element without representation among others. Unknown letters: one of later years, which are long.
    if (!kLong.has(vr) && !letters) return { tag, vr: '', offset: at + 8, stated: this.#u32(at + 4) };
    return at + 12 > end ? null : { tag, vr, offset: at + 12, stated: this.#u32(at + 8) };
  }

  /**
   * @param {number} start @param {number} end
   * @param {{stop: Stop, softEnd: number, depth: number}} within softEnd: where the stated length of the item ends
   * @returns {{elements: Elements, next: number, whole: boolean}}
   */
  #read(start, end, { stop, softEnd, depth }) {
    const elements = new Map();
    let at = start;
    let last = -1;
    while (at < end) {
      if (at === softEnd) break;
      const head = this.#head(at, end);
      if (!head) return { elements, next: end, whole: false };
      if (head.tag === kItemEnd) return { elements, next: head.offset, whole: true };
      // Within an item whose stated length ended: its last element went beyond it, so others may.
      const overrun = at > softEnd && head.tag <= last;
      const strayed = this.byContent && softEnd !== Infinity && head.tag <= last;
      if (overrun || strayed || head.tag === kItem || (head.tag === kSequenceEnd && depth > 0)) break;
      if (stop(head.tag, elements)) break;
      if (head.tag === kSequenceEnd) { // one too many
        at = head.offset;
        continue;
      }
      const { element, next } = this.#element(head, end, depth);
      const name = nameOf(head.tag);
      if (!elements.has(name)) elements.set(name, element);
      if (element.stated !== Infinity && element.stated > element.length) return { elements, next: end, whole: false };
      last = head.tag;
      at = next;
    }
    return { elements, next: at, whole: true };
  }

  /** @param {Head} head @param {number} end @param {number} depth @returns {{element: Element, next: number}} */
  #element({ tag, vr, offset, stated }, end, depth) {
    /** @type {Element} */
    const element = { tag: nameOf(tag), vr, offset, length: 0, stated: stated === kUndefined ? Infinity : stated };
    if (stated === kUndefined) {
      if (tag === kPixelData || vr === 'OB' || vr === 'OW') {
        const { fragments, next } = this.fragments(offset, end);
        return { element: { ...element, fragments, length: next - offset }, next };
      }
      if (vr === 'UN') element.implicit = true;
      const { next } = this.#walk(offset, end, element, depth);
      return { element: { ...element, length: next - offset }, next };
    }
    element.length = Math.min(stated, end - offset);
    const next = offset + element.length;
    const isSequence = offset + 8 <= end && stated > 0 && this.#tag(offset) === kItem && tag !== kPixelData;
    if (!isSequence || (!this.byContent && stated === element.length && this.#mayFollow(tag, next, end))) return { element, next };
    const walked = this.#walk(offset, end, element, depth);
    if (walked.next === next || !this.#mayFollow(tag, walked.next, end)) return { element, next };
    this.mended = true;
    const length = walked.next - offset;
    return { element: { ...element, length, stated: length }, next: walked.next };
  }

  /**
   * A sequence by its items.
   * @param {number} start
   * @param {number} end
   * @param {Pick<Element, 'implicit'|'stated'>} element
   * @param {number} depth
   * @returns {{items: Elements[], next: number}}
   */
  #walk(start, end, { implicit, stated: length }, depth) {
    if (depth >= kDeepest) throw corrupt(`Sequences of the DICOM file are nested deeper than ${kDeepest} levels.`);
    const reader = implicit && this.explicit
      ? new ElementReader(this.bytes, { explicit: false, littleEndian: true, byContent: this.byContent }) : this;
    const items = [];
    let at = start;
    while (at + 8 <= end && at !== start + length) {
      const tag = this.#tag(at);
      if (tag === kSequenceEnd) return { items, next: at + 8 };
      if (tag !== kItem) break;
      const stated = this.#u32(at + 4);
      const softEnd = stated === kUndefined ? Infinity : at + 8 + stated;
      const { elements, next } = reader.#read(at + 8, end, { stop: () => false, softEnd, depth: depth + 1 });
      items.push(elements);
      at = next;
    }
    return { items, next: at };
  }
}
