// The HTTP headers every answer of the page's host should carry: the one place where they are decided.
//
// tools/serve sends them; the files for common hosts (_headers, .htaccess, nginx, Caddy) are written from them when the site
// is assembled. Nothing here depends on where the site lies.

/** What the page may do. Everything is forbidden, then what is needed is allowed, from the page's own origin only. */
const kContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'", // compiling WebAssembly; no eval, no inline script
  // The service worker; blobs are for the other threads: only so do they have this policy on any host (web/shared/guarded_worker.js).
  "worker-src 'self' blob:",
  "connect-src 'self'", // models, runtime, examples
  "style-src 'self'",
  "img-src 'self'", // the icon
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const kHeaders = Object.freeze({
  'Content-Security-Policy': kContentSecurityPolicy,
  // Both together isolate the page, which is what SharedArrayBuffer, and so threads, ask for.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
  // Files keep their names from version to version: ask whether they changed. Unchanged ones cost a 304; the service worker
  // keeps its own copies, by hash.
  'Cache-Control': 'no-cache',
});

/** Media types by extension; a module script or a streamed WebAssembly of another type is refused by browsers. */
export const kTypes = Object.freeze({
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  ico: 'image/x-icon',
  ttf: 'font/ttf',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  glsl: 'text/plain; charset=utf-8',
  vert: 'text/plain; charset=utf-8',
  frag: 'text/plain; charset=utf-8',
  wgsl: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  safetensors: 'application/octet-stream',
  onnx: 'application/octet-stream',
  dcm: 'application/dicom',
});

const entries = Object.entries(kHeaders);
/** Types that common hosts do not know by themselves. */
const kUnusualTypes = ['mjs', 'wasm', 'webmanifest', 'safetensors'];

/** Every type in the words of nginx: its own list lacks "mjs" before 1.23.4, and a list in a location replaces the one around it. */
function nginxTypes() {
  const extensions = new Map();
  for (const [extension, type] of Object.entries(kTypes)) {
    const bare = type.split(';')[0];
    extensions.set(bare, [...extensions.get(bare) ?? [], extension]);
  }
  return `types {\n${[...extensions].map(([type, names]) => `  ${type} ${names.join(' ')};\n`).join('')}}\n`;
}

/** @returns {{path: string, text: string}[]} configuration for hosts, by path inside the site */
export function hostFiles() {
  const note = '# Written when the site is assembled. These are the headers the page expects.\n';
  const quoted = (value) => `"${value.replaceAll('"', '\\"')}"`;
  return [
    { path: '_headers', text: `${note}/*\n${entries.map(([name, value]) => `  ${name}: ${value}\n`).join('')}` },
    {
      path: '.htaccess',
      text: `${note}<IfModule mod_headers.c>\n`
        + entries.map(([name, value]) => `  Header always set ${name} ${quoted(value)}\n`).join('')
        + '</IfModule>\n'
        + kUnusualTypes.map((extension) => `AddType ${kTypes[extension].split(';')[0]} .${extension}\n`).join(''),
    },
    {
      path: 'hosting/nginx.conf',
      text: `${note}# Include it in the location that serves the site.\n`
        + entries.map(([name, value]) => `add_header ${name} ${quoted(value)} always;\n`).join('')
        + `${nginxTypes()}default_type application/octet-stream;\ncharset utf-8;\ngzip_static on;\n`,
    },
    {
      path: 'hosting/Caddyfile',
      text: `${note}header {\n${entries.map(([name, value]) => `\t${name} ${quoted(value)}\n`).join('')}}\n`,
    },
  ];
}
