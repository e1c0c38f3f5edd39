// tools/fetch-model against a server of the test: size, licence and hash are shown, an interrupted download goes on, and a file that
// was changed is refused.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kTool = fileURLToPath(new URL('../../tools/fetch-model', import.meta.url));
const kBytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

describe('tools/fetch-model', () => {
  let server;
  let folder;
  let served;  // bytes, and how many of them before the connection ends
  let ranges;

  before(() => new Promise((resolve) => {
    server = createServer((request, response) => {
      const { bytes, cut = Infinity } = served;
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      ranges.push(from);
      if (request.url === '/gone') return response.writeHead(404).end();
      if (from >= bytes.length) return response.writeHead(416).end();
      const rest = bytes.subarray(from);
      response.writeHead(from ? 206 : 200, { 'content-length': rest.length, ...(from ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}) });
      if (cut >= rest.length) return response.end(rest);
      return response.write(rest.subarray(0, cut), () => setTimeout(() => response.destroy(), 50));
    }).listen(0, '127.0.0.1', resolve);
  }));
  after(() => server.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chestlight-fetch-'));
    [served, ranges] = [{ bytes: kBytes }, []];
    const at = `http://127.0.0.1:${server.address().port}`;
    const file = (name, more = {}) => ({ file: name, url: `${at}/x`, ...more });
    writeFileSync(join(folder, 'published.json'), JSON.stringify({ models: [
      { name: 'stated', licence: 'MIT', page: 'https://there.test', files: [file('a.pt', { bytes: kBytes.length, sha256: sha256(kBytes) })] },
      { name: 'unstated', licence: 'Apache-2.0', page: 'https://there.test', files: [file('b.pt')] },
      { name: 'gone', licence: 'MIT', page: 'https://there.test', files: [{ file: 'c.pt', url: `${at}/gone` }] },
    ] }));
  });
  const fetchModel = (...words) => new Promise((resolve) => {
    execFile(process.execPath, [kTool, ...words, '--out', folder], { env: { ...process.env, CHESTLIGHT_PUBLISHED: join(folder, 'published.json') } },
      (error, out, err) => resolve({ status: error?.code ?? 0, out, err }));
  });
  const clean = () => rmSync(folder, { recursive: true });

  test('a file is fetched, checked and shown; the second time it is there already', async () => {
    const { status, out, err } = await fetchModel('stated');
    assert.equal(status, 0, err);
    assert.match(out, /stated: licence MIT, published at https:\/\/there\.test/);
    assert.match(out, new RegExp(`a\\.pt: 0\\.3 MB, SHA-256 ${sha256(kBytes)}, as expected`));
    assert.ok(readFileSync(join(folder, 'a.pt')).equals(kBytes));
    assert.match((await fetchModel('stated')).out, /already here/);
    assert.deepEqual(ranges, [0]);
    clean();
  });

  test('an interrupted download goes on where it ended', async () => {
    served = { bytes: kBytes, cut: 100_000 };
    const first = await fetchModel('stated');
    assert.equal(first.status, 1);
    assert.match(first.err, /Run it again: it goes on where it ended/);
    assert.ok(!existsSync(join(folder, 'a.pt')));
    served = { bytes: kBytes };
    const second = await fetchModel('stated');
    assert.equal(second.status, 0, second.err);
    assert.equal(ranges.at(-1), 100_000);
    assert.ok(readFileSync(join(folder, 'a.pt')).equals(kBytes));
    clean();
  });

  test('a file that was changed is refused and not kept', async () => {
    served = { bytes: Buffer.concat([kBytes.subarray(0, -1), Buffer.from([7])]) };
    const { status, err } = await fetchModel('stated');
    assert.equal(status, 1);
    assert.match(err, /a\.pt was changed: SHA-256 [0-9a-f]{64}, expected/);
    assert.ok(!existsSync(join(folder, 'a.pt')) && !existsSync(join(folder, 'a.pt.part')));
    served = { bytes: kBytes.subarray(0, 1000) };
    assert.match((await fetchModel('stated')).err, /has 1000 bytes where its publisher states 300000/);
    clean();
  });

  test('where no hash is published, what came first is remembered', async () => {
    assert.match((await fetchModel('unstated')).out, /no hash is published, this one is remembered/);
    rmSync(join(folder, 'b.pt'));
    served = { bytes: Buffer.from('another file') };
    const { status, err } = await fetchModel('unstated');
    assert.equal(status, 1);
    assert.match(err, /was changed/);
    writeFileSync(join(folder, 'b.pt'), 'tampered');
    assert.match((await fetchModel('unstated')).err, /is not the published file/);
    clean();
  });

  test('what is not there, and wrong usage, are said', async () => {
    assert.match((await fetchModel('gone')).err, /the server answered 404/);
    assert.equal((await fetchModel('nobody')).status, 2);
    assert.equal((await fetchModel()).status, 2);
    assert.match((await fetchModel('--list')).out, /^stated {2}MIT {2}https:\/\/there\.test$/m);
    clean();
  });
});
