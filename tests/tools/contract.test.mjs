// What is made of the headers of the contract: types for JavaScript, and errors for what is not of the small part of C++ that
// they may be written in.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from '../../tools/contract/generate.mjs';
import { kebab, parseHeader } from '../../tools/contract/parse.mjs';
import { listContractHeaders } from '../../tools/lint/contract_types.mjs';

const header = (body) => `// A.\n#pragma once\n\nnamespace chestlight {\n\n${body}\n\n}  // namespace chestlight\n`;
const parse = (body) => parseHeader(header(body), 'a.h').declarations;

test('a struct tells which of its fields JSON must have', () => {
  const [{ name, comment, fields }] = parse(`/// One film.
struct Film {
  int width{0};  // SourcePx
  std::string name = "";
  std::optional<Window> window;
  bool is_signed = false;       // @name signed: also below zero
  std::vector<float> map = {};  // @buffer

  bool wide() const { return width > 1; }
};`);
  assert.deepEqual([name, comment], ['Film', 'One film.']);
  assert.deepEqual(fields.map(({ json, type, required }) => [json, type, required]), [
    ['width', 'int', true], ['name', 'std::string', false], ['window', 'std::optional<Window>', false], ['signed', 'bool', false]]);
});

test('enums and variants are read over several lines, and names become words with hyphens', () => {
  const [state, event] = parse(`enum class State {
  kAbove,  // over it
  kNotThere
};

using Event = std::variant<FilmOpened,
                           FilmFailed>;`);
  assert.deepEqual(state.values.map(kebab), ['above', 'not-there']);
  assert.deepEqual(event.members.map(kebab), ['film-opened', 'film-failed']);
});

test('what may be null, and what a Json holds, is in the types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  try {
    generate({ types: join(folder, 'contract.d.ts'), headers: listContractHeaders() });
    const types = readFileSync(join(folder, 'contract.d.ts'), 'utf8');
    assert.match(types, /^ {2}record\?: FilmRecord \| null;/m);
    assert.match(types, /^ {2}value: CaseMessage \| null;/m);
    assert.match(types, /^ {2}settings: unknown;/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// origin, body, what the error must say
const kRefused = [
  ['a field without a value', 'struct A {\n  int width;\n};', /a\.h:7: width needs \{value\}/],
  ['two fields in a line', 'struct A {\n  int x = 0, y = 0;\n};', /a\.h:7: expected " {2}Type name\{value\};"/],
  ['a class', 'class A {\n};', /a\.h:6: expected a struct, an enum class or a using, found "class A \{"/],
  ['a struct without an end', 'struct A {\n  int x{0};', /a\.h:6: its end is missing/],
  ['a base class', 'struct A : B {\n};', /a\.h:6: expected a struct/],
];
for (const [origin, body, words] of kRefused) {
  test(`${origin} is refused with its place`, () => assert.throws(() => parse(body), words));
}

test('every header of the contract becomes types in which no name is unknown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  try {
    generate({ types: join(folder, 'contract.d.ts'), headers: listContractHeaders() });
    const types = readFileSync(join(folder, 'contract.d.ts'), 'utf8');
    const declared = new Set([...types.matchAll(/^export type (\w+)/gm)].map(([, name]) => name));
    assert.ok(declared.size > 100, `${declared.size} types`);
    const used = [...types.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^']*'/g, '').matchAll(/\b[A-Z]\w+/g)].map(([name]) => name);
    assert.deepEqual([...new Set(used)].filter((name) => !declared.has(name) && !['Record', 'Written', 'T', 'Field'].includes(name)), []);
    assert.match(types, /\| \(\{ type: 'film-opened' \} & FilmOpened\)/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
