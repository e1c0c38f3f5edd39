// The types of the contract for the type check: build/contract/contract.d.ts, of all headers that CMake makes JSON of. No C++ is built.
//
//   node tools/lint/contract_types.mjs
//
// web/ names them as shared/contract.js; tsconfig.json lays the two folders over each other.
import { readFileSync, readdirSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { generate } from '../contract/generate.mjs';

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @returns {string[]} headers of the contract, as paths from src/: those that a CMakeLists.txt gives to chestlight_contract() */
export function listContractHeaders() {
  const recipes = readdirSync(inRepository('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(inRepository(`src/${name}/CMakeLists.txt`), 'utf8'));
  return recipes.flatMap((text) => [...text.matchAll(/^chestlight_contract\(\w+\s+HEADERS([^)]*)\)/gm)])
    .flatMap(([, headers]) => headers.trim().split(/\s+/));
}

export const makeContractTypes = () => generate({ types: inRepository('build/contract/contract.d.ts'), headers: listContractHeaders() });

if (argv[1] === fileURLToPath(import.meta.url)) makeContractTypes();
