// cxr model: lists models, checks one against its hashes and golden examples, writes one as ONNX.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { stderr, stdout } from 'node:process';
import { failure, messageOf } from '../../web/shared/errors.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments } from './arguments.mjs';
import { importModel } from './model_import.mjs';
import { listOwnModels } from './own_models.mjs';
import { withMetadata } from './onnx_metadata.mjs';
import { alignTable } from './text.mjs';
import { Workbench, listModels, readModel, readModelFile } from './workbench.mjs';

export const kModelHelp = `Usage: cxr model list [--json]
       cxr model import FILE… [--as ID] [--known ID] [--labels A,B,…] [--side N]
                                [--config FILE] [--replace] [--json]
       cxr model verify ID [--json]
       cxr model export ID --onnx FILE [--precision fp32|fp16]

  list                      the models of the built page, of which the default one has a *, and your own, marked "own"
  import                    makes a model of your own from a checkpoint: a file of torch.save (a state dict, a module, or a
                            dict with either), .safetensors, or shards with their index; nothing in it is executed.
                            DenseNet, ResNet, MobileNetV2 and MobileNetV3 are built from their tensors. Or from a finished ONNX
                            graph: with evidence maps where it ends in global average pooling and a linear layer
    --as ID                 its name; without it, what it is known as or the file's name
    --known ID              the published model that it is, where the file was renamed
    --labels A,B,…          what its outputs mean, in their order
    --side N                pixels of its input (default: as published, or 224)
    --config FILE           labels, a line each, or JSON with labels, mean and std; without it, config.json beside
                            safetensors, as timm writes it
    --replace               even where there is a model of that name
  verify                    checks the SHA-256 and size of every file that the manifest vouches for, and runs the golden
                            examples: logits and evidence maps must be what PyTorch gave, within the stated tolerance
  export                    writes the network as an ONNX file: input "input" [n, channels, height, width], prepared as the
                            manifest says; outputs "logits" [n, findings] and "features" [n, channels, height, width]
  --site DIR                the built page whose models are used (default: build/web/site)

Your own models lie in CHESTLIGHT_MODELS, or in chestlight/models of your data folder; remove one by removing its folder.

Exit status: 0 done, or all checks passed; 1 a check failed, or the model or a file is unusable; 2 wrong usage.

${NOTICE}
`;

/** @type {Record<string, (words: string[]) => Promise<number>>} */
const kActions = { list, import: importModel, verify, export: exportOnnx };

/** @param {string[]} words @returns {Promise<number>} the exit status */
export async function model([action, ...rest]) {
  if (!Object.hasOwn(kActions, action ?? '')) {
    throw new UsageError(action === undefined ? 'Say what to do: list, import, verify or export.' : `There is no "model ${action}".`);
  }
  return kActions[action](rest);
}

/** @param {string[]} args */
async function list(args) {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  if (positionals.length) throw new UsageError('"model list" takes no names.');
  const index = await listModels(values.site);
  const own = await listOwnModels();
  if (values.json) {
    stdout.write(`${JSON.stringify({ ...index, own }, null, 2)}\n`);
  } else {
    /** @param {string} mark @param {{id: string, name: string, bytes: number}} model */
    const row = (mark, { id, name, bytes }) => [mark, id, `${(bytes / 1e6).toFixed(1)} MB`, name];
    const rows = [...index.models.map((one) => row(one.id === index.default ? '*' : '', one)), ...own.map((one) => row('own', one))];
    stdout.write(alignTable([['', 'ID', 'SIZE', 'NAME'], ...rows], [false, false, true]));
  }
  return 0;
}

/** @param {string[]} positionals */
function oneId(positionals) {
  if (positionals.length !== 1) throw new UsageError('Name one model.');
  return positionals[0];
}

/** @param {string[]} args */
async function verify(args) {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  const files = await readModel(values.site, oneId(positionals));
  const manifest = JSON.parse(new TextDecoder().decode(files.manifest));
  const checks = await checkFiles(values.site, files, manifest);
  if (checks.every(({ ok }) => ok)) checks.push(...await checkGolden(values.site, files, manifest));
  const ok = checks.every((check) => check.ok);
  if (values.json) {
    stdout.write(`${JSON.stringify({ model: files.id, ok, checks, notice: NOTICE }, null, 2)}\n`);
  } else {
    stdout.write(alignTable([['CHECK', 'RESULT', 'FOUND'],
      ...checks.map((check) => [check.what, check.ok ? 'ok' : 'FAILED', check.found])]));
  }
  return ok ? 0 : 1;
}

