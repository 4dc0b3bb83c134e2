// What watching costs: the example trains in the editor, in pairs of stretches, one with the run panel in sight, drawing
// ten times a second (five where training has every core), one with the same panel behind another file. With one training thread and with both of two cores.
// And how long the extension's own callbacks take while it is watched, in the panel and in the extension host.
//
//   npm run package && node bench/panel.mjs [THREADS...]
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { withEditor } from '../test/vscode/lib/editor.mjs';
import { vsix } from '../test/vscode/lib/extensions.mjs';
import { Panel } from '../test/vscode/lib/panel.mjs';
import { readEvents } from '../test/vscode/lib/runs.mjs';
import { train } from '../test/vscode/lib/workspace-test.mjs';
import { hostCallbacks } from './lib/host-profile.mjs';
import { quantile, root } from './shared.mjs';

const pairs = 8;
const stretchSeconds = 6;
/** More epochs than the stretches last. */
const configurations = {
  version: '0.2.0',
  configurations: [
    { type: 'unroll', request: 'launch', name: 'Train', program: 'main.py', args: ['--epochs', '100'] },
  ],
};
/** After a change of what is in sight. */
const settleSeconds = 1.5;

/** Steps a second of a run between two moments, s since 1970. */
function speed(run, from, to) {
  const ends = readEvents(run)
    .filter(({ scalars, time }) => scalars.has('loss/train') && time >= from && time <= to)
    .map(({ time }) => time);
  return (ends.length - 1) / (ends.at(-1) - ends[0]);
}

const sourceMap = new SourceMap(
  JSON.parse(readFileSync(path.join(root, 'dist/webview/panel.js.map'), 'utf8')),
);

/** Where a function of the panel's bundle was written. */
function originOf({ lineNumber, columnNumber }) {
  const { fileName = 'panel.js', lineNumber: line } = sourceMap.findOrigin(lineNumber, columnNumber);
  return `${fileName.replace(/^.*(?=webview\/)/, '')}:${line}`;
}

const times = ({ dur, tdur = 0 }) => ({ byClock: dur / 1000, worked: tdur / 1000 });

/**
 * Calls into the panel's script, from a trace of the browser, with how many ms they took: by the clock, and what of it
 * a processor worked on them, as training, browser and editor take turns on two. And the messages on its thread with
 * all that follows from each: those to the training view and the editor's own, which hands them on, are among them.
 */
function callbacks(trace) {
  const events = JSON.parse(trace).traceEvents.filter(({ ph }) => ph === 'X');
  const calls = events.filter(
    ({ name, args }) => name === 'FunctionCall' && /webview\/panel\.js/.test(args?.data?.url),
  );
  const threads = new Set(calls.map(({ pid, tid }) => `${pid} ${tid}`));
  const messages = events.filter(
    ({ name, pid, tid }) => name === 'HandlePostMessage' && threads.has(`${pid} ${tid}`),
  );
  return {
    calls: calls.map((call) => ({ name: originOf(call.args.data), ...times(call) })),
    messages: messages.map(times),
  };
}

function sayOf(place, calls) {
  console.log(`  ${place} in 20 s, ${calls.length}:`);
  for (const [how, key] of [
    ['on a processor', 'worked'],
    ['by the clock', 'byClock'],
  ]) {
    const ms = calls.map((call) => call[key]);
    console.log(
      `    ${how}: ${quantile(ms).toFixed(2)} ms (median), ` +
        `${quantile(ms, 0.99).toFixed(2)} ms (p99), ${Math.max(...ms).toFixed(1)} ms (most)`,
    );
  }
}

async function measure(threads) {
  const place = mkdtempSync(path.join(os.tmpdir(), 'unroll-panel-'));
  const folder = path.join(place, 'char-lm');
  cpSync(path.join(root, 'build/package/examples/char-lm'), folder, { recursive: true });
  mkdirSync(path.join(folder, '.vscode'));
  writeFileSync(path.join(folder, '.vscode/launch.json'), JSON.stringify(configurations));
  try {
    await withEditor('panel', { vsix: vsix(), settings: { 'unroll.threads': threads } }, async (editor) => {
      const workbench = await editor.open(folder);
      const run = await train(workbench, folder, 100);
      await workbench.page.keyboard.press('Control+2'); // the panel's group
      await sleep(1000 * settleSeconds);
      await workbench.openFile('README.md');
      const tab = (name) => workbench.page.locator('.tabs-container .tab').filter({ hasText: name }).last();
      const title = (await workbench.editors()).at(-1).find((name) => name.startsWith('main ·'));
      const stretch = async (isWatched) => {
        await tab(isWatched ? title : 'README.md').click();
        await sleep(1000 * settleSeconds);
        const from = Date.now() / 1000;
        await sleep(1000 * stretchSeconds);
        return { from, to: Date.now() / 1000 };
      };
      const watched = [];
      const idle = [];
      for (let pair = 0; pair < pairs; pair++)
        for (const isWatched of pair % 2 ? [true, false] : [false, true])
          (isWatched ? watched : idle).push(await stretch(isWatched));
      const ratios = watched.map(
        ({ from, to }, i) => speed(run, from, to) / speed(run, idle[i].from, idle[i].to),
      );
      console.log(
        `${threads} training thread${threads > 1 ? 's' : ''}, ${speed(run, idle[0].from, idle[0].to).toFixed(1)} steps/s: ` +
          `watched ${(100 * quantile(ratios)).toFixed(1)} % of the speed (median of ${pairs} pairs, ` +
          `${ratios.map((ratio) => (100 * ratio).toFixed(1)).join(' ')})`,
      );

      await tab(title).click();
      const panel = await Panel.of(workbench); // another page each time
      const file = path.join(place, 'trace.json');
      const browser = workbench.page.context().browser();
      await sleep(4000); // it reads the run
      await browser.startTracing(workbench.page, { path: file, categories: ['devtools.timeline'] });
      const tour = async () => {
        for (const name of ['Loss', 'Gradients', 'Through time', 'Tensors']) {
          await panel.tab(name);
          await sleep(5_000);
        }
      };
      await tour();
      await browser.stopTracing();
      const { calls, messages } = callbacks(readFileSync(file, 'utf8'));
      const longest = calls.toSorted((a, b) => b.worked - a.worked).slice(0, 5);
      sayOf('callbacks in the panel', calls);
      console.log(
        `    longest: ${longest.map(({ name, worked }) => `${name} ${worked.toFixed(1)} ms`).join(', ')}`,
      );
      sayOf('messages on its thread', messages);
      sayOf('callbacks in the extension host', await hostCallbacks(editor, tour));
      await panel.press('Stop');
      await panel.says(/Saved/);
    });
  } finally {
    rmSync(place, { recursive: true });
  }
}

const threads = process.argv.slice(2).map(Number);
for (const count of threads.length > 0 ? threads : [1, 2]) await measure(count);
