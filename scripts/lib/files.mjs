// The checkout's files, and stamps: a hash of everything a product is made from, kept beside the
// product. Contents decide and not times of change, so a fresh clone or a branch visited and left again
// rebuilds nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './command.mjs';

/** Folders that hold what is made or fetched, wherever they lie. */
const notOurs = new Set(['.git', 'node_modules', 'build', 'dist', '.unroll', '__pycache__']);

/** Whether the checkout has a file or folder at `relative`. */
export const exists = (relative) => existsSync(path.join(root, relative));

/** The text of the checkout's file at `relative`. */
export const read = (relative) => readFileSync(path.join(root, relative), 'utf8');

/**
 * The checkout's own files under each of `places` (files or folders; a missing one holds nothing) that
 * end in one of `endings`, sorted, as paths from its top.
 *
 * @param {string[]} places
 * @param {string[]} [endings] such as `.cpp`; any where left out
 */
export function files(places, endings = ['']) {
  const found = [];
  const visit = (relative) => {
    const absolute = path.join(root, relative);
    if (!existsSync(absolute)) return;
    if (!statSync(absolute).isDirectory()) {
      if (endings.some((ending) => relative.endsWith(ending))) found.push(relative);
      return;
    }
    for (const name of readdirSync(absolute)) {
      if (!notOurs.has(name)) visit(path.posix.join(relative, name));
    }
  };
  for (const place of places) visit(place);
  return found.sort();
}

/** A hash of the files under `places` and of `facts`, which are whatever else the product depends on. */
export function fingerprint(places, facts = []) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const file of files(places)) {
    const content = readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether the stamp at `stamp` says that its product was made from `print`. */
export const isStamped = (stamp, print) => exists(stamp) && read(stamp).trim() === print;

/** Writes the stamp: to be called once the product is whole. */
export function writeStamp(stamp, print) {
  mkdirSync(path.dirname(path.join(root, stamp)), { recursive: true });
  writeFileSync(path.join(root, stamp), `${print}\n`);
}
