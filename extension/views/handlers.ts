// What the pages may ask of the host, the same for the run panel and the training view.
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/rpc.ts';
import {
  type HostViewMethods,
  type RunAction,
  type RunSummary,
  type ViewState,
  viewProtocolVersion,
} from '../../protocol/view.ts';
import type { Disk } from '../disk/disk.ts';
import type { Looker } from '../look/looker.ts';
import type { Form } from '../run/form.ts';
import type { Runs } from '../run/runs.ts';
import { summarise } from '../run/summary.ts';
import { saveFile } from './save.ts';

export interface PageHost {
  runs: Runs;
  form: Form;
  disk: Disk;
  looker: Looker;
  /** What a page's buttons do: the commands, by their names. */
  act: (params: { action: RunAction; run: string | null }) => Promise<void>;
  setLearningRateScale: (params: { run: string; scale: number }) => Promise<void>;
}

/** @param shown the runs that this page shows; a panel remembers what it is told */
export function pageHandlers(
  host: PageHost,
  shown: { get: () => string[]; set: (runs: string[]) => void },
): Handlers<HostViewMethods> {
  const { disk, runs, form, looker } = host;
  /** Only runs of the list: a page names no other file. */
  const known = (run: string) => {
    if (!runs.facts(run)) throw new Error(vscode.l10n.t('There is no such run any more.'));
    return run;
  };
  return {
    ready: ({ version }) => {
      if (version !== viewProtocolVersion) {
        throw new Error(vscode.l10n.t('Unroll was updated: reload the window to see this page.'));
      }
      return viewState(host, shown.get());
    },
    series: ({ run }) => disk.call('series', { run: known(run) }),
    points: ({ run, wanted }) => disk.call('points', { run: known(run), wanted }),
    events: ({ run, from }) => disk.call('events', { run: known(run), from }),
    model: async ({ run, known: version }) => {
      const model = await looker.model(known(run));
      return model?.version === version ? null : model;
    },
    inspect: ({ run, question }) => looker.inspect(known(run), question),
    act: (params) => host.act(params),
    setLearningRateScale: (params) => host.setLearningRateScale(params),
    setForm: (values) => form.set(values),
    showRuns: ({ runs: wanted }) => {
      shown.set(wanted.map(known));
    },
    save: ({ name, bytes }) => saveFile(name, bytes),
  };
}

/** A page is told of so many of the newest runs, and of older ones that somebody wants to see. */
const newest = 300;

export function viewState({ runs, form }: PageHost, shown: string[]): ViewState {
  const isWanted = ({ id, pinned }: RunSummary, index: number) =>
    index < newest || pinned || shown.includes(id) || id === runs.current;
  const gone = shown.filter((id) => !runs.facts(id)).map(tombstone);
  return {
    version: viewProtocolVersion,
    runs: [...runs.summaries().filter(isWanted), ...gone],
    current: runs.current,
    trusted: vscode.workspace.isTrusted,
    form: form.view(),
    shown,
  };
}

/** A run that a page shows and whose folder is there no more. */
function tombstone(id: string): RunSummary {
  const facts = { id, record: null, problem: vscode.l10n.t('Its folder is gone.'), bytes: 0, goesOn: false };
  return summarise(facts, undefined, null, null);
}
