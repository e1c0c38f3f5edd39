// The notices of everything the page ships, collected from the licence files that came with it.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** What the WebAssembly of ONNX Runtime names of itself (strings in it), its licence, and the Debian package that states it. */
const kPartsOfOnnxRuntime = [
  ['Protocol Buffers', 'BSD-3-Clause', 'libprotobuf32t64'],
  ['Abseil', 'Apache-2.0', 'libabsl-dev'],
  ['Eigen', 'MPL-2.0', 'libeigen3-dev'],
  ['FlatBuffers', 'Apache-2.0', 'libflatbuffers-dev'],
  ['Guidelines Support Library', 'MIT', 'libmsgsl-dev'],
  ['ONNX', 'Apache-2.0', 'libonnx-dev'],
  ['RE2', 'BSD-3-Clause', 'libre2-11'],
  ['SafeInt', 'MIT', 'libsafeint-dev'],
];

/**
 * One entry per component; `text` lists places to look, the first that exists is used: where a component's licence lies
 * depends on where tools/setup found it. T is .toolchain, E the real folder of Emscripten, N node_modules, S tools/site.
 */
const kComponents = [
  {
    name: 'ONNX Runtime Web',
    version: (folders) => packageVersion(folders, 'onnxruntime-web'),
    licence: 'MIT',
    note: 'Its package brings no licence file; this is its text. The libraries in it follow.\n'
      + 'All that its sources use is named in https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt',
    text: ['N/onnxruntime-web/LICENSE', 'S/licences/onnxruntime.txt'],
  },
  ...kPartsOfOnnxRuntime.map(([name, licence, source]) => ({
    name: `${name} (as part of ONNX Runtime Web)`,
    licence,
    note: `The text is that of Debian's package ${source}, which may be of another version; where it points to Apache-2.0, that is LICENSE.txt here.`,
    text: [`T/licences/${source}`],
  })),
  {
    name: 'Dawn (its glue for WebGPU, as part of ONNX Runtime Web)',
    licence: 'BSD-3-Clause',
    note: 'No package brings this text; it is the one of https://dawn.googlesource.com/dawn.',
    text: ['S/licences/dawn.txt'],
  },
  {
    name: 'Emscripten: runtime and system libraries',
    version: ({ E }) => readFileSync(join(E, 'emscripten-version.txt'), 'utf8').replaceAll('"', '').trim(),
    licence: 'MIT or University of Illinois/NCSA',
    text: ['E/LICENSE', 'E/../doc/emscripten/copyright'],
  },
  {
    name: 'musl (C library, as part of Emscripten)',
    licence: 'MIT',
    text: ['E/system/lib/libc/musl/COPYRIGHT'],
  },
  {
    name: 'LLVM libc++, libc++abi, libunwind and compiler-rt (as part of Emscripten)',
    licence: 'Apache-2.0 with LLVM exceptions',
    text: ['E/system/lib/libcxx/LICENSE.TXT', 'E/../doc/llvm-19/copyright', 'E/../../../LICENSE.TXT', 'E/LICENSE'],
  },
  {
    name: 'Dear ImGui',
    version: ({ T }) => define(join(T, 'imgui/imgui.h'), 'IMGUI_VERSION'),
    licence: 'MIT',
    text: ['T/imgui/LICENSE.txt'],
  },
  {
    name: 'stb_image',
    version: ({ T }) => /v(\d+\.\d+)/.exec(readFileSync(join(T, 'stb/stb_image.h'), 'utf8'))[1],
    licence: 'public domain or MIT',
    text: ['T/licences/libstb-dev'],
  },
  {
    name: 'JSON for Modern C++ (nlohmann-json)',
    licence: 'MIT',
    text: ['T/licences/nlohmann-json3-dev'],
  },
  {
    name: 'fflate (reads DICOM files and archives)',
    version: (folders) => packageVersion(folders, 'fflate'),
    licence: 'MIT',
    text: ['N/fflate/LICENSE'],
  },
  ...['openjph', 'charls'].map((name) => ({
    name: `@cornerstonejs/codec-${name} (the package around the decoder)`,
    version: (folders) => packageVersion(folders, `@cornerstonejs/codec-${name}`),
    licence: 'MIT',
    text: [`N/@cornerstonejs/codec-${name}/LICENSE`],
  })),
  {
    name: 'OpenJPEG, OpenJPH, CharLS and libjpeg-turbo (decoders, as WebAssembly in the packages @cornerstonejs/codec-*)',
    licence: 'BSD-2-Clause, BSD-2-Clause, BSD-3-Clause, IJG and BSD-3-Clause; the packages MIT or ISC',
    text: ['S/licences/dicom_codecs.txt'],
  },
  {
    name: 'Inter (the typeface; a subset, see tools/fonts)',
    licence: 'SIL Open Font License 1.1',
    text: ['T/licences/fonts-inter'],
  },
];

function packageVersion({ N }, name) {
  return JSON.parse(readFileSync(join(N, name, 'package.json'), 'utf8')).version;
}

function define(file, name) {
  return new RegExp(`#define ${name}\\s+"([^"]+)"`).exec(readFileSync(file, 'utf8'))?.[1];
}

/**
 * @param {{toolchain: string, modules: string, own: string}} folders .toolchain, node_modules, tools/site
 * @returns {string} the text of notices.txt
 * @throws {Error} naming each component whose licence file is not there
 */
export function collectNotices({ toolchain, modules, own }, components = kComponents) {
  const emscripten = join(toolchain, 'emscripten');
  const folders = { T: toolchain, N: modules, S: own, E: existsSync(emscripten) ? realpathSync(emscripten) : emscripten };
  const rule = '='.repeat(100);
  const missing = [];
  const parts = components.map(({ name, version, licence, note, text }) => {
    const places = text.map((place) => join(folders[place[0]], place.slice(2)));
    const found = places.find((place) => existsSync(place));
    if (!found) {
      missing.push(`${name}: ${places.join(' or ')}`);
      return '';
    }
    const number = version?.(folders);
    const head = [`${name}${number ? ` ${number}` : ''}`, `Licence: ${licence}`, ...(note ? [note] : [])];
    return `${rule}\n${head.join('\n')}\n${rule}\n\n${readFileSync(found, 'utf8').trim()}\n`;
  });
  if (missing.length > 0) throw new Error(`no licence file for ${missing.join('; ')}`);
  return 'Chestlight is licensed under the Apache License 2.0 (LICENSE.txt). It is made with, and ships parts of:\n\n'
    + `${components.map(({ name, licence }) => `  ${name}: ${licence}\n`).join('')}\n${parts.join('\n')}`;
}
