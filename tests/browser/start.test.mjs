// The start, with one of its files missing, replaced by a web page, or cut short: the page says which, in its own words, and offers
// to try again; it never stays at its name, and nothing is said about a finding. And while the browser has taken the graphics away,
// the text stays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';

import { kForDrawnFilms, kPatience, kSite, launchBrowser, openPage, pageTests } from './support/browser.mjs';
import { kDamages, openDamageableSite } from './support/damageable_site.mjs';
import { makeChest } from './support/images.mjs';

/** A script and all that it imports at once, by their paths in the site. */
function graphOf(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(join(kSite, path), 'utf8');
  for (const [, target] of text.matchAll(/^import\b[^;]*?'(\.[^']+)';/gm)) graphOf(posix.join(posix.dirname(path), target), found);
  return found;
}

const kBootFiles = [...graphOf('page/ui.js', graphOf('page/boot.js')), 'ui.wasm', 'style.css',
  'fonts/inter-regular.ttf', 'fonts/inter-medium.ttf', 'shaders/film.vert', 'shaders/film_sample.frag', 'shaders/film.frag'];
/** What only the engine's thread needs, its modules in many folders. */
const kThreadFiles = [...graphOf('worker/engine.worker.js')].filter((path) => !kBootFiles.includes(path));
/** What the reader is told of the file. */
const kSaid = { missing: 'is missing', 'a web page': 'is a web page', 'cut short': 'is cut short' };
/** A script that is missing and one that is a web page end alike, in one error of the browser: each is tried with one of them. */
const isTried = (path, damage) => damage === 'cut short' || !/\.m?js$/.test(path)
  || damage === ['missing', 'a web page'][kBootFiles.indexOf(path) % 2];

let browser;
let site;
let page;
before(async () => {
  browser = await launchBrowser();
  site = await openDamageableSite(browser);
  page = site.page;
});
after(async () => {
  await site?.close();
  await browser?.close();
});

/** What is to be read, and whether anything is said about a finding. */
const lookAt = (one = page) => one.evaluate(() => {
  const read = (id) => {
    const element = document.getElementById(id);
    return element?.checkVisibility({ visibilityProperty: true }) ? element.innerText : '';
  };
  const state = globalThis.chestlight?.state ?? null;
  return { notice: read('notice'), late: read('late'), engine: state?.engine ?? '', errors: state?.errors ?? [],
    findings: state?.findings.length ?? 0, hasButton: Boolean(document.querySelector('#notice:not([hidden]) button')) };
});

async function until(holds, one = page) {
  for (const end = Date.now() + kPatience; ; await pause(30)) {
    const seen = await lookAt(one);
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new assert.AssertionError({ message: `the page never said it: ${JSON.stringify(seen)}` });
  }
}

describe('a file of the start', () => {
  for (const [damage, change] of Object.entries(kDamages)) {
    for (const path of kBootFiles.filter((one) => isTried(one, damage))) {
      test(`${path} is ${damage}: the page says so and offers to try again`, async () => {
        await site.withDamaged(path, change, async () => {
          const seen = await until(({ notice }) => notice.includes(`${path} ${kSaid[damage]}`));
          assert.equal(seen.findings, 0);
          assert.ok(seen.hasButton);
        });
      });
    }

    test(`the watchdog is ${damage}: the page starts without it`, async () => {
      await site.withDamaged('page/watchdog.js', change, async () => {
        assert.equal((await until(({ engine }) => engine === 'ready')).late, '');
      });
    });
  }

  for (const [index, path] of kThreadFiles.entries()) {
    const damage = Object.keys(kDamages)[index % 3]; // in turn: the thread has many files, and each takes its time
    test(`${path} is ${damage}: the engine is said to have failed, and why`, async () => {
      await site.withDamaged(path, kDamages[damage], async () => {
        const seen = await until(({ engine }) => engine === 'failed');
        assert.ok(seen.errors[0].message.includes(`${path} ${kSaid[damage]}`), seen.errors[0].message);
        assert.equal(seen.findings, 0);
      });
    });
  }

  test('neither the watchdog nor the page comes: the words of the page itself appear', async () => {
    await site.withDamaged('page/watchdog.js', null, async () => {
      await site.withDamaged('page/boot.js', null, () => until(({ late }) => /a file of this page did not come: reload/.test(late)));
    });
  });

  test('a script that does nothing is noticed by the silence', async () => {
    await site.withDamaged('page/boot.js', () => Buffer.from(''), () => until(({ notice }) => /nothing has come for a while.*page\/boot\.js is cut short/s.test(notice)));
  });

  test('a script that the host sends as something else is named, and the type with it', async (t) => {
    const one = await openPage(browser, { query: kForDrawnFilms });
    t.after(() => one.close());
    await one.page.route('**/ui.mjs', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
    });
    await one.page.reload();
    await until(({ notice }) => /ui\.mjs is sent as application\/octet-stream, which browsers do not run/.test(notice), one.page);
  });

  test('once the file is there, the button starts the page', async () => {
    await site.withDamaged('page/host.js', null, () => until(({ hasButton }) => hasButton));
    await page.getByRole('button', { name: 'Try again' }).click();
    const seen = await until(({ engine }) => engine !== '');
    assert.equal(seen.notice, '');
    assert.equal(seen.late, '');
  });
});

const onPage = pageTests();

onPage('while the graphics are taken away the page is text, and it is drawn again when they come back', {}, async (one) => {
  await one.drop([{ name: 'chest.png', bytes: makeChest() }]);
  await one.until(({ films }) => films[0]?.status === 'analysed');
  await one.page.evaluate(() => {
    globalThis.taken = document.querySelector('#screen').getContext('webgl2').getExtension('WEBGL_lose_context');
    globalThis.taken.loseContext();
  });
  await until(({ notice }) => /taken the graphics away/.test(notice), one.page);
  const mirror = one.page.locator('#mirror');
  assert.ok((await mirror.boundingBox()).width > 600, 'the text is the page');
  assert.match(await mirror.innerText(), /chest\.png/);
  await one.page.evaluate(() => globalThis.taken.restoreContext());
  await until(({ notice }) => notice === '', one.page);
  assert.ok((await mirror.boundingBox()).width <= 1);
});
