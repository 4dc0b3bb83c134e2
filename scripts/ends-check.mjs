// Ends trainings in the editor many times over, in each of three ways: its window is closed, its extension host is killed,
// its engine is killed. None may leave a process after the grace or a log that cannot be read.
//
//   npm run check:ends [-- TIMES]
import { rmSync } from 'node:fs';
import process from 'node:process';
import { withEditor } from '../test/vscode/lib/editor.mjs';
import { assertReadable, extensionHosts, noEngine } from '../test/vscode/lib/ends.mjs';
import { vsix } from '../test/vscode/lib/extensions.mjs';
import { copyWorkspace } from '../test/vscode/lib/runs.mjs';
import { losses, testSettings, train } from '../test/vscode/lib/workspace-test.mjs';

const ways = {
  'window closed': ({ editor, window }) => editor.close(window),
  'extension host killed': async ({ editor, window }) => {
    for (const { pid } of extensionHosts(editor)) process.kill(pid, 'SIGKILL');
    await editor.close(window);
  },
  'engine killed': ({ editor }) => {
    for (const { pid } of editor.server.engines()) process.kill(pid, 'SIGKILL');
  },
};

/** Trains for some steps, ends it, looks at what is left. */
async function once(editor, end) {
  const folder = copyWorkspace('word-model');
  try {
    const window = await editor.open(folder);
    const run = await train(window, folder, 10);
    const steps = losses(run).length;
    await end({ editor, window });
    const milliseconds = await noEngine(editor);
    assertReadable(run, steps);
    if (editor.windows.includes(window)) await editor.close(window);
    return { milliseconds, steps: losses(run).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const times = Number(process.argv[2] ?? 20);
if (!Number.isSafeInteger(times) || times < 1) throw new Error(`TIMES: ${process.argv[2]}`);
for (const [name, end] of Object.entries(ways)) {
  await withEditor(name, { vsix: vsix(), settings: testSettings }, async (editor) => {
    for (let i = 1; i <= times; i++) {
      const { milliseconds, steps } = await once(editor, end);
      console.log(`${name} ${i}/${times}: no engine after ${milliseconds / 1000} s; ${steps} steps read`);
    }
  });
}
