// The rules: each looks at one file (or at the list of files) and returns its complaints as strings "what: why".
//
// A rule is { name, covers(path), check(text, path, tree) }. Paths are relative to the repository, with forward slashes.
// Patterns of words that must not appear are put together from parts, so that this file passes its own rules.
import { posix } from 'node:path';
import { kLayers, kOutsideWorld, reach } from './layers.mjs';

const kTopLevel = ['.ci', '.clang-format', '.gitattributes', '.gitignore', 'CHANGELOG.md', 'CMakeLists.txt', 'CMakePresets.json', 'CONTRIBUTING.md', 'LICENSE',
  'README.md', 'models', 'package-lock.json', 'package.json', 'shaders', 'src', 'tests', 'tools', 'web'];
const kCode = /\.(h|cpp|js|mjs|py|sh|cmake|css|html|glsl|vert|frag|wgsl)$/;
/** Lines: above the first a file is a question, above the second it must be split. */
export const kLongFile = 400;
export const kLongestFile = 600;

const isSource = (path) => /^src\/.*\.(h|cpp)$/.test(path);
const isText = (path) => kCode.test(path) || /(^|\/)(CMakeLists\.txt|setup|page|check|serve|run)$/.test(path)
  || /\.(md|json|txt)$/.test(path);

/** Text without comments, line for line; strings are left alone. For C++, JavaScript and CSS. */
export function withoutComments(text) {
  const pattern = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(pattern, (part) => (/^\/[*/]/.test(part) ? part.replace(/[^\n]/g, ' ') : part));
}

/** One complaint per line on which `pattern` is found. */
function lines(text, pattern, why) {
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line);
    return found ? [`line ${index + 1}: ${found[0].trim()}: ${why}`] : [];
  });
}

const layering = {
  name: 'includes keep to the layers',
  covers: isSource,
  check(text, path) {
    const layer = path.split('/')[1];
    const rights = kLayers[layer];
    if (!rights) return [`src/${layer} is not in tests/lint/layers.mjs`];
    const allowed = reach(layer);
    const complaints = [];
    for (const [, opening, target] of withoutComments(text).matchAll(/^\s*#\s*include\s*(["<])([^">]+)[">]/gm)) {
      const first = target.split('/')[0].replace(/\.h$/, '');
      if (opening === '"' && kLayers[first] && target.includes('/')) {
        if (!allowed.has(first)) complaints.push(`"${target}": ${layer} may not include ${first}`);
      } else if (opening === '"') {
        complaints.push(`"${target}": includes are written from src/, third-party ones in angle brackets`);
      } else if (/[/.]/.test(target)) {
        const library = first.replace(/_.*$/, '');
        if (!rights.libraries.includes(library)) complaints.push(`<${target}>: ${layer} may not include ${library}`);
      } else if (!rights.outside && kOutsideWorld.includes(target)) {
        complaints.push(`<${target}>: no clock, file, console or thread outside src/platform`);
      }
    }
    return complaints;
  },
};

const links = {
  name: 'targets link what the layers allow',
  covers: (path) => /^src\/[^/]+\/CMakeLists\.txt$/.test(path),
  check(text, path) {
    const layer = path.split('/')[1];
    const uses = /chestlight_layer\(\s*(\S+)[^)]*?\bUSES\b([^)]*)\)/.exec(text);
    if (!uses || uses[1] !== layer) return [];
    const allowed = reach(layer);
    const words = uses[2].split(/\b(?:PUBLIC|PRIVATE|SOURCES)\b/)[0].trim().split(/\s+/);
    return words.filter((word) => !allowed.has(word)).map((word) => `USES ${word}: ${layer} may not use ${word}`);
  },
};

const emscriptenInItsPlace = {
  name: 'Emscripten is named in src/platform/web only',
  covers: (path) => isSource(path) && !path.startsWith('src/platform/web/'),
  check: (text) => lines(withoutComments(text),
    /\b(EM_JS|EM_ASM\w*|EM_ASYNC_JS|EMSCRIPTEN_\w+|__EMSCRIPTEN__|emscripten_\w+)\b|<emscripten/,
    'belongs to src/platform/web'),
};

const noThrow = {
  name: 'errors are values',
  covers: isSource,
  check: (text) => lines(withoutComments(text).replace(/"(?:\\.|[^"\\\n])*"/g, '""'), /\bthrow\b/, 'return an Error instead'),
};

