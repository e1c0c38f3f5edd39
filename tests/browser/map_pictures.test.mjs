// Maps on the screen and in exported pictures: the page draws them with a shader (shaders/film.frag), exports with the
// processor (src/render/film_picture.cpp), both from one drawing (src/render/map_drawing.h). Here each kind of map is drawn
// both ways and compared pixel by pixel: a film of 300 × 260 at one film pixel per device pixel, its place on the screen whole.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { pageTests, screenPixels } from './support/browser.mjs';
import { makeDicom } from './support/dicom_film.mjs';
import { makePng, readPng } from './support/images.mjs';

const kFilm = { width: 300, height: 260 };
/** Grey levels of 255 by which a pixel may differ: each side rounds once, and the GPU's floats have 24 bits of coordinates. */
const kRounding = 1;
/** Share of the pixels that may differ by more, and by how much: where a contour's edge is one pixel wide and its level within
 * a float of the map's value, the last bit decides how much of the pixel it covers. */
const kEdges = { share: 0.001, levels: 24 };
/** Film pixels beside the lines of a region's boxes, which the page draws over the film and the picture has not. */
const kBoxLine = 3;

/** Something with both sides of grey and no symmetry. */
const grey = (x, y) => 128 + 70 * Math.sin(x / 23) * Math.cos(y / 31) + x / 9
  - 90 * Math.exp(-(((x - 90) / 40) ** 2) - ((y - 150) / 60) ** 2);
const kPlain = { name: 'drawn.png', bytes: makePng(kFilm.width, kFilm.height, grey) };
/** 12 bits through a curve that no other row has. */
const kSigmoid = { name: 'drawn.dcm',
  bytes: makeDicom(kFilm.width, kFilm.height, (x, y) => 16 * grey(x, y), { centre: 1900, width: 2600, shape: 'SIGMOID' }) };

const kRows = [
  { name: 'evidence for' },
  { name: 'evidence for, with its contour', acts: [{ type: 'set-contour', visible: true }] },
  { name: 'signed evidence, mostly against', finding: -1, acts: [{ type: 'set-overlay-mode', mode: 'signed' }] },
  { name: 'signed evidence with a contour at 30 %, at full opacity',
    acts: [{ type: 'set-overlay-mode', mode: 'signed' }, { type: 'set-contour-level', value: 0.3 }, { type: 'set-opacity', value: 1 }] },
  { name: 'an inverted film through a narrow window', acts: [{ type: 'run-command', id: 'invert' }, { type: 'set-window', window: { centre: 120, width: 90 } }] },
  { name: 'a film turned and mirrored by the reader, signed',
    acts: [{ type: 'run-command', id: 'rotate-right' }, { type: 'run-command', id: 'flip-horizontal' }, { type: 'set-overlay-mode', mode: 'signed' },
      { type: 'set-contour', visible: true }] },
  { name: 'a film cropped and turned for the model, with the outline of what it saw',
    correction: { crop: { x: 30, y: 20, width: 250, height: 225 }, rotate: 90 },
    acts: [{ type: 'set-model-outline', visible: true }, { type: 'set-contour', visible: true }] },
  { name: 'a deep film through a sigmoid window', film: kSigmoid, acts: [{ type: 'set-overlay-mode', mode: 'signed' }] },
  { name: 'a fine map without sign', method: 'input-gradient' },
  { name: 'a fine map with both signs', method: 'gradient-times-input' },
];

const onPage = pageTests();

/** Puts an analysed film at one to one on the screen, with a map. @returns the page's state then */
async function show(page, { film = kPlain, finding = 0, correction, method, acts = [] }) {
  await page.drop([film]);
  let state = await page.until(({ films, methods }) => films[0]?.status === 'analysed' && methods.length > 1);
  if (correction) {
    await page.act({ type: 'set-correction', correction });
    // Not by the moment in which it is not analysed, which may lie between two looks.
    state = await page.until(({ films }) => films[0].status === 'analysed' && films[0].headline.includes('(corrected)'));
  }
  await page.act({ type: 'pin-finding', id: state.findings.at(finding).id });
  await page.until(({ explanation }) => explanation !== null);
  await page.act({ type: 'run-command', id: 'one-to-one' });
  if (method) {
    await page.act({ type: 'choose-method', method, layer: '' });
    await page.until(({ explanation }) => explanation?.drawn === method && explanation.status === 'done');
  }
  for (const act of acts) await page.act(act);
  return page.until(({ overlay, view }) => overlay.visible && view.pixels && view.zoom === 1);
}

