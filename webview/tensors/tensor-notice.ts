// Which state the view of a tensor is in, where there is nothing to draw.
import type { TensorKind } from '../../protocol/inspect.ts';
import type { Context } from '../panel/context.ts';
import type { NoticeContent } from '../ui/notice.ts';
import { text } from '../ui/text.ts';
import type { Look, Place } from './look.ts';

/** Null where there is a reading to be drawn. */
export function noticeOf(look: Look, kind: TensorKind, place: Place, context: Context): NoticeContent | null {
  const { reading, problem } = look;
  const { state } = text.tensors;
  const failed = problem ?? reading?.problem ?? null;
  if (failed !== null) return { title: state.failed, detail: failed };
  if (!reading) return look.isWaiting ? waitingFor(place, context) : { title: state.reading, isBusy: true };
  if (reading.found) return null;
  return { title: text.tensors.missing.title, body: missing(kind, place) };
}

/** What comes with a step comes while steps pass. */
function waitingFor({ run, isPaused }: Place, context: Context): NoticeContent {
  const { state } = text.tensors;
  if (!isPaused) return { title: state.reading, body: state.nextStep, isBusy: true };
  const step = { label: text.action.step, icon: 'debug-step-over', isPrimary: true };
  const onClick = () => {
    context.act('step', run);
  };
  return { title: state.pausedTitle, body: state.pausedBody, actions: [{ ...step, onClick }] };
}

function missing(kind: TensorKind, { isLive }: Place): string {
  const { missing: words } = text.tensors;
  if (!isLive)
    return kind === 'parameter' || kind === 'gradient' || kind === 'buffer' ? words.noSnapshot : words.over;
  return kind === 'parameter' || kind === 'buffer' ? words.other : words[kind];
}
