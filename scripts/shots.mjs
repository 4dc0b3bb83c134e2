// `npm run shots [-- WORD...]`: pictures of every view and state of the pages, in build/shots, to be looked at; those
// whose name holds one of the words, where some are given.
import process from 'node:process';
import { node } from './lib/command.mjs';

await node('esbuild.mjs', []);
await node('esbuild.mjs', ['--tests', 'webview']);
await node('build/test/webview/shots.mjs', process.argv.slice(2), { onLine: console.log });