/** The film's place on the screen, CSS pixels, which are device pixels here. */
function placeOf({ view: { source_to_screen: [a, b, c, d, e, f] } }) {
  const corners = [[0, 0], [kFilm.width, kFilm.height]].map(([x, y]) => [a * x + b * y + c, d * x + e * y + f]);
  const [x, y] = [0, 1].map((axis) => Math.min(corners[0][axis], corners[1][axis]));
  const [width, height] = [0, 1].map((axis) => Math.abs(corners[0][axis] - corners[1][axis]));
  return { x, y, width, height };
}

/** Whether a pixel of the film's place lies beside a line of a box. */
function nearBoxes({ explanation, overlay, view: { source_to_screen: [a, b, c, d, e, f] } }, place) {
  if (!overlay.contour) return () => false;
  const boxes = explanation.boxes.map(([x, y, width, height]) => {
    const corner = (u, v) => [a * u + b * v + c - place.x, d * u + e * v + f - place.y];
    const [p, q] = [corner(x, y), corner(x + width, y + height)];
    return { left: Math.min(p[0], q[0]), right: Math.max(p[0], q[0]), top: Math.min(p[1], q[1]), bottom: Math.max(p[1], q[1]) };
  });
  return (x, y) => boxes.some(({ left, right, top, bottom }) => {
    const within = (value, low, high) => value >= low - kBoxLine && value <= high + kBoxLine;
    const on = (value, line) => Math.abs(value - line) <= kBoxLine;
    return (within(y, top, bottom) && (on(x, left) || on(x, right))) || (within(x, left, right) && (on(y, top) || on(y, bottom)));
  });
}

async function exported(page) {
  const [download] = await Promise.all([page.page.waitForEvent('download', (one) => one.suggestedFilename().endsWith('.png')),
    page.act({ type: 'run-command', id: 'export-map' })]);
  const png = readFileSync(await download.path());
  assert.ok(png.includes('tEXtDisclaimer\0For research and teaching. Not a medical device.'), 'the notice goes with the picture');
  return readPng(png);
}

for (const row of kRows) {
  onPage(`the exported picture is what the screen shows: ${row.name}`, {}, async (page) => {
    const state = await show(page, row);
    const place = placeOf(state);
    assert.deepEqual(Object.values(place).map(Math.round), Object.values(place), 'the film lies on whole pixels');
    const picture = await exported(page);
    assert.equal(picture.width, place.width);
    assert.ok(picture.height > place.height + 60, 'a caption below');
    const screen = readPng(await screenPixels(page.page, place));
    const skip = nearBoxes(state, place);
    let compared = 0;
    let coloured = 0;
    const wrong = [];
    for (let y = 0; y < place.height; y += 1) {
      for (let x = 0; x < place.width; x += 1) {
        if (skip(x + 0.5, y + 0.5)) continue;
        const [here, there] = [screen.at(x, y), picture.at(x, y)];
        compared += 1;
        coloured += Number(Math.max(...here) - Math.min(...here) > 8);
        const difference = Math.max(...here.map((value, channel) => Math.abs(value - there[channel])));
        if (difference > kRounding) wrong.push({ x, y, here, there, difference });
      }
    }
    const worst = wrong.sort((a, b) => b.difference - a.difference).slice(0, 5);
    assert.ok(coloured > 100, `a map is drawn: ${coloured} pixels`);
    assert.ok(compared > 0.7 * place.width * place.height, `${compared} pixels were compared`);
    assert.ok(wrong.length <= kEdges.share * compared && worst.every(({ difference }) => difference <= kEdges.levels),
      `${wrong.length} of ${compared} pixels differ: ${JSON.stringify(worst)}`);
  });
}

onPage('a map on the screen and its picture tell evidence against in the same blue', {}, async (page) => {
  const state = await show(page, { finding: -1, acts: [{ type: 'set-overlay-mode', mode: 'signed' }, { type: 'set-opacity', value: 1 }] });
  const place = placeOf(state);
  const blue = ({ at, width }, height) => {
    let count = 0;
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) count += Number(at(x, y)[2] > at(x, y)[0] + 20);
    return count;
  };
  const [screen, picture] = [readPng(await screenPixels(page.page, place)), await exported(page)];
  assert.ok(blue(screen, place.height) > 100, 'this film has evidence against its finding');
  assert.equal(blue(picture, place.height), blue(screen, place.height));
});
