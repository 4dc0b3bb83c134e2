// What a chart is given: lines over one x axis, marks along it, levels across it.
import type { Curve } from '../data/curve.ts';
import type { Role } from '../ui/theme.ts';

export interface Line {
  /** What it is called in the legend; with `group`, what it is known by from one drawing to the next. */
  label: string;
  /** The run, where several are laid over each other. */
  group?: string;
  curve: Curve;
  role: Role;
  /** Drawn faded under the others. */
  isBackdrop?: boolean;
  dash?: number[];
}

/** Something that happened at one place of the x axis. */
export interface Mark {
  x: number;
  isAlarm: boolean;
  /** Whether its text stands beside it, and not only under the cursor. */
  isLabelled?: boolean;
  text: string;
}

/** A value in force, drawn across: a threshold. */
export interface Level {
  value: number;
  text: string;
}

export interface Picture {
  lines: Line[];
  marks: Mark[];
  levels: Level[];
  isLog: boolean;
  xAxis: 'step' | 'time' | 'epoch' | 'timeStep';
  /** Whether more points are to come: the x axis then ends beyond the last. */
  isLive: boolean;
}

export const emptyPicture: Picture = {
  lines: [],
  marks: [],
  levels: [],
  isLog: false,
  xAxis: 'step',
  isLive: false,
};

export const keyOf = (line: Line) => `${line.group ?? ''}\n${line.label}`;
