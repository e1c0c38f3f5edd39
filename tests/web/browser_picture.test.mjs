// What is read of pictures that the browser decodes: which format, how large. Decoding itself is tested in the browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { describePicture, expectWhole } from '../../web/page/browser_picture.js';

const fixture = (name) => new Uint8Array(readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url)));
const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));
const padded = (...parts) => Uint8Array.from([...parts.flat(), ...new Array(64).fill(0)]);
const big = (value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];

/** Fixtures made by Pillow, 24 × 16; headers made here by the formats' specifications. */
const kPictures = [
  ['picture.webp', fixture('picture.webp'), 'WebP', 24, 16],
  ['picture.gif', fixture('picture.gif'), 'GIF', 24, 16],
  ['picture.bmp', fixture('picture.bmp'), 'BMP', 24, 16],
  ['picture.tiff', fixture('picture.tiff'), 'TIFF', 24, 16],
  ['a BMP from top to bottom', padded(ascii('BM'), [9, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0, 1, 0, 0], [0x00, 0xff, 0xff, 0xff]), 'BMP', 256, 256],
  ['WebP, extended', padded(ascii('RIFF....WEBPVP8X'), [10, 0, 0, 0, 0, 0, 0, 0], [0xff, 0x01, 0], [0x0f, 0x01, 0]), 'WebP', 512, 272],
  ['WebP, lossless', padded(ascii('RIFF....WEBPVP8L'), [0, 0, 0, 0, 0x2f], [0x3f, 0xc0, 0x07, 0x00]), 'WebP', 64, 32],
  ['AVIF in tiles', padded([0, 0, 0, 24], ascii('ftypavif'), new Array(12).fill(0), ascii('ispe'), big(0), big(64), big(64),
    ascii('ispe'), big(0), big(300), big(200)), 'AVIF', 300, 200],
];
for (const [what, bytes, format, width, height] of kPictures) {
  test(`the size of a picture before it is decoded: ${what}`, () => {
    const found = describePicture(bytes);
    assert.deepEqual([found.format, found.width, found.height], [format, width, height]);
  });
}

test('what is too large is refused by its header', () => {
  const gif = padded(ascii('GIF89a'), [0xff, 0xff, 0x00, 0x10]);
  assert.throws(() => describePicture(gif), (error) => error.code === 'too-large' && /65535 × 4096/.test(error.message));
});

test('a picture without a size is damaged, and other files are none of these', () => {
  assert.throws(() => describePicture(padded(ascii('RIFF....WEBPXXXX'))), { code: 'corrupt' });
  for (const name of ['grey8.png', 'grey.jpg', 'document.pdf', 'empty.png', 'noise.bin']) assert.equal(describePicture(fixture(name)), null, name);
});

test('a picture that is cut off is none, wherever its format says its end', () => {
  for (const [name, format] of [['picture.webp', 'WebP'], ['picture.gif', 'GIF'], ['picture.bmp', 'BMP']]) {
    const whole = fixture(name);
    expectWhole(whole, { format });
    for (const share of [0.4, 0.8, 0.99]) {
      assert.throws(() => expectWhole(whole.subarray(0, Math.floor(share * whole.length)), { format }), { code: 'truncated' }, `${name} ${share}`);
    }
  }
  const boxes = Uint8Array.from([...big(24), ...ascii('ftypavif'), ...new Array(12).fill(0), ...big(40), ...ascii('mdat'), ...new Array(32).fill(7)]);
  expectWhole(boxes, { format: 'AVIF' });
  assert.throws(() => expectWhole(boxes.subarray(0, 50), { format: 'AVIF' }), { code: 'truncated' });
});

test('damaged headers end in an answer or an error of ours', () => {
  for (const [, bytes] of kPictures) {
    for (let at = 0; at < Math.min(bytes.length, 200); at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      try {
        describePicture(damaged);
      } catch (error) {
        assert.match(String(error.code), /^(corrupt|too-large)$/, error.stack);
      }
    }
  }
});
