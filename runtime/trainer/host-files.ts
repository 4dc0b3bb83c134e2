// The script sees the machine's own files at their own paths. The interpreter lives in a small file system in memory;
// the machine's top-level folders are mounted into it, and what stays in memory is made read-only: a save that
// landed there would be lost in silence.
import { constants as fsConstants, readdirSync, readlinkSync } from 'node:fs';
import type { PyodideAPI } from 'pyodide';

/** The bits of an open file's flags that say whether it is written to. */
const accessMode = fsConstants.O_WRONLY | fsConstants.O_RDWR;

/** Top-level folders that the interpreter has of its own, and the kernel's windows, which are not files. */
const notMounted = new Set(['dev', 'lib', 'proc', 'sys']);

/** The interpreter's file system as far as this module goes; Pyodide's own types leave it out. */
interface FileSystem {
  mkdirTree: (folder: string) => void;
  symlink: (target: string, link: string) => void;
  mount: (type: unknown, options: { root: string }, folder: string) => void;
  isChrdev: (mode: number) => boolean;
  ErrnoError: new (code: number) => Error;
  filesystems: { NODEFS: unknown; MEMFS: { ops_table: MemoryOperations } };
}
interface MemoryNode {
  mode: number;
  contents: Record<string, MemoryNode>;
}
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
  file: {
    node: { setattr: () => void };
    stream: { write: () => void; open?: (stream: { flags: number }) => void };
  };
}

/** Mounts everything, then seals the memory. */
export function mountHostFiles(python: PyodideAPI): void {
  const FS = python.FS as FileSystem;
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const name = `/${entry.name}`;
    if (notMounted.has(entry.name)) continue;
    // Links keep pointing where they do; where they lead is mounted too.
    if (entry.isSymbolicLink()) FS.symlink(readlinkSync(name), name);
    else if (entry.isDirectory()) {
      FS.mkdirTree(name);
      FS.mount(FS.filesystems.NODEFS, { root: name }, name);
    }
  }
  sealMemory(FS, (python.ERRNO_CODES as Record<string, number>)['EROFS'] ?? 0);
}

/** Refuses every change but the interpreter's own: devices that come and go in /dev. */
function sealMemory(FS: FileSystem, readOnlyError: number): void {
  const refuse = (): never => {
    throw new FS.ErrnoError(readOnlyError);
  };
  const { dir, file } = FS.filesystems.MEMFS.ops_table;
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
  // At once, and not when a buffer is flushed in some finalizer.
  file.stream.open = ({ flags }) => {
    if ((flags & accessMode) !== fsConstants.O_RDONLY) refuse();
  };
}
