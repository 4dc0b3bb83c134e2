// TypeScript under the strict rules that know its types; plain JavaScript (scripts, tests) under the
// recommended ones.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeGlobals = Object.fromEntries(
  [
    'AbortController',
    'Atomics',
    'Buffer',
    'URL',
    'clearInterval',
    'clearTimeout',
    'console',
    'fetch',
    'process',
    'setImmediate',
  ]
    .concat(['setInterval', 'setTimeout', 'structuredClone', 'TextDecoder', 'TextEncoder'])
    .map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['build/', 'dist/', '**/node_modules/', '**/.unroll/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // The runner itself waits for its tests.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'test', package: 'node:test' }] },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['**/*.mjs', '**/*.js', 'bin/*'], languageOptions: { globals: nodeGlobals } },
  // Functions that run in the editor's pages.
  { files: ['test/vscode/**/*.mjs'], languageOptions: { globals: { document: 'readonly' } } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);
