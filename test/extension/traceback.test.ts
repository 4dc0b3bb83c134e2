import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastTraceback } from '../../extension/script/traceback.ts';

const shape = `epoch 1
Traceback (most recent call last):
  File "/p/main.py", line 40, in <module>
    main()
    ~~~~^^
  File "/p/main.py", line 12, in main
    loss = model(x, hidden)
           ~~~~~^^^^^^^^^^^
RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
more of the message
`;

test('frames, the part of the line at work, and the message', () => {
  assert.deepEqual(lastTraceback(shape.replaceAll('\n', '\r\n')), {
    frames: [
      { file: '/p/main.py', line: 40, columns: { from: 0, to: 6 } },
      { file: '/p/main.py', line: 12, columns: { from: 7, to: 23 } },
    ],
    message: 'RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)\nmore of the message',
  });
});

test('the last of several, where one exception came from another', () => {
  const text = `${shape}
During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/p/x.py", line 3, in f
    raise ValueError
ValueError
`;
  assert.deepEqual(lastTraceback(text), {
    frames: [{ file: '/p/x.py', line: 3, columns: null }],
    message: 'ValueError',
  });
});

test('a syntax error has no head', () => {
  const text = `  File "/p/main.py", line 2
    x = (
        ^
SyntaxError: '(' was never closed
`;
  assert.deepEqual(lastTraceback(text), {
    frames: [{ file: '/p/main.py', line: 2, columns: { from: 4, to: 5 } }],
    message: "SyntaxError: '(' was never closed",
  });
});

test('deep recursion is cut short by Python itself', () => {
  const text = `Traceback (most recent call last):
  File "/p/main.py", line 2, in f
    f()
  [Previous line repeated 993 more times]
RecursionError: maximum recursion depth exceeded
`;
  assert.equal(lastTraceback(text)?.message, 'RecursionError: maximum recursion depth exceeded');
});

test('other output is no traceback', () => {
  assert.equal(lastTraceback('File "x", line 1\nloss: 3'), null);
  assert.equal(lastTraceback('Traceback (most recent call last):\n'), null);
  assert.equal(lastTraceback(''), null);
});
