import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineEditor } from '../../extension/run/line-editor.ts';

test('keys become a line, an echo and an end of input', () => {
  const editor = new LineEditor();
  assert.deepEqual(editor.type('yep'), { echo: 'yep', lines: [], interrupts: 0 });
  assert.deepEqual(editor.type('\x7fs\r'), { echo: '\b \bs\r\n', lines: ['yes\n'], interrupts: 0 });
  assert.deepEqual(editor.type('\x04').lines, ['']);
});

test('a pasted text is several lines', () => {
  assert.deepEqual(new LineEditor().type('a\rb\nc').lines, ['a\n', 'b\n']);
});

test('Ctrl-C interrupts and throws the line away; Ctrl-U only throws it away', () => {
  const editor = new LineEditor();
  assert.equal(editor.type('abc\x03').interrupts, 1);
  assert.deepEqual(editor.type('no\x15ok\r').lines, ['ok\n']);
});

test('a character beyond the basic plane is rubbed out whole, and arrows are nothing', () => {
  const editor = new LineEditor();
  assert.deepEqual(editor.type('a\u{1F40B}\x7f\x1b[A\x1b[1;5Cb\r').lines, ['ab\n']);
  assert.equal(editor.type('\x7f').echo, '');
});
