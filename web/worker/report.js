// Results for other programs: one record per film, as JSON or CSV. Used by the page's export and by the command line,
// so that both write the same; it knows no DOM, no files and no engine.
//
// Every record carries the notice, because a record is copied further than the file it came in.

export const NOTICE = 'For research and teaching. Not a medical device.';

/**
 * @typedef {object} FilmRecord
 * @property {string} file        as it was given
 * @property {boolean} ok         the file was read; false: see error
 * @property {{code: string, message: string, hint: string} | null} error  also set, with code "not-analysed", when the
 *   file was read but the film is not fit for the network (too small, no contrast, ...): then ok is true, findings empty
 * @property {{id: string, sha256: string} | null} model
 * @property {'chestlight' | 'browser' | null} decoder  what decoded the file; null: it was not read
 * @property {string | null} backend  what ran the network: "wasm", "webgpu", ...
 * @property {string | null} operating_point  which of the model's sets of thresholds: its id in the manifest
 * @property {{id: string, logit: number, probability: number, calibrated: number, threshold: number,
 *   state: string}[]} findings
 * @property {object | null} input  what the model saw (InputRecord of src/contract/analysis.h): the rule in words, the window, the crop in
 *   pixels of the film, inversion, rotation, and `corrections` made by a reader, null where there were none
 * @property {boolean} overridden  analysed at a reader's wish although a reason refuses it
 * @property {string[]} refusals  ids of the reasons that refuse it
 * @property {string[]} warnings  ids of the reasons that only make its scores doubtful
 * @property {number | null} evidence_residual  largest |bias + mean of the map - logit| over the findings
 * @property {string} notice
 * @property {Object<string, string>} [identifiers]  who the film is about; only where that was asked for at the export
 */

/** @returns {FilmRecord} the record of a film that was read; `analysis` is the engine's analysis JSON */
export function analysisRecord(file, analysis, { backend, decoder = null }) {
  const [refusals, warnings] = ['refuse', 'warn'].map((what) => analysis.reasons.filter(({ severity }) => severity === what));
  return {
    file,
    ok: true,
    error: analysis.analysed ? null : { code: 'not-analysed', message: refusals[0]?.text ?? '', hint: '' },
    model: analysis.model,
    decoder,
    backend,
    operating_point: analysis.operating_point?.id ?? null,
    findings: analysis.findings.map(({ id, logit, probability, calibrated, threshold, state }) => ({
      id, logit, probability, calibrated, threshold, state,
    })),
    input: analysis.input ?? null,
    overridden: analysis.overridden ?? false,
    refusals: refusals.map(({ id }) => id),
    warnings: warnings.map(({ id }) => id),
    evidence_residual: analysis.analysed ? analysis.evidence_residual : null,
    notice: NOTICE,
  };
}

/** @returns {FilmRecord} the record of a file that could not be read or run */
export function errorRecord(file, { code, message, hint }, { model = null, backend = null } = {}) {
  return {
    file, ok: false, error: { code, message, hint }, model, decoder: null, backend, operating_point: null, findings: [], input: null,
    overridden: false, refusals: [], warnings: [], evidence_residual: null, notice: NOTICE,
  };
}

/** @param {FilmRecord[]} records */
export function toJson(records) {
  return `${JSON.stringify(records, null, 2)}\n`;
}

const COLUMNS = [
  'file', 'ok', 'error_code', 'error_message', 'model', 'model_sha256', 'decoder', 'backend', 'operating_point', 'finding', 'logit', 'probability',
  'calibrated', 'threshold', 'state', 'overridden', 'warnings', 'corrections', 'input_crop', 'input_window', 'input_rule', 'evidence_residual',
  'notice',
];

/** What a spreadsheet takes for the begin of a formula, at the begin of a cell; the wide ones are of East Asian keyboards. */
const kFormula = /(^|[;|\t\r\n]\s*)([=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g;

/**
 * A CSV field by RFC 4180. In text a ' is put before what could begin a formula, so that a spreadsheet never runs it: also
 * after a separator, because many spreadsheets split at semicolons or tabs whatever the quotes say.
 */
function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = value.replace(kFormula, "$1'$2");
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @returns {(string|null)[]} corrections in words, crop "x y width height", window "black white", rule */
function inputFields(input) {
  if (!input) return [null, null, null, null];
  const { crop, window } = input;
  return [input.corrections_text, `${crop.x} ${crop.y} ${crop.width} ${crop.height}`,
    window && `${window.black} ${window.white}`, input.rule];
}

/**
 * One line per film and finding, CRLF line ends (RFC 4180); a film without findings has one line with empty columns.
 * @param {FilmRecord[]} records
 */
export function toCsv(records) {
  const identified = records.some(({ identifiers }) => identifiers);
  const lines = [[...COLUMNS, ...(identified ? ['identifiers'] : [])].join(',')];
  for (const record of records) {
    for (const finding of record.findings.length > 0 ? record.findings : [{}]) {
      lines.push([
        record.file, record.ok, record.error?.code, record.error?.message, record.model?.id, record.model?.sha256,
        record.decoder, record.backend, record.operating_point, finding.id, finding.logit, finding.probability, finding.calibrated, finding.threshold,
        finding.state, record.overridden ? record.refusals.join(' ') : '', record.warnings.join(' '),
        ...inputFields(record.input), record.evidence_residual, record.notice,
        ...(identified ? [Object.entries(record.identifiers ?? {}).map((pair) => pair.join(': ')).join('; ')] : []),
      ].map(field).join(','));
    }
  }
  return lines.map((line) => `${line}\r\n`).join('');
}
