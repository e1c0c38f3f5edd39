// Makes what follows from the headers of the contract: their JSON in C++, and their types for JavaScript.
//
//   node tools/contract/generate.mjs --out build/…/generated [--types build/contract/contract.d.ts] HEADER…
//
// HEADER is a path from src/ ("contract/film.h"). For each, OUT/contract/film_json.h and film_json.cpp declare and define
// to_json() and from_json() of its structs, enums and variants, and of structs message_name(). --types: one
// file with the types of all headers named.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { kebab, parseHeader } from './parse.mjs';

const kSources = fileURLToPath(new URL('../../src/', import.meta.url));

function declarationsOf({ kind, name, handWritten }) {
  if (handWritten || kind === 'alias') return '';
  if (kind === 'variant') {
    return `Json to_json(const ${name}& message);\n/// Errors: no such type, or what from_json() of its struct says.\nResult<${name}> parse_${
      kebab(name).replaceAll('-', '_')}(const JsonReader& reader);\n`;
  }
  const named = kind === 'struct' ? `inline std::string_view message_name(const ${name}&) { return "${kebab(name)}"; }\n` : '';
  return `Json to_json(const ${name}& value);\nResult<void> from_json(const JsonReader& reader, ${name}& value);\n${named}`;
}

function definitionsOf(declaration) {
  const { kind, name, handWritten } = declaration;
  if (handWritten || kind === 'alias') return '';
  if (kind === 'enum') {
    const pairs = declaration.values.map((value) => `{${name}::${value}, "${kebab(value)}"}`).join(', ');
    return `constexpr std::pair<${name}, std::string_view> kNamesOf${name}[] = {${pairs}};
Json to_json(const ${name}& value) { return enum_to_json(kNamesOf${name}, value); }
Result<void> from_json(const JsonReader& reader, ${name}& value) { return enum_from_json(kNamesOf${name}, reader, value); }\n`;
  }
  if (kind === 'struct') {
    const put = declaration.fields.map((field) => `  put_field(json, "${field.json}", value.${field.name});\n`).join('');
    const take = declaration.fields.map((field) => (
      `  fields.${field.required ? 'required' : 'optional'}("${field.json}", value.${field.name});\n`)).join('');
    return `Json to_json([[maybe_unused]] const ${name}& value) {\n  Json json = Json::object();\n${put}  return json;\n}
Result<void> from_json(const JsonReader& reader, [[maybe_unused]] ${name}& value) {
  FieldReader fields(reader);\n${take}  return std::move(fields).result();\n}\n`;
  }
  const kinds = declaration.members.map((member) => `\n  {"${kebab(member)}", &read_message<${name}, ${member}>},`).join('');
  return `Json to_json(const ${name}& message) { return message_to_json(message); }
constexpr MessageKind<${name}> kKindsOf${name}[] = {${kinds}\n};
Result<${name}> parse_${kebab(name).replaceAll('-', '_')}(const JsonReader& reader) { return message_from_json(reader, kKindsOf${name}); }\n`;
}

const kScriptTypes = { bool: 'boolean', int: 'number', float: 'number', double: 'number', 'std::string': 'string', Json: 'unknown',
  SourcePx: '{ x: number, y: number }', ScreenPx: '{ x: number, y: number }' };

function scriptType(type) {
  const inner = /^std::(optional|vector|array|map)<(?:std::string, )?(.*?)(?:, \d+)?>$/.exec(type);
  if (!inner) return kScriptTypes[type] ?? type.split('::').pop();
  const of = scriptType(inner[2]);
  return inner[1] === 'map' ? `Record<string, ${of}>` : inner[1] === 'optional' ? `${of} | null` : `${of}[]`;
}

function scriptDeclaration({ kind, name, comment, handWritten, fields, values, members, type }) {
  const about = comment ? `/** ${comment.replace(/@json \{.*\} ?/, '').replaceAll('*/', '')} */\n` : '';
  if (handWritten) return `${about}export type ${name} = ${handWritten};\n`;
  if (kind === 'alias') return `${about}export type ${name} = ${scriptType(type)};\n`;
  if (kind === 'enum') return `${about}export type ${name} = ${values.map((value) => `'${kebab(value)}'`).join(' | ')};\n`;
  if (kind === 'variant') {
    return `${about}export type ${name} =\n${members.map((member) => `  | ({ type: '${kebab(member)}' } & ${member})`).join('\n')};\n`;
  }
  const lines = fields.map((field) => `  ${field.json}${field.required ? '' : '?'}: ${field.script ?? scriptType(field.type)};${
    field.comment ? `  // ${field.comment}` : ''}`);
  return `${about}export type ${name} = {\n${lines.join('\n')}\n};\n`;
}

const kWritten = `/** A value as C++ writes it: no field is missing. A message to C++ may leave out what is optional. */
export type Written<T> = { [Field in keyof T]-?: Written<T[Field]> };\n`;

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What writes and reads fields, where the structs are not of the contract itself. */
const fieldsOf = (namespace) => (namespace === 'chestlight::contract' ? '' : 'using namespace contract;\n\n');

export function generate({ out, types, headers }) {
  const made = headers.map((header) => ({ header, ...parseHeader(readFileSync(join(kSources, header), 'utf8'), `src/${header}`) }));
  for (const { header, namespace, includes, declarations } of out ? made : []) {
    const stem = header.replace(/\.h$/, '_json');
    const wrap = (body) => `namespace ${namespace} {\n\n${body}\n}  // namespace ${namespace}\n`;
    writeIfChanged(join(out, `${stem}.h`), `// Made by tools/contract/generate.mjs from src/${header}.\n#pragma once\n\n#include "base/json.h"\n#include "${
      header}"\n\n${wrap(declarations.map(declarationsOf).join(''))}`);
    const others = [...new Set([...includes, ...made.map((one) => one.header.replace(/\.h$/, ''))])].map((one) => `#include "${one}_json.h"\n`).join('');
    writeIfChanged(join(out, `${stem}.cpp`), `// Made by tools/contract/generate.mjs from src/${header}.\n#include "${stem}.h"\n\n${
      others}#include "contract/json_fields.h"\n\n${wrap(fieldsOf(namespace) + declarations.map(definitionsOf).join(''))}`);
  }
  if (types) {
    writeIfChanged(types, `// Made by tools/contract/generate.mjs: the types of messages and of what they carry.\n\n${kWritten}${
      made.flatMap(({ declarations }) => declarations.map(scriptDeclaration)).join('')}`);
  }
}

function main(words) {
  const options = { headers: [] };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--out' || word === '--types') options[word.slice(2)] = words.shift();
    else options.headers.push(word);
  }
  generate(options);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(argv.slice(2));
  } catch (error) {
    stderr.write(`contract: ${error.message}\n`);
    exit(1);
  }
}
