// Reports on the page: pages come from the engine one by one, are put in order, and are then printed or offered as one file.
//
// The policy of the page lets in no style, picture or frame that is not a file of the site, and stays so: a report is printed from a
// part of this page with a style sheet of its own, and its pictures are drawn on canvases.

/** Pages that are printed at most: each holds two canvases. More are offered as a file. */
export const kMostPrinted = 40;

const kMissing = 'No page of the report could be made.';

/**
 * @typedef {import('../shared/contract.js').ReportPageWritten} ReportPageWritten
 *
 * @param {{offer: (file: {name: string, mime: string}, parts: BlobPart[]) => void, print: (html: string) => Promise<void>,
 *   notice: (text: string) => void}} desk
 * @returns {(message: ReportPageWritten, buffer?: ArrayBuffer) => void} for every page of a report
 */
export function createReportDesk({ offer, print, notice }) {
  /** By number of the report. @type {Map<number, {pages: (ArrayBuffer|null)[], left: number}>} */
  const reports = new Map();

  /** @param {import('../shared/contract.js').Written<ReportPageWritten>} last @param {ArrayBuffer[]} pages */
  async function finish({ name, head, tail, print: printed }, pages) {
    if (pages.length === 0) return notice(kMissing);
    if (printed && pages.length <= kMostPrinted) {
      const decoder = new TextDecoder();
      return print([head, ...pages.map((page) => decoder.decode(page)), tail].join(''));
    }
    offer({ name, mime: 'text/html' }, [head, ...pages, tail]);
    return notice(printed ? `More than ${kMostPrinted} films are not printed from here: ${name} was saved. Open it and print it.`
      : `Exported ${name}`);
  }

  return (message, buffer) => {
    const { report, page, pages } = message;
    const known = reports.get(report) ?? { pages: Array(pages).fill(null), left: pages };
    reports.set(report, known);
    known.pages[page - 1] = buffer ?? null;
    known.left -= 1;
    if (known.left > 0) return;
    reports.delete(report);
    const whole = known.pages.flatMap((one) => (one?.byteLength ? [one] : []));
    finish(/** @type {import('../shared/contract.js').Written<ReportPageWritten>} */ (message), whole)
      .catch(() => notice('The browser could not print the report. Save it as HTML and print that.'));
  };
}

const kHost = 'report';

/**
 * Puts the report into the page, where only print shows it (style.css), and opens the browser's print dialogue.
 * @param {string} html a whole report @param {Document} [page]
 */
export async function printReport(html, page = document) {
  // A style element is against the policy even where it is only parsed, so its text is taken out before.
  const [whole, style] = /<style>([^]*?)<\/style>/.exec(html) ?? ['', ''];
  const parsed = new DOMParser().parseFromString(html.replace(whole, ''), 'text/html');  // inert: nothing in it is fetched or run
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  for (const image of parsed.querySelectorAll('img')) image.replaceWith(await canvasOf(image, page));

  page.getElementById(kHost)?.remove();
  const host = Object.assign(page.createElement('div'), { id: kHost });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.append(page.adoptNode(/** @type {Element} */ (parsed.querySelector('.report'))));
  page.body.append(host);
  const window = /** @type {Window} */ (page.defaultView);
  const title = page.title;
  page.title = parsed.title;  // the browser's name for the PDF
  window.addEventListener('afterprint', () => {
    page.title = title;
    host.remove();
  }, { once: true });
  window.print();
}

/** @param {HTMLImageElement} image whose address holds a PNG @param {Document} page */
async function canvasOf(image, page) {
  const bytes = Uint8Array.from(atob(/** @type {string} */ (image.getAttribute('src')).split(',')[1]), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = Object.assign(page.createElement('canvas'), { width: bitmap.width, height: bitmap.height, className: image.className });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', image.alt);
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}
