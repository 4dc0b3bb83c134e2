// The extension host as a page sees it, inside the page: `acquireVsCodeApi` over a scenario. Everything goes through
// structured clones and the one RPC class, as it does in VS Code.
import { Rpc, type Handlers, type Transport } from '../../../protocol/rpc.ts';
import type { HostViewMethods, PageMethods, RunSummary } from '../../../protocol/view.ts';
import { MadeTensors } from './tensors.ts';
import { scenarios, type Scenario, type ScenarioName } from './scenarios.ts';

/** As many points as one answer holds. */
const chunkPoints = 65_536;

export interface FakeHost {
  scenario: Scenario;
  /** What the page has asked for, in order. */
  calls: { method: string; params: unknown }[];
  saved: { name: string; bytes: number[] }[];
  /** The next call of this method fails with this sentence. */
  refuse: { method: string; why: string } | null;
  /** The run in the foreground goes on. */
  grow: (steps: number) => void;
  /** Changes the run in the foreground. */
  change: (run: Partial<RunSummary>) => void;
  /** The values of a series of the run in the foreground, as they are stored. */
  values: (tag: string) => number[];
  tell: Rpc<HostViewMethods, PageMethods>['notify'];
}

declare global {
  interface Window {
    pageState: unknown;
    fake: FakeHost;
    acquireVsCodeApi: () => unknown;
  }
}

class PageTransport implements Transport {
  onMessage: (message: unknown) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;

  send(message: unknown): void {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      window.dispatchEvent(new MessageEvent('message', { data: copy }));
    });
  }

  close(): void {
    throw new Error('the page spoke nonsense');
  }
}

const transport = new PageTransport();
const query = new URLSearchParams(location.search);
const scenario: Scenario = scenarios[query.get('scenario') as ScenarioName]();
window.pageState = JSON.parse(query.get('memory') ?? 'null');
const recordingOf = (run: string) => {
  const recording = scenario.recordings.get(run);
  if (!recording) throw new Error(`no run ${run}`);
  return recording;
};

const handlers: Handlers<HostViewMethods> = {
  ready: () => scenario.state,
  series: ({ run }) => recordingOf(run).info(),
  points: ({ run, wanted }) => wanted.map(({ tag, from }) => recordingOf(run).points(tag, from, chunkPoints)),
  events: ({ run, from }) => recordingOf(run).events.slice(from),
  model: ({ run, known }) => scenario.tensors?.get(run)?.model(known) ?? null,
  inspect: ({ run, question }) => {
    const tensors = scenario.tensors?.get(run) ?? new MadeTensors([]);
    const summary = scenario.state.runs.find(({ id }) => id === run);
    const isLive = summary?.ended === null;
    return tensors.inspect(question, summary?.step ?? 0, isLive);
  },
  act: () => undefined,
  setLearningRateScale: () => undefined,
  setForm: () => undefined,
  showRuns: ({ runs }) => {
    scenario.state = { ...scenario.state, shown: runs };
  },
  save: ({ name, bytes }) => {
    window.fake.saved.push({ name, bytes: [...bytes] });
  },
};

/** The handlers with a look at what comes by. */
const watched = Object.fromEntries(
  Object.entries(handlers).map(([method, handler]) => [
    method,
    (params: unknown) => {
      window.fake.calls.push({ method, params });
      const { refuse } = window.fake;
      if (refuse?.method === method) {
        window.fake.refuse = null;
        throw new Error(refuse.why);
      }
      return (handler as (params: unknown) => unknown)(params);
    },
  ]),
) as unknown as Handlers<HostViewMethods>;

const rpc = new Rpc<HostViewMethods, PageMethods>(transport, watched);
const current = () => scenario.state.runs[0]?.id ?? '';

window.fake = {
  scenario,
  calls: [],
  saved: [],
  refuse: null,
  grow: (steps) => {
    scenario.grow?.(steps);
    rpc.notify('state', scenario.state);
    rpc.notify('grown', { run: current() });
  },
  change: (run) => {
    const [first, ...rest] = scenario.state.runs;
    if (first) scenario.state = { ...scenario.state, runs: [{ ...first, ...run }, ...rest] };
    rpc.notify('state', scenario.state);
  },
  values: (tag) => [...recordingOf(current()).values(tag)],
  tell: (method, params) => {
    rpc.notify(method, params);
  },
};

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      transport.onMessage(copy);
    });
  },
  getState: () => window.pageState,
  setState: (state: unknown) => {
    window.pageState = structuredClone(state);
  },
});
