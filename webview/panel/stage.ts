// Which of its states a view is in, where it has nothing to draw.
import type { RunSummary } from '../../protocol/view.ts';
import type { NoticeContent } from '../ui/notice.ts';
import { percent } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { isLive } from '../ui/run-state.ts';
import type { Context } from './context.ts';

/**
 * Null where there is something to draw.
 *
 * @param words what to say while nothing has been measured yet, and where nothing ever was
 */
export function noticeFor(
  context: Context,
  run: RunSummary | undefined,
  hasData: boolean,
  words: { waiting: string; none: string; noneTitle?: string },
): NoticeContent | null {
  if (!run) return noRun(context);
  if (hasData) return null;
  if (run.state === 'unreadable') {
    return { title: text.state.unreadable, body: text.state.untouched, detail: run.says };
  }
  if (run.state === 'starting') {
    return { title: run.says || text.state.starting, body: words.waiting, isBusy: true };
  }
  const data = context.data(run.id);
  if (!data.isLoaded) {
    if (data.problem !== null) return { title: text.state.unreadable, detail: data.problem };
    return { title: text.panel.reading(percent(data.share)), isBusy: true };
  }
  if (isLive(run)) return { title: text.state[run.state], body: words.waiting };
  if (run.state === 'failed') {
    const act = (action: 'restart' | 'showLog') => () => {
      context.act(action, run.id);
    };
    return {
      title: text.state.failed,
      detail: run.says,
      actions: [
        { label: text.action.restart, icon: 'debug-restart', isPrimary: true, onClick: act('restart') },
        { label: text.action.showLog, icon: 'output', onClick: act('showLog') },
      ],
    };
  }
  return { title: words.noneTitle ?? text.state[run.state], body: words.none };
}

function noRun(context: Context): NoticeContent {
  const run = {
    label: text.action.run,
    icon: 'play',
    isPrimary: true,
    onClick: () => {
      context.act('run', null);
    },
  };
  const example = {
    label: text.action.openExample,
    icon: 'book',
    onClick: () => {
      context.act('openExample', null);
    },
  };
  return {
    title: text.panel.noRunTitle,
    body: context.isTrusted() ? text.panel.noRunBody : text.training.untrustedBody,
    actions: context.isTrusted() ? [run, example] : [],
  };
}
