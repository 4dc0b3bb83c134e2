// The thread for files: serves `DiskMethods` to the extension host.
import { parentPort } from 'node:worker_threads';
import { Rpc } from '../../protocol/rpc.ts';
import { RunLog } from '../../runtime/store/run-log.ts';
import type { RunTensors } from '../../runtime/store/run-tensors.ts';
import { alarmsOf } from './alarms.ts';
import { listFacts } from './facts.ts';
import { readModel } from './model.ts';
import { PortTransport } from './port.ts';
import type { DiskHostMethods, DiskMethods } from './protocol.ts';
import { table } from './table.ts';
import { TensorFolders } from './tensors.ts';

/** Logs that are kept open, the longest unused let go of first. */
const maxOpen = 16;
const open = new Map<string, RunLog>();
const tensors = new TensorFolders();

/** A run's log as it is now. */
function log(run: string): RunLog {
  const known = open.get(run) ?? new RunLog(run);
  open.delete(run);
  open.set(run, known);
  for (const [oldest] of open) {
    if (open.size <= maxOpen) break;
    forget(oldest);
  }
  known.refresh();
  return known;
}

function forget(run: string): void {
  tensors.forget(run);
  open.get(run)?.close();
  open.delete(run);
}

/** Null where a damaged file is in the way. */
function readableTensors(run: string): RunTensors | null {
  try {
    return tensors.of(run);
  } catch {
    return null;
  }
}

if (!parentPort) throw new Error('this is a thread');
new Rpc<DiskMethods, DiskHostMethods>(new PortTransport(parentPort), {
  list: ({ folders }) => listFacts(folders),
  last: ({ run }) => {
    const last = log(run);
    const loss = last.lastValue('loss/train');
    return {
      step: last.lastValue('grad/total')?.step ?? loss?.step ?? 0,
      loss: loss?.value ?? null,
      alarms: alarmsOf(last.events(0)),
    };
  },
  series: ({ run }) => log(run).series(),
  points: ({ run, wanted }) => {
    const whole = log(run);
    return wanted.map(({ tag, from }) => whole.points(tag, from));
  },
  events: ({ run, from }) => log(run).events(from),
  model: ({ run }) => readModel(readableTensors(run), log(run)),
  description: ({ run }) => tensors.of(run).model,
  inspect: ({ run, question }) => tensors.of(run).inspect(question),
  sample: ({ run, tag, count }) =>
    log(run)
      .sample(tag, count)
      .map(({ value }) => value),
  table: ({ run, tags }) => table(log(run), tags),
  forget: ({ run }) => {
    forget(run);
  },
});
