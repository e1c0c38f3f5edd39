// Reads the headers of the contract: structs, enums and variants in a small part of C++, in which nothing else may stand.
//
//   struct Name {                    one field a line, at most one function a line; a struct after `/// @json {…}` has its JSON
//     Type name{value};              written by hand, and its type for JavaScript is the text in braces
//     Type name = value;  // text    a field with `= value`, and every std::optional, may be missing in JSON; others must be there
//   };                               `@buffer` in its comment: no JSON; `@name x`: its name in JSON, where that is a word of C++
//   enum class Name { kOne, kTwo };  "one", "two" in JSON
//   using Name = std::variant<…>;    messages: {"type": "name-of-the-struct", …}
//   using Name = std::array<…>;      another name for a type
//   using contract::Name;            one of another header
//
// What cannot be read is an error with its file and line: nothing is passed over in silence.

const kField = /^ {2}([\w:<>, ]+?) (\w+)(\{[^;]*\}| = (?:\{[^;]*\}|"[^"]*"|[^;,]+))?;(?:\s*\/\/\s*(.*))?$/;

/** "kTwoWords" and "TwoWords" as "two-words". */
export const kebab = (name) => name.replace(/^k(?=[A-Z])/, '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/**
 * @typedef {{name: string, json: string, type: string, required: boolean, comment: string, script: string|null}} Field
 * @typedef {{kind: 'struct', name: string, fields: Field[], comment: string, handWritten: string|null}} Struct
 * @typedef {{kind: 'enum', name: string, values: string[], comment: string}} Enum
 * @typedef {{kind: 'variant', name: string, members: string[], comment: string}} Variant
 * @typedef {{kind: 'alias', name: string, type: string, comment: string}} Alias
 *
 * @param {string} text
 * @param {string} path for errors
 * @returns {{namespace: string, includes: string[], declarations: (Struct|Enum|Variant|Alias)[]}} includes: headers of the contract, without .h
 */
export function parseHeader(text, path) {
  const lines = text.split('\n');
  const fail = (at, what) => { throw new Error(`${path}:${at + 1}: ${what}`); };
  const namespace = /^namespace ([\w:]+) \{$/m.exec(text)?.[1] ?? fail(0, 'no namespace');
  const declarations = [];
  let comment = [];
  for (let at = lines.findIndex((line) => line.startsWith('namespace ')) + 1; at < lines.length; at += 1) {
    const line = lines[at];
    const said = /^\/\/\/? ?(.*)$/.exec(line);
    if (said) {
      comment.push(said[1]);
      continue;
    }
    const about = comment.join(' ');
    comment = [];
    if (line === '' || line.startsWith('}  // namespace') || /^using contract::\w+;$/.test(line)) continue;
    const end = (closes) => {
      const found = lines.findIndex((other, index) => index >= at && closes.test(other));
      return found < 0 ? fail(at, 'its end is missing') : found;
    };
    const struct = /^struct (\w+) \{(\};)?$/.exec(line);
    if (struct) {
      const last = struct[2] ? at : end(/^};$/);
      const handWritten = /@json (\{.*\})/.exec(about)?.[1] ?? null;
      const body = handWritten ? [] : lines.slice(at + 1, last);
      declarations.push({ kind: 'struct', name: struct[1], comment: about, handWritten,
        fields: parseFields(body, (index, what) => fail(at + 1 + index, what)) });
      at = last;
    } else if (/^enum class \w+ \{/.test(line)) {
      const last = end(/^(enum .*)?};$/);
      const whole = lines.slice(at, last + 1).map((one) => one.replace(/\/\/.*$/, '')).join(' ');
      declarations.push({ kind: 'enum', name: /enum class (\w+)/.exec(whole)[1], comment: about, values: whole.match(/\bk[A-Z]\w*/g) });
      at = last;
    } else if (/^using \w+ =/.test(line)) {
      const last = end(/;$/);
      const [, name, type] = /^using (\w+) = (.*);$/.exec(lines.slice(at, last + 1).join(' ').replace(/\s+/g, ' '));
      const members = /^std::variant<(.*)>$/.exec(type)?.[1].split(',').map((one) => one.trim());
      declarations.push(members ? { kind: 'variant', name, members, comment: about } : { kind: 'alias', name, type, comment: about });
      at = last;
    } else if (/^[\w:<>&, ]+ \w+\(.*\);$/.test(line)) {
      continue;  // a function that belongs to a struct above
    } else {
      fail(at, `expected a struct, an enum class or a using, found "${line}"`);
    }
  }
  const includes = [...text.matchAll(/^#include "(contract\/\w+)\.h"$/gm)].map((found) => found[1]);
  return { namespace, includes, declarations };
}

function parseFields(lines, fail) {
  const fields = [];
  lines.forEach((line, index) => {
    if (line === '' || /^\s*\/\//.test(line) || /\)( const)?( \{.*\}| = default;)$/.test(line)) return;
    const found = kField.exec(line) ?? fail(index, `expected "  Type name{value};" or "  Type name = value;", found "${line}"`);
    const [, type, name, value = '', comment = ''] = found;
    if (/@buffer/.test(comment)) return;
    const optional = type.startsWith('std::optional<');
    if (!value && !optional) fail(index, `${name} needs {value}, if JSON must have it, or = value`);
    fields.push({ name, type, comment, script: /@is ([\w |]+)/.exec(comment)?.[1].trim() ?? null, json: /@name (\w+)/.exec(comment)?.[1] ?? name, required: value.startsWith('{') && !optional });
  });
  return fields;
}
