// How long the extension's callbacks take in its host: from samples of the host's stack, ten thousand a second, taken
// over the inspector that the host opens on the loopback when it is asked to by a signal.
import { createRequire } from 'node:module';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { extensionHosts } from '../../test/vscode/lib/ends.mjs';
import { root } from '../shared.mjs';

const { WebSocket } = createRequire(`${root}/test/vscode/`)('ws');
const sampleMicroseconds = 100;
/** Samples are no further apart than this while the host's thread has a processor. */
const mostMicroseconds = 1000;
const inspector = 'http://127.0.0.1:9229/json';

/** Profiles the only extension host there is while `body` runs. @returns callbacks' durations in ms: see `durations` */
export async function hostCallbacks(editor, body) {
  const [host, ...others] = extensionHosts(editor);
  if (!host || others.length > 0) throw new Error(`${others.length + (host ? 1 : 0)} extension hosts`);
  process.kill(host.pid, 'SIGUSR1');
  const socket = new WebSocket(await address());
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  let id = 0;
  const call = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const mine = ++id;
      const take = (data) => {
        const answer = JSON.parse(data);
        if (answer.id !== mine) return;
        socket.off('message', take);
        if (answer.error) reject(new Error(answer.error.message));
        else resolve(answer.result);
      };
      socket.on('message', take);
      socket.send(JSON.stringify({ id: mine, method, params }));
    });
  try {
    await call('Profiler.enable');
    await call('Profiler.setSamplingInterval', { interval: sampleMicroseconds });
    await call('Profiler.start');
    await body();
    const { profile } = await call('Profiler.stop');
    return durations(profile);
  } finally {
    socket.close();
  }
}

async function address() {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      const [target] = await (await fetch(inspector)).json();
      return target.webSocketDebuggerUrl;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('the extension host opens no inspector');
}

/**
 * Stretches of samples with the extension on the stack, by the clock and what of it the thread had a processor; calls
 * that follow on each other without a rest count as one.
 */
function durations({ nodes, samples, timeDeltas }) {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const own = new Set(
    nodes.filter(({ callFrame }) => /unroll[^/]*\/dist\/\w+\.c?js/.test(callFrame.url)).map(({ id }) => id),
  );
  const isOwn = new Map();
  for (const { id } of nodes) {
    let at = id;
    while (at !== undefined && !own.has(at)) at = parents.get(at);
    isOwn.set(id, at !== undefined);
  }
  const found = [];
  let [byClock, worked] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    if (isOwn.get(sample)) {
      const delta = timeDeltas[i + 1] ?? sampleMicroseconds;
      byClock += delta / 1000;
      worked += Math.min(delta, mostMicroseconds) / 1000;
    } else if (byClock > 0) {
      found.push({ byClock, worked });
      [byClock, worked] = [0, 0];
    }
  }
  return found;
}
