import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clock,
  count,
  duration,
  exact,
  exactAscii,
  percent,
  short,
  steady,
  tickTexts,
} from '../../webview/ui/format.ts';
import { noise } from './harness/training.ts';

const each = <T>(inputs: T[], format: (input: T) => string) => inputs.map(format);

test('short numbers have four significant digits and SI prefixes', () => {
  assert.deepEqual(each([0, 1.23456, 12345, 999_960, 1e6, 0.00012, 0.0000123456, -2], short), [
    '0',
    '1.235',
    '12.35k',
    '1M',
    '1M',
    '0.00012',
    '1.235×10⁻⁵',
    '−2',
  ]);
  assert.deepEqual(each([NaN, Infinity, -Infinity], short), ['NaN', '∞', '−∞']);
});

test('steady numbers keep their zeros', () => {
  assert.deepEqual(each([0.12, 26.37, 1234.5, 0], steady), ['0.1200', '26.37', '1.234k', '0']);
});

test('exact numbers name one float32 and no other', () => {
  assert.equal(exact(Math.fround(0.1)), '0.1');
  assert.equal(exact(Math.fround(1 / 3)), '0.33333334');
  assert.equal(exactAscii(Math.fround(1e-8)), '1e-8');
  assert.deepEqual(each([NaN, Infinity, -Infinity], exactAscii), ['nan', 'inf', '-inf']);
  for (let i = 0; i < 2000; i++) {
    const value = Math.fround((noise(i) - 0.5) * 10 ** (40 * noise(i, 1) - 30));
    assert.equal(Math.fround(Number(exactAscii(value))), value);
  }
});

test('ticks are told apart', () => {
  assert.deepEqual(tickTexts([0, 500, 1000]), ['0', '500', '1k']);
  assert.deepEqual(tickTexts([648_200, 648_205, 648_210]), ['648,200', '648,205', '648,210']);
  assert.deepEqual(tickTexts([1.00001, 1.00002]), ['1.00001', '1.00002']);
});

test('times, shares and counts', () => {
  assert.deepEqual(each([9.94, 59, 200, 7500], duration), ['9.9 s', '59 s', '3 min 20 s', '2 h 5 min']);
  assert.deepEqual(each([3.1, 59.96, 65, 7265.2], clock), ['0:03.1', '1:00', '1:05', '2:01:05']);
  assert.deepEqual(each([0, 0.0004, 0.012, 0.46, 1], percent), ['0 %', '< 0.1 %', '1.2 %', '46 %', '100 %']);
  assert.equal(count(1_234_567), '1,234,567');
});
