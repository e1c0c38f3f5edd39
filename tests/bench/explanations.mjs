// What explanations promise about time: sixteen shifted looks cost no more than batching lets them, and a long explanation
// says how far it is from its first second on. Switching between maps that are there already is the page's own work and
// measured in it (tests/browser/explanations.test.mjs).
import { processorTime, timeInTurns } from './measure.mjs';

const kOurPart = 1.10;         // beside the network's own time
const kFirstStepSeconds = 1;
const kShifts = 16;
const kBatch = 8;              // films per request (src/explain/question.h)

/** Fine evidence against sixteen forward passes, divided by what a batch of eight gains. */
export async function fineEvidence(ort, bench, forward, { feeds, fetches }, bytes, rounds) {
  const [name] = Object.keys(feeds);
  const { data, dims } = feeds[name];
  const eight = new Float32Array(kBatch * data.length);
  for (let i = 0; i < kBatch; i += 1) eight.set(data, i * data.length);
  const batch = { [name]: new ort.Tensor('float32', eight, [kBatch, ...dims.slice(1)]) };
  const [{ id: finding }] = bench.model.labels;
  const times = await bench.withFilm('film', bytes, (film) => timeInTurns({
    one: () => forward.run(feeds, fetches),
    eight: () => forward.run(batch, fetches),
    look: () => bench.run('explain', { film: film.film, finding, method: 'evidence', anyway: true }),
    fine: () => bench.run('explain', { film: film.film, finding, method: 'fine-evidence', anyway: true }),
  }, { rounds, warmUp: 1 }));
  const gain = (kBatch * times.one) / times.eight;
  const shifts = (times.fine - times.look) / times.one;
  return {
    what: `fine evidence of ${kShifts} shifts, beside its first look, DenseNet-121 at 224 px`,
    figure: `${shifts.toFixed(1)} forward passes; batching gains ${gain.toFixed(2)} ×`,
    goal: `≤ ${kShifts} ÷ ${gain.toFixed(2)} (and 10 % for our own part)`, met: shifts <= (kShifts / gain) * kOurPart,
    values: { forward_ms: times.one, batch_of_8_ms: times.eight, look_ms: times.look, fine_ms: times.fine, gain, shifts },
  };
}

/** Occlusion at 14 × 14 places: when its first step is told, and the longest silence after it. */
export async function occlusionProgress(bench, bytes) {
  const [{ id: finding }] = bench.model.labels;
  const told = [];
  const stop = new Error('enough seen');
  await bench.withFilm('film', bytes, async (film) => {
    const start = processorTime();
    const onProgress = ({ done, total }) => {
      told.push({ seconds: (processorTime() - start) / 1000, done, total });
      if (told.length === 4) throw stop;  // the other steps are like these
    };
    await bench.run('explain', { film: film.film, finding, method: 'occlusion', anyway: true }, { onProgress })
      .catch((error) => { if (error !== stop) throw error; });
  });
  const [first] = told;
  const silence = Math.max(...told.slice(1).map(({ seconds }, index) => seconds - told[index].seconds));
  return {
    what: `occlusion of 196 positions, ${first.total} steps: the first is told after`,
    figure: `${first.seconds.toFixed(2)} s, the next ones every ${silence.toFixed(2)} s`,
    goal: `< ${kFirstStepSeconds} s`, met: first.seconds < kFirstStepSeconds, values: { first_s: first.seconds, silence_s: silence },
  };
}
