// The hover in Python files: what it says of a run that goes on and of one that is over is what the run has.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { hover } from './lib/hover.mjs';
import { runRecord } from './lib/runs.mjs';
import { shown } from './lib/shown.mjs';
import { until } from './lib/workbench.mjs';
import { testInWorkspace, train } from './lib/workspace-test.mjs';

/** Three digits in the one, four in the other. */
function assertSame(hovered, printed) {
  assert.deepEqual(Object.keys(hovered), Object.keys(printed));
  for (const [name, text] of Object.entries(hovered)) {
    const [a, b] = [Number(text), Number(printed[name])];
    assert.ok(Math.abs(a - b) <= 0.0056 * Math.abs(b), `${name}: ${text} and ${printed[name]}`);
  }
}

/** The numbers in a hover's line. */
function numbersIn(text, start = '') {
  const line = text.split('\n').find((each) => each.startsWith(`${start}norm `));
  assert.ok(line, text);
  const pairs = [...line.matchAll(/(norm|mean|std|min|max) ([^\s,]+)/g)];
  return Object.fromEntries(pairs.map(([, name, number]) => [name, number]));
}

const stepOf = (text) => Number(/step ([\d,]+) of main/.exec(text)?.[1].replaceAll(',', ''));

testInWorkspace('the hover says what a run has', {}, async (window, folder) => {
  const run = await train(window, folder);
  const says = async (file, marked) => (await (await hover(window, folder, file, marked)).innerText()).trim();

  // On a busy machine a first answer may be that values come with the next step.
  const attribute = await until('the values', async () => {
    const text = await says('model.py', 'self.r|nn = nn.LSTM');
    assert.match(text, /^rnn LSTM · weight_hh_l0 \[192, 48\] float32 on cpu\n/);
    return !text.includes('Its values come with the next step.') && text;
  });
  assert.match(attribute, /\ngradient: norm /);
  assert.match(await says('model.py', 'nn.LS|TM(ninp'), /^rnn LSTM · /);
  assert.match(await says('main.py', 'ne|t = model'), /^WordModel/);
  const first = await until(
    'a step',
    async () => stepOf(await says('main.py', '        lo|ss = criterion')) || null,
  );
  await until('a later step', async () => {
    const step = stepOf(await says('main.py', '        lo|ss = criterion'));
    return step > first;
  });
  assert.equal(await hover(window, folder, 'main.py', 'time.ti|me()', 3_000), null);

  await window.run('Unroll: Stop');
  await until('its end', () => runRecord(run).ended !== null);
  const over = await until('the hover of the run that is over', async () => {
    const text = await says('model.py', 'self.r|nn = nn.LSTM');
    return stepOf(text) === runRecord(run).steps && text;
  });
  assertSame(numbersIn(over), shown(run, 'rnn.weight_hh_l0'));
  const embedding = await says('model.py', 'self.enc|oder(words)');
  assert.match(embedding, /^encoder Embedding · weight /);
  assertSame(numbersIn(embedding), shown(run, 'encoder.weight'));

  assert.doesNotMatch(over, /has changed/);
  appendFileSync(path.join(folder, 'model.py'), '\n# Another line.\n');
  await until('the changed file', async () =>
    (await says('model.py', 'self.r|nn = nn.LSTM')).includes('this file has changed since the run'),
  );
});
