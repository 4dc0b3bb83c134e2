// Which script F5 trains with: the file in front if it trains, else the last run's, else the only one that can be meant,
// else the person says.
import path from 'node:path';
import type { SourceFacts } from './source.ts';

/** What is known of the Python files of a folder, by absolute path. */
export type Project = ReadonlyMap<string, SourceFacts>;

export type Choice =
  | { kind: 'script'; file: string }
  /** Several could be meant. */
  | { kind: 'pick'; files: string[] }
  /** Nothing here trains. */
  | { kind: 'none' };

/**
 * @param active the file in front, if any
 * @param last the script of the last run here, if any
 */
export function chooseScript(project: Project, active: string | null, last: string | null): Choice {
  if (active !== null && trains(project, active)) return { kind: 'script', file: active };
  if (last !== null && project.has(last)) return { kind: 'script', file: last };
  const files = candidates(project);
  const [only] = files;
  if (only === undefined) return { kind: 'none' };
  return files.length === 1 ? { kind: 'script', file: only } : { kind: 'pick', files };
}

/** The scripts that train, those with a training loop of their own where there are such. */
export function candidates(project: Project): string[] {
  const all = [...project.keys()].filter((file) => trains(project, file)).sort();
  const own = all.filter((file) => (project.get(file)?.trainingLoops.length ?? 0) > 0);
  return own.length > 0 ? own : all;
}

/** Whether running the file trains something: with a loop of its own, or one in a file that it imports. */
export function trains(project: Project, file: string): boolean {
  return project.get(file)?.runs === true && reachesLoop(project, file, new Set());
}

function reachesLoop(project: Project, file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const facts = project.get(file);
  if (!facts) return false;
  if (facts.trainingLoops.length > 0) return facts.importsTorch;
  return facts.imports.some((name) => filesOf(file, name).some((other) => reachesLoop(project, other, seen)));
}

/** Where an imported name may lie: beside the file or in a folder above it. */
function filesOf(file: string, name: string): string[] {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(name) ?? [];
  const steps = rest === '' ? [] : rest.split('.');
  const folders: string[] = [];
  let folder = path.dirname(file);
  if (dots !== '') {
    for (let up = 1; up < dots.length; up++) folder = path.dirname(folder);
    folders.push(folder);
  } else {
    for (let up = 0; up < 3; up++, folder = path.dirname(folder)) folders.push(folder);
  }
  return folders.flatMap((base) => {
    const stem = path.join(base, ...steps);
    return [`${stem}.py`, path.join(stem, '__init__.py')];
  });
}