/**
 * @typedef {import('../../web/worker/models.js').ModelFiles} ModelFiles
 * @typedef {{what: string, ok: boolean, found: string}} Check
 * @typedef {{files: Record<string, {sha256: string, bytes: number}>, golden?: string}} Manifest what is used of it here
 * 
 * @param {string} site
 * @param {ModelFiles} files
 * @param {Manifest} manifest
 */
async function checkFiles(site, files, manifest) {
  /** @type {Check[]} */
  const checks = [];
  for (const [name, expected] of Object.entries(manifest.files)) {
    try {
      const bytes = await readModelFile(site, files.id, name);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const ok = sha256 === expected.sha256 && bytes.byteLength === expected.bytes;
      checks.push({ what: name, ok, found: `${bytes.byteLength} bytes, SHA-256 ${sha256}` });
    } catch (error) {
      checks.push({ what: name, ok: false, found: messageOf(error) });
    }
  }
  return checks;
}

/** @param {string} site @param {ModelFiles} files @param {Manifest} manifest @returns {Promise<Check[]>} */
async function checkGolden(site, files, manifest) {
  if (!manifest.golden) return [{ what: 'golden examples', ok: false, found: 'the manifest names none' }];
  /** @type {{weights_sha256: string, tolerance: Tolerance, examples: Example[]}} */
  const golden = JSON.parse(new TextDecoder().decode(await readModelFile(site, files.id, manifest.golden)));
  const bench = await Workbench.start(site, { files });
  const sameWeights = golden.weights_sha256 === bench.model.sha256;
  const checks = [{ what: manifest.golden, ok: sameWeights, found: `made from ${sameWeights ? 'these' : 'other'} weights` }];
  for (const example of golden.examples) {
    const bytes = await readModelFile(site, files.id, example.film);
    checks.push(await bench.withFilm(example.film, bytes, async (film) => {
      const { analysis, blobs } = await bench.analyse(film);
      return compareExample(example, analysis, blobs[0], golden.tolerance);
    }));
  }
  await bench.close();
  return checks;
}

/**
 * @typedef {{logits: number, maps: number}} Tolerance the largest differences allowed
 * @typedef {{film: string, logits: number[], maps: {values: number[]}}} Example
 * 
 * @param {Example} example
 * @param {import('../../web/worker/engine_methods.js').JobResults['analyse']} analysis
 * @param {Uint8Array} mapBytes
 * @param {Tolerance} tolerance
 * @returns {Check}
 */
function compareExample(example, analysis, mapBytes, tolerance) {
  if (!analysis.analysed) return { what: example.film, ok: false, found: analysis.reasons.map(({ text }) => text).join(' ') };
  const logits = largestDistance(analysis.findings.map(({ logit }) => logit), example.logits);
  const maps = largestDistance(new Float32Array(mapBytes.buffer, mapBytes.byteOffset, mapBytes.byteLength / 4), example.maps.values);
  return {
    what: example.film, ok: logits <= tolerance.logits && maps <= tolerance.maps,
    found: `logits within ${logits.toExponential(1)} of PyTorch's (allowed ${tolerance.logits}), `
      + `maps within ${maps.toExponential(1)} (allowed ${tolerance.maps})`,
  };
}

/** @param {ArrayLike<number>} found @param {number[]} expected */
function largestDistance(found, expected) {
  if (found.length !== expected.length) return Infinity;
  return expected.reduce((largest, value, index) => Math.max(largest, Math.abs(found[index] - value)), 0);
}

/** @param {string[]} args */
async function exportOnnx(args) {
  const { values, positionals } = readArguments(args, { onnx: { type: 'string' }, precision: { type: 'string', default: 'fp32' } });
  const id = oneId(positionals);
  if (!values.onnx) throw new UsageError('Say where to write the network: --onnx FILE.');
  if (!['fp32', 'fp16'].includes(values.precision)) throw new UsageError(`--precision ${values.precision}: expected fp32 or fp16.`);
  const files = await readModel(values.site, id);
  const bench = await Workbench.start(values.site, { files, network: false });
  const { name, version, licence, sha256, labels } = bench.model;
  const onnx = withMetadata(bench.graph('forward', values.precision), {
    notice: NOTICE, model: `${id} (${name})`, version, licence, weights_sha256: sha256,
    labels: labels.map((label) => label.id).join(', '),
  });
  try {
    await writeFile(values.onnx, onnx);
  } catch (error) {
    throw failure('not-written', `The network cannot be written (${messageOf(error)}).`, 'Name a file in a folder that exists.');
  }
  stderr.write(`${values.onnx}: ${onnx.length} bytes, ${values.precision}. ${NOTICE}\n`);
  return 0;
}