const pragmaOnce = {
  name: 'headers are guarded by #pragma once',
  covers: (path) => /^(src|tests)\/.*\.h$/.test(path),
  check(text) {
    if (!/^#pragma once$/m.test(text)) return ['no #pragma once'];
    return /^\s*#\s*ifndef\s+\w*_H_?\s*$/m.test(text) ? ['an include guard beside #pragma once'] : [];
  },
};

const headComment = {
  name: 'files begin by saying what they are',
  covers: (path) => /^src\/.*\.h$/.test(path) || /^(web|tools|tests)\/.*\.m?js$/.test(path),
  check: (text) => (/^(#!.*\n)?(\/\/ \S|\/\*)/.test(text) ? [] : ['no comment at the head']),
};

const length = {
  name: `no file is longer than ${kLongestFile} lines`,
  covers: (path) => kCode.test(path),
  check(text) {
    const count = text.split('\n').length - 1;
    return count > kLongestFile ? [`${count} lines: split it`] : [];
  },
};

const unfinished = {
  name: 'nothing is left for later',
  covers: (path) => isText(path) && path !== 'package-lock.json',
  check: (text) => lines(text, new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`), 'do it or drop it'),
};

const machinePaths = {
  name: 'no path of a machine',
  covers: isText,
  check: (text) => lines(text, new RegExp(`(?<![\\w.}])/(${['home', 'root', 'work', 'Users'].join('|')})/|\\.\\./${'shared'}\\b(?!/\\w+\\.js)`),
    'give it as an argument or an environment variable'),
};

const quietPage = {
  name: 'the page writes nothing to the console',
  covers: (path) => /^web\/.*\.(js|html)$/.test(path),
  check: (text) => lines(withoutComments(text), /\bconsole\s*[.[]/, 'nothing that comes from a file may reach a log'),
};

const strictPage = {
  name: 'the page keeps to its content security policy',
  covers: (path) => /^web\/.*\.(js|html|css|svg)$/.test(path),
  check(text, path) {
    const markup = /\.(html|svg)$/.test(path);
    const bare = markup ? text.replace(/<!--[\s\S]*?-->/g, (part) => part.replace(/[^\n]/g, ' ')) : withoutComments(text);
    const names = bare.replace(/http:\/\/www\.w3\.org\/\d{4}\/[\w/]+/g, ''); // names of XML vocabularies, never fetched
    const complaints = lines(names, /\b(https?|wss?):\/\/|["'(=]\s*\/\/\w/, 'no other origin');
    if (markup) {
      complaints.push(
        ...[...bare.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)]
          .filter(([, attributes, body]) => !/\bsrc\s*=/.test(attributes) || body.trim() !== '')
          .map(() => '<script> without a file: inline scripts do not run'),
        ...(path.endsWith('.html') ? lines(bare, /<style\b|\sstyle\s*=/i, 'inline styles do not apply') : []),
        ...lines(bare, /\son\w+\s*=|javascript:/i, 'inline handlers do not run'),
      );
    } else if (path.endsWith('.js')) {
      complaints.push(...lines(bare, /\beval\s*\(|\bnew Function\b|\bdocument\.write\b/, 'forbidden by the policy'),
        ...lines(bare, /\b(innerHTML|outerHTML|insertAdjacentHTML)\b/, 'build elements instead of text'),
        ...lines(bare, /setAttribute\(\s*['"]style['"]/, 'inline styles do not apply'));
    }
    return complaints;
  },
};

const builtByCMake = {
  name: 'every source is built',
  covers: (path) => /^(src|tests)\/.*\.cpp$/.test(path),
  check(_, path, tree) {
    // Looked for in each folder upwards: named there by its path from that folder. What tests share is named where it is used.
    const recipes = tree.paths.filter((file) => /(^|\/)(CMakeLists\.txt|\w+\.cmake)$/.test(file));
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const name = posix.relative(folder, path);
      const pattern = new RegExp(`(^|[\\s("/])${name.replace(/[.+]/g, '\\$&')}(?=[\\s)"]|$)`, 'm');
      const shared = path.startsWith('tests/support/') && folder === 'tests';
      const here = recipes.filter((file) => (shared ? file.startsWith('tests/') : posix.dirname(file) === folder));
      if (here.some((file) => pattern.test(tree.read(file)))) return [];
    }
    return ['named in no CMakeLists.txt'];
  },
};

const topLevel = {
  name: 'the top of the repository holds what was agreed',
  covers: () => true,
  check: (_, path) => (kTopLevel.includes(path.split('/')[0]) ? [] : [`${path.split('/')[0]} has no place at the top`]),
};

const fetchedNotCommitted = {
  name: 'third-party code is fetched, not committed',
  covers: () => true,
  check: (_, path) => (/(^|\/)(node_modules|vendor|third_party|imgui[^/]*\.(h|cpp)|stb_(image\w*|truetype|rect_pack)\.h|json\.hpp)(\/|$)/.test(path)
    && !path.startsWith('src/platform/') ? ['tools/setup fetches it'] : []),
};

export const kRules = [layering, links, emscriptenInItsPlace, noThrow, pragmaOnce, headComment, length, unfinished,
  machinePaths, quietPage, strictPage, builtByCMake, topLevel, fetchedNotCommitted];
