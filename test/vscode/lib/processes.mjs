// What runs on this computer, read from /proc.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A /proc file's text; empty where its process has ended or is another user's. */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return '';
    throw error;
  }
}

/**
 * The processes whose HOME is `home`: what a server has started has it from there, however it was started.
 *
 * @returns {{ pid: number, command: string }[]} without those that have ended and are only not yet waited for
 */
export function processesOf(home) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`HOME=${home}`))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(({ command }) => command !== '');
}

/** The ports on which `pid` listens, as /proc tells: "tcp 127.0.0.1:8080". */
export function listeningPorts(pid) {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch (error) {
        if (error.code === 'ENOENT') return []; // closed meanwhile
        throw error;
      }
    }),
  );
  const listening = '0A';
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    read(`/proc/${pid}/net/${kind}`)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => sockets.has(columns[9]) && (kind.startsWith('udp') || columns[3] === listening))
      .map((columns) => `${kind} ${columns[1]}`),
  );
}
