// The script sees the machine's own files at their own paths. The interpreter lives in a small file system in memory;
// the machine's top-level folders are mounted into it, and what stays in memory is made read-only: a save that
// landed there would be lost in silence.
import { readdirSync, readlinkSync } from 'node:fs';
import type { PyodideAPI } from 'pyodide';

/** Top-level folders that the interpreter has of its own, and the kernel's windows, which are not files. */
const notMounted = new Set(['dev', 'lib', 'proc', 'sys']);

interface MemoryNode {
  mode: number;
  contents: Record<string, MemoryNode>;
}
/** The part of Emscripten's in-memory file system that changes it; its types leave this out. */
interface MemoryOperations {
  dir: {
    node: {
      mknod: (parent: MemoryNode, name: string, mode: number, device: number) => unknown;
      unlink: (parent: MemoryNode, name: string) => void;
      rename: () => void;
      rmdir: () => void;
      symlink: () => void;
    };
  };
  file: { node: { setattr: () => void }; stream: { write: () => void } };
}

/** Mounts one folder at its own path. */
export function mountFolder({ FS }: PyodideAPI, folder: string): void {
  FS.mkdirTree(folder);
  FS.mount(FS.filesystems.NODEFS, { root: folder }, folder);
}

/** Mounts everything, then seals the memory. */
export function mountHostFiles(python: PyodideAPI): void {
  const { FS } = python;
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const name = `/${entry.name}`;
    if (notMounted.has(entry.name)) continue;
    // Links keep pointing where they do; where they lead is mounted too.
    if (entry.isSymbolicLink()) FS.symlink(readlinkSync(name), name);
    else if (entry.isDirectory()) mountFolder(python, name);
  }
  sealMemory(python);
}

/** Refuses every change but the interpreter's own: devices that come and go in /dev. */
function sealMemory({ FS, ERRNO_CODES }: PyodideAPI & { ERRNO_CODES: Record<string, number> }): void {
  const refuse = (): never => {
    throw new FS.ErrnoError(ERRNO_CODES['EROFS'] ?? 0);
  };
  const { dir, file } = (FS.filesystems as unknown as { MEMFS: { ops_table: MemoryOperations } }).MEMFS
    .ops_table;
  const { mknod, unlink } = dir.node;
  Object.assign(dir.node, {
    mknod: (...[parent, name, mode, device]: Parameters<typeof mknod>) =>
      FS.isChrdev(mode) ? mknod(parent, name, mode, device) : refuse(),
    unlink: (parent: MemoryNode, name: string) => {
      if (!FS.isChrdev(parent.contents[name]?.mode ?? 0)) refuse();
      unlink(parent, name);
    },
    rename: refuse,
    rmdir: refuse,
    symlink: refuse,
  });
  file.node.setattr = refuse;
  file.stream.write = refuse;
}
