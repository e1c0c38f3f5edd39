#!/usr/bin/env node
// cxr: chest X-rays from the command line, on the same engine and network as the page, for scripts and batches.
//
//   node tools/cxr.mjs predict FILE|DIR|ZIP… [--json|--csv] [--heatmap DIR] [--model ID]
//   node tools/cxr.mjs --help
//
// It runs on the processor, in a thread of one process (cxr predict --jobs: of several), and sends nothing anywhere. Results go to
// standard output; progress and errors of the program itself to standard error.
import { argv, stderr, stdout } from 'node:process';
import { asError } from '../web/shared/errors.js';
import { UsageError } from './cxr/arguments.mjs';
import { evaluate, kEvaluateHelp } from './cxr/evaluate.mjs';
import { anatomy, kAnatomyHelp } from './cxr/anatomy.mjs';
import { drift, kDriftHelp } from './cxr/drift.mjs';
import { explain, kExplainHelp, kTrustHelp, trust } from './cxr/explain.mjs';
import { head, kHeadHelp } from './cxr/head.mjs';
import { inspect, kInspectHelp } from './cxr/inspect.mjs';
import { kModelHelp, model } from './cxr/model.mjs';
import { kReportHelp, report } from './cxr/report.mjs';
import { kPredictHelp, predict } from './cxr/predict.mjs';
import { version } from './cxr/version.mjs';
import { isCommandThread, runInThread } from './cxr/terminal.mjs';

const kHelp = `Findings in chest X-rays, on your own machine.

  cxr predict FILE|DIR|ZIP… 14 findings per film, as a table, JSON or CSV; heat maps
  cxr report FILE|DIR|ZIP…  a page for each film, to print or to save as PDF
  cxr explain FILE          where the evidence for one finding lies, by one of several methods
  cxr trust FILE            whether such a map deserves trust
  cxr evaluate FOLDER       how good models are on films with labels
  cxr head FOLDER           a head of your own on a network's features, from films with labels
  cxr drift                 whether one batch of films is like another
  cxr anatomy FILE|DIR|ZIP… where lungs and heart lie, the cardiothoracic ratio, how the film lies
  cxr inspect FILE…         what a file holds: format, size, range of values
  cxr model list            the models that are there
  cxr model import FILE     makes a model of your own from a checkpoint of PyTorch or safetensors
  cxr model verify ID       checks a model's files and its numbers
  cxr model export ID       writes a model's network as ONNX

  cxr COMMAND --help        more about a command
  cxr --version             the version of the engine

Options of every command
  --site DIR                the built page, whose engine and models are used (default: build/web/site,
                            or the environment's CHESTLIGHT_SITE)

Exit status: 0 all went well; 1 the engine, the model or the runtime did not start, or a model failed its check;
2 wrong usage; 3 some files were not read.

For research and teaching. Not a medical device.
`;

/** @type {Record<string, {run: (words: string[]) => Promise<number>, help: string}>} */
const kCommands = {
  predict: { run: predict, help: kPredictHelp },
  report: { run: report, help: kReportHelp },
  explain: { run: explain, help: kExplainHelp },
  trust: { run: trust, help: kTrustHelp },
  evaluate: { run: evaluate, help: kEvaluateHelp },
  drift: { run: drift, help: kDriftHelp },
  head: { run: head, help: kHeadHelp },
  anatomy: { run: anatomy, help: kAnatomyHelp },
  inspect: { run: inspect, help: kInspectHelp },
  model: { run: model, help: kModelHelp },
  '--version': { run: version, help: kHelp },
};

/** @param {string[]} words @returns {Promise<number>} the exit status */
async function main([name, ...rest]) {
  if (name === '--help' || name === '-h' || name === 'help') {
    stdout.write(kCommands[rest[0]]?.help ?? kHelp);
    return 0;
  }
  const command = Object.hasOwn(kCommands, name ?? '') ? kCommands[name] : null;
  try {
    if (!command) throw new UsageError(name === undefined ? 'No command was given.' : `There is no command "${name}".`, kHelp);
    if (rest.includes('--help') || rest.includes('-h')) {
      stdout.write(command.help);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`cxr: ${error.message}\n\n${error.usage ?? command?.help}`);
      return 2;
    }
    const { message, hint } = asError(error, { hint: '' });
    stderr.write(`cxr: ${message}${hint ? ` ${hint}` : ''}\n`);
    return 1;
  }
}

if (isCommandThread) {
  const status = await main(argv.slice(2));
  // The runtime's threads keep this one alive; what was written must still get out.
  stderr.write('', () => stdout.write('', () => process.exit(status)));
} else {
  runInThread(new URL(import.meta.url), argv.slice(2));
}
