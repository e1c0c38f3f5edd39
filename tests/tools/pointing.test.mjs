// The counting behind tests/bench/boxes.mjs, on maps, tables and archives made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTable, partOf, readTar } from '../bench/boxed_films.mjs';
import { averaged, boxMask, enlarged, pointing, signTest } from '../bench/pointing.mjs';

test('the split is that of tools/training/split.py', () => {
  // python3 -c "import split; print([split.part_of(p, 15) for p in ('1', '13', '30', '10003', '12')])"
  const patients = ['1', '13', '30', '10003', '12'];
  assert.deepEqual(patients.map((patient) => partOf(patient)), ['train', 'validation', 'train', 'train', 'test']);
});

test('a table keeps what is quoted', () => {
  assert.deepEqual(parseTable('a,b\n1,"x, ""y"""\r\n2,\n'), [{ a: '1', b: 'x, "y"' }, { a: '2', b: '' }]);
});

test('an archive gives its files, and says where it is damaged', () => {
  const header = (name, size) => {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    block.write('0', 156);
    return block;
  };
  const body = Buffer.concat([Buffer.from('hello'), Buffer.alloc(507)]);
  const tar = Buffer.concat([header('folder/a.jpg', 5), body, header('b.jpg', 0), Buffer.alloc(1024)]);
  assert.deepEqual([...readTar(tar)].map(([name, bytes]) => [name, bytes.toString()]), [['a.jpg', 'hello'], ['b.jpg', '']]);
  tar.write('zz', 124);
  assert.throws(() => readTar(tar), /damaged at byte 0/);
});

test('a map that points into a box hits it, one that points beside it does not', () => {
  const map = { width: 4, height: 4, values: Float32Array.from({ length: 16 }, (_, index) => Number(index === 5)) };  // column 1, row 1
  const inside = pointing(map, [[256, 256, 256, 256]], 1024, 0.5);
  assert.equal(inside.hit, true);
  assert.equal(inside.chance, 1 / 16);
  assert.ok(inside.iou > 0.6, `${inside.iou}`);
  assert.deepEqual(pointing(map, [[700, 700, 200, 200]], 1024, 0.5).hit, false);
  const nothing = pointing({ width: 2, height: 2, values: [-1, -2, -1, -1] }, [[0, 0, 512, 512]], 1024, 0.5);
  assert.equal(nothing.iou, 0, 'nothing positive has no region');
});

test('fine maps are averaged, coarse ones drawn between their cells', () => {
  const values = new Float32Array(64 * 64);
  values[0] = 4;
  assert.equal(averaged({ width: 64, height: 64, values }).values[0], 1);
  const large = enlarged({ width: 2, height: 1, values: [0, 1] }, 4);
  assert.deepEqual([...large.slice(0, 4)], [0, 0.25, 0.75, 1]);
  assert.equal(boxMask([[0, 0, 1, 1]], 1024).reduce((sum, value) => sum + value), 1, 'a box is never nothing');
});

test('the sign test knows a fair split from an uneven one', () => {
  assert.equal(signTest(5, 5), 1);
  assert.ok(Math.abs(signTest(0, 6) - 2 / 64) < 1e-12);
  assert.equal(signTest(0, 0), 1);
});
