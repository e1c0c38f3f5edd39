// What a shader and the C++ beside it must agree on, and no compiler compares.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the ramp of maps has as many stops in the shader as it is handed', () => {
  const [, handed] = /kRampStops = (\d+);/.exec(source('src/render/colour_map.h'));
  const [, held] = /u_ramp\[(\d+)\];/.exec(source('shaders/film.frag'));
  assert.equal(held, handed);
});
