// Wrong usage is exit status 2 with the command's help on standard error; asked-for help is status 0 on standard output.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cxr, notBuilt } from './support.mjs';

const kWrong = [
  ['no command', []],
  ['a command that is not there', ['predcit', 'a.png']],
  ['a name of an object property', ['constructor']],
  ['predict without files', ['predict']],
  ['an unknown option', ['predict', 'a.png', '--jsn']],
  ['an option without its value', ['predict', 'a.png', '--heatmap']],
  ['two formats', ['predict', 'a.png', '--json', '--csv']],
  ['--all with a format that holds all', ['predict', 'a.png', '--json', '--all']],
  ['threads that are no number', ['predict', 'a.png', '--threads', 'many']],
  ['no threads', ['predict', 'a.png', '--threads', '0']],
  ['no jobs at all', ['predict', 'a.png', '--jobs', '0']],
  ['report without files', ['report', '--out', 'x.html']],
  ['report without a place to write', ['report', 'a.png']],
  ['--version with a file', ['--version', 'a.png']],
  ['inspect without files', ['inspect']],
  ['explain without a finding', ['explain', 'a.png', '--out', 'b']],
  ['explain without a place to write', ['explain', 'a.png', '--finding', 'x']],
  ['explain with two files', ['explain', 'a.png', 'b.png', '--finding', 'x', '--out', 'c']],
  ['trust without a file', ['trust', '--finding', 'x']],
  ['evaluate without films', ['evaluate', '--labels', 'x.csv', '--out', 'x']],
  ['evaluate without a place to write', ['evaluate', 'x', '--labels', 'x.csv']],
  ['evaluate with an unknown way to count uncertain labels', ['evaluate', 'x', '--out', 'y', '--uncertain', 'maybe']],
  ['evaluate with a finding that has no column', ['evaluate', 'x', '--out', 'y', '--finding', 'Effusion']],
  ['evaluate with a PPV that is no share', ['evaluate', 'x', '--out', 'y', '--ppv', '90']],
  ['model without an action', ['model']],
  ['model with an unknown action', ['model', 'train', 'x']],
  ['model list with a name', ['model', 'list', 'x']],
  ['model verify without a name', ['model', 'verify']],
  ['model export without a file', ['model', 'export', 'x']],
  ['model export with an unknown precision', ['model', 'export', 'x', '--onnx', 'x.onnx', '--precision', 'int4']],
];

for (const [what, args] of kWrong) {
  test(`wrong usage: ${what}`, () => {
    const { status, out, err } = cxr(...args);
    assert.equal(status, 2, err);
    assert.equal(out, '');
    assert.match(err, /^cxr: .+\n\n/);
    assert.match(err, /cxr (predict|report|explain|trust|evaluate|inspect|model)/, 'the help follows');
  });
}

for (const [what, args] of [
  ['an unknown model', ['predict', 'a.png', '--model', 'nobody']],
  ['an unknown operating point', ['predict', 'a.png', '--operating-point', 'nowhere']],
  ['a threshold of one\'s own for an unknown finding', ['predict', 'a.png', '--operating-point', 'own:nowhere=0.3']],
  ['a threshold of one\'s own that is none', ['predict', 'a.png', '--operating-point', 'own:effusion=nowhere']],
  ['a report of an unknown finding', ['report', 'a.png', '--out', 'x.html', '--finding', 'nobody']],
  ['a report by an unknown method', ['report', 'a.png', '--out', 'x.html', '--method', 'nobody']],
  ['a model to verify that is not there', ['model', 'verify', 'nobody']],
]) {
  test(`wrong usage: ${what}, with the names there are`, { skip: notBuilt }, () => {
    const { status, out, err } = cxr(...args);
    assert.equal(status, 2, err);
    assert.equal(out, '');
    assert.match(err, /nobody|nowhere/);
  });
}

for (const args of [['--help'], ['help'], ['predict', '--help'], ['inspect', '-h'], ['report', '--help'], ['explain', '--help'], ['trust', '--help'], ['evaluate', '--help'], ['model', '--help'], ['model', 'verify', '--help']]) {
  test(`help: cxr ${args.join(' ')}`, () => {
    const { status, out, err } = cxr(...args);
    assert.equal(status, 0);
    assert.equal(err, '');
    assert.match(out, /Exit status/);
    assert.match(out, /For research and teaching\. Not a medical device\./);
  });
}

test('a page that is not built: status 1, and what to do', () => {
  for (const args of [['inspect', 'a.png'], ['predict', 'a.png', '--json'], ['model', 'list']]) {
    const { status, out, err } = cxr(...args, '--site', '/nonexistent/site');
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /[Bb]uild/);
  }
});
