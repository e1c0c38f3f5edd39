// Fetches the files of a published model (published.json): shows size, licence and hash, goes on where a download was interrupted, and
// refuses a file that is not the one its publisher states, or not the one that came the first time.
//
// A download lies in FILE.part until it is whole and its hash is right. Where the publisher states no hash, that of the first
// download is kept in FILE.sha256, and every later one is compared with it.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

export const kHelp = `Usage: tools/fetch-model NAME [--out DIR]
       tools/fetch-model --list

  NAME        a published model; --list names them, with licence and page
  --out DIR   where its files go (default: the current folder)

Then: node tools/cxr.mjs model import FILE, or drop the file on the page.
Exit status: 0 the files are there and right; 1 not; 2 wrong usage.
`;

const kList = env.CHESTLIGHT_PUBLISHED || fileURLToPath(new URL('published.json', import.meta.url));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

class Refused extends Error {}

/** @param {string[]} words @returns {Promise<number>} the exit status */
export async function fetchModelCommand(words) {
  const { models } = JSON.parse(await readFile(kList, 'utf8'));
  const at = words.indexOf('--out');
  const folder = at < 0 ? '.' : words.splice(at, 2)[1];
  if (words.length !== 1 || words[0] === '--help' || folder === undefined) {
    (words[0] === '--help' ? stdout : stderr).write(kHelp);
    return words[0] === '--help' ? 0 : 2;
  }
  if (words[0] === '--list') {
    for (const { name, licence, page } of models) stdout.write(`${name}  ${licence}  ${page}\n`);
    return 0;
  }
  const model = models.find(({ name }) => name === words[0]);
  if (!model) {
    stderr.write(`fetch-model: There is no published model "${words[0]}" here. --list names them.\n`);
    return 2;
  }
  stdout.write(`${model.name}: licence ${model.licence}, published at ${model.page}\n`);
  try {
    await mkdir(folder, { recursive: true });
    for (const file of model.files) await fetchFile(file, folder);
    return 0;
  } catch (error) {
    stderr.write(`fetch-model: ${error instanceof Refused ? error.message : `The download failed (${error.cause?.code ?? error.message}). Run it again: it goes on where it ended.`}\n`);
    return 1;
  }
}

/** @param {{file: string, url: string, bytes?: number, sha256?: string}} wanted */
async function fetchFile({ file, url, bytes, sha256 }, folder) {
  const target = join(folder, file);
  const part = `${target}.part`;
  const expected = sha256 ?? await readFile(`${target}.sha256`, 'utf8').then((words) => words.trim(), () => '');
  if (existsSync(target)) {
    const found = await hashOf(target);
    if (expected && found !== expected) throw new Refused(`${target} is not the published file: SHA-256 ${found}, expected ${expected}. Remove it to fetch it anew.`);
    stdout.write(`${file}: ${megabytes((await stat(target)).size)}, SHA-256 ${found}, already here\n`);
    return;
  }
  const total = await download(url, part, file);
  if (bytes && total !== bytes) {
    await rm(part);
    throw new Refused(`${file} has ${total} bytes where its publisher states ${bytes}: it was changed, and is not kept.`);
  }
  const found = await hashOf(part);
  if (expected && found !== expected) {
    await rm(part);
    throw new Refused(`${file} was changed: SHA-256 ${found}, expected ${expected}. It is not kept.`);
  }
  await rename(part, target);
  if (!sha256) await writeFile(`${target}.sha256`, `${found}\n`);
  stdout.write(`${file}: ${megabytes(total)}, SHA-256 ${found}${expected ? ', as expected' : '; no hash is published, this one is remembered'}\n`);
}

/** Appends what is missing to `part`. @returns {Promise<number>} the size of the whole file */
async function download(url, part, name) {
  const have = await stat(part).then(({ size }) => size, () => 0);
  const response = await fetch(url, have ? { headers: { Range: `bytes=${have}-` } } : {});
  if (response.status === 416) {  // it was whole already
    await response.body?.cancel();
    return have;
  }
  if (!response.ok) throw new Refused(`${url}: the server answered ${response.status}.`);
  const resumes = response.status === 206;
  if (resumes && !response.headers.get('content-range')?.startsWith(`bytes ${have}-`)) throw new Refused(`${url}: the server sent another part than was asked for.`);
  const total = (resumes ? have : 0) + (Number(response.headers.get('content-length')) || 0);
  stdout.write(`${name}: ${total ? megabytes(total) : 'size not stated'}${resumes ? `, going on after ${megabytes(have)}` : ''}\n`);
  const out = await open(part, resumes ? 'a' : 'w');
  let done = resumes ? have : 0;
  try {
    for await (const piece of response.body) {
      await out.write(piece);
      done += piece.length;
      if (stderr.isTTY) stderr.write(`\r${megabytes(done)}${total ? ` of ${megabytes(total)}` : ''} `);
    }
  } finally {
    await out.close();
    if (stderr.isTTY) stderr.write('\r');
  }
  if (total && done !== total) throw new Error(`it ended after ${done} of ${total} bytes`);
  return done;
}

async function hashOf(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}
