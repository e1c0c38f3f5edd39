// Whether a value is what a JSON schema says, as far as the schemas here go (draft 2020-12): type, enum, properties, required,
// additionalProperties, items, minItems, maxItems, minimum, maximum, pattern, $ref within the schema. Any other word is an error, so
// that none is passed over.

const kKnown = new Set(['$schema', '$defs', '$ref', 'title', 'description', 'type', 'enum', 'properties', 'required',
  'additionalProperties', 'items', 'minItems', 'maxItems', 'minimum', 'maximum', 'pattern']);

const typeOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const isOf = (type, value) => (type === 'integer' ? Number.isInteger(value) : typeOf(value) === type);

/** @returns {string[]} what is wrong, by its place; empty where nothing is */
export function schemaFaults(schema, value, root = schema, at = '$') {
  const unknown = Object.keys(schema).filter((word) => !kKnown.has(word));
  if (unknown.length > 0) throw new Error(`${at}: the schema uses ${unknown.join(', ')}`);
  if (schema.$ref) return schemaFaults(schema.$ref.slice(2).split('/').reduce((part, name) => part[name], root), value, root, at);
  const faults = [];
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${at}: expected ${types.join(' or ')}, found ${typeOf(value)}`];
  if (schema.enum && !schema.enum.includes(value)) faults.push(`${at}: ${value} is none of ${schema.enum.join(', ')}`);
  if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) faults.push(`${at}: ${value} is out of range`);
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) faults.push(`${at}: "${value}" does not match ${schema.pattern}`);
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) faults.push(`${at}: ${value.length} items`);
    if (schema.items) value.forEach((item, index) => faults.push(...schemaFaults(schema.items, item, root, `${at}[${index}]`)));
  } else if (value && typeof value === 'object') {
    for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) faults.push(`${at}.${name} is missing`);
    for (const [name, member] of Object.entries(value)) {
      const rule = schema.properties?.[name] ?? schema.additionalProperties;
      if (rule === false) faults.push(`${at}.${name} is not in the schema`);
      else if (rule && typeof rule === 'object') faults.push(...schemaFaults(rule, member, root, `${at}.${name}`));
    }
  }
  return faults;
}
