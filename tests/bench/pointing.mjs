// How well a map points at boxes, as tools/training/evaluate.py counts it for the cards of the models:
//
//   hit     the highest point of the map lies in one of the boxes (the pointing game; J. Zhang et al., IJCV 2018)
//   iou     the part of the film where the map reaches the finding's cutoff, against the boxes, intersection over union
//   chance  the boxes' share of the film: how often a point at random would hit
//
// Maps are compared on 128 × 128 points. Those of more than 32 cells a side are first averaged down to that, as the regions
// on screen are (src/explain/regions.h): one bright pixel is no place.
const kPoints = 128;
const kMostCells = 32;

/** @typedef {{values: ArrayLike<number>, width: number, height: number}} Grid */

/** Means of whole cells. @param {Grid} map @returns {Grid} */
export function averaged({ values, width, height }, most = kMostCells) {
  const [across, down] = [Math.min(width, most), Math.min(height, most)];
  const cells = new Float64Array(across * down);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      const [left, right] = [Math.floor((x * width) / across), Math.floor(((x + 1) * width) / across)];
      const [top, bottom] = [Math.floor((y * height) / down), Math.floor(((y + 1) * height) / down)];
      let sum = 0;
      for (let v = top; v < bottom; v += 1) for (let u = left; u < right; u += 1) sum += values[v * width + u];
      cells[y * across + x] = sum / ((right - left) * (bottom - top));
    }
  }
  return { values: cells, width: across, height: down };
}

/** Bilinear between cell centres. @param {Grid} map @returns {Float64Array} points × points values */
export function enlarged({ values, width, height }, points = kPoints) {
  const places = (cells) => Array.from({ length: points }, (_, index) => {
    const at = Math.min(Math.max(((index + 0.5) * cells) / points - 0.5, 0), cells - 1);
    const low = Math.min(Math.floor(at), Math.max(cells - 2, 0));
    return { low, high: Math.min(low + 1, cells - 1), part: at - low };
  });
  const [columns, rows] = [places(width), places(height)];
  const large = new Float64Array(points * points);
  rows.forEach((row, y) => columns.forEach((column, x) => {
    const line = (cell) => values[cell * width + column.low] * (1 - column.part) + values[cell * width + column.high] * column.part;
    large[y * points + x] = line(row.low) * (1 - row.part) + line(row.high) * row.part;
  }));
  return large;
}

/** 1 inside a box. @param {number[][]} boxes x, y, width, height @param {number} scale side of the film they are measured on */
export function boxMask(boxes, scale, points = kPoints) {
  const mask = new Uint8Array(points * points);
  for (const [x, y, width, height] of boxes) {
    const [left, top, right, bottom] = [x, y, x + width, y + height].map((edge) => Math.round((edge * points) / scale));
    for (let v = top; v < Math.min(Math.max(bottom, top + 1), points); v += 1) {
      mask.fill(1, v * points + left, v * points + Math.min(Math.max(right, left + 1), points));
    }
  }
  return mask;
}

/** @param {Grid} map over the whole film @returns {{hit: boolean, iou: number, chance: number}} */
export function pointing(map, boxes, scale, cutoff) {
  const large = enlarged(averaged(map));
  const mask = boxMask(boxes, scale);
  let top = 0;
  for (let i = 1; i < large.length; i += 1) if (large[i] > large[top]) top = i;
  let both = 0, either = 0, boxed = 0;
  for (let i = 0; i < large.length; i += 1) {
    const region = large[i] > 0 && large[i] >= cutoff * large[top];
    both += region && mask[i] ? 1 : 0;
    either += region || mask[i] ? 1 : 0;
    boxed += mask[i];
  }
  return { hit: mask[top] === 1, iou: either === 0 ? 0 : both / either, chance: boxed / mask.length };
}

/** Two-sided sign test: how likely a split at least as uneven as `better` to `worse` is where neither is better. */
export function signTest(better, worse) {
  const count = better + worse;
  let term = 0.5 ** count, tail = 0;
  for (let k = 0; k <= Math.min(better, worse); k += 1) {
    tail += term;
    term *= (count - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}
