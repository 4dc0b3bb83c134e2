// `npm run format`: puts every source into its formatter's form.
import { node } from './lib/command.mjs';

await node('node_modules/prettier/bin/prettier.cjs', ['--write', '--log-level=warn', '.']);
await node('scripts/clang-format.mjs', []);
await node('scripts/ruff.mjs', []).catch((error) => {
  console.error(error.output);
  process.exitCode = 1;
});
