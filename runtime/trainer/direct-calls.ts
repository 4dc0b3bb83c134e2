// The addon's functions as Python's own built-in functions: a call through the interpreter's proxies takes longer than
// a small operation. Here the interpreter calls one JavaScript function with its own pointers, which reads small
// integers, floats, bools and None where they lie in memory and makes the result's object. Any other argument goes the
// long way: to a Python function that takes the same arguments.
//
// The layout of objects is CPython 3.14's on 32 bits; package.json pins the interpreter.
import type { PyodideAPI } from 'pyodide';

type Address = number;
type Native = (...values: (number | boolean | undefined)[]) => unknown;

/** What the interpreter's module offers of CPython's C API. */
interface CApi {
  HEAPU8: Uint8Array;
  HEAPU32: Uint32Array;
  HEAPF64: Float64Array;
  addFunction: (call: (...values: number[]) => number, signature: string) => number;
  lengthBytesUTF8: (text: string) => number;
  stringToNewUTF8: (text: string) => Address;
  _malloc: (bytes: number) => Address;
  _free: (block: Address) => void;
  /** Runs the handlers of signals; below 0 where one has raised. */
  _PyErr_CheckSignals: () => number;
  _Py_DecRef: (object: Address) => void;
  _PyCFunction_NewEx: (definition: Address, self: Address, module: Address) => Address;
  _PyObject_SetAttrString: (object: Address, name: Address, value: Address) => number;
  _PyObject_Vectorcall: (callable: Address, values: Address, count: number, keywords: Address) => Address;
  _PyLong_FromLong: (value: number) => Address;
  _PyLong_FromDouble: (value: number) => Address;
  _PyLong_FromLongLong: (value: bigint) => Address;
  _PyFloat_FromDouble: (value: number) => Address;
  _PyUnicode_FromStringAndSize: (text: Address, bytes: number) => Address;
}

const METH_FASTCALL = 0x80;
/** Bytes of a text that is written into memory kept for that. */
const shortText = 256;
const unread = Symbol('an argument that is not read here');

/** Python's id() of these. */
interface Known {
  int: Address;
  float: Address;
  true: Address;
  false: Address;
  none: Address;
}

class DirectCalls {
  private readonly python: CApi;
  private readonly fail: Address;
  private readonly known: Known;
  private readonly hasSignal: () => boolean;
  private readonly targets: { call: Native; slow: Address }[] = [];
  private readonly entry: number;
  private readonly text: Address;
  private readonly failure: Address;

  /** @param fail the id of a function that raises what an error's name and message stand for */
  constructor(python: CApi, fail: Address, known: Known, hasSignal: () => boolean) {
    this.hasSignal = hasSignal;
    this.python = python;
    this.fail = fail;
    this.known = known;
    this.entry = python.addFunction(this.call, 'iiii');
    this.text = python._malloc(shortText);
    this.failure = python._malloc(2 * 4);
  }

  /** Sets a module's attribute `name` to the function; `slow` takes what is not read here. */
  put(module: Address, name: string, call: Native, slow: Address): void {
    const { python } = this;
    const definition = python._malloc(4 * 4);
    const text = python.stringToNewUTF8(name);
    python.HEAPU32.set([text, this.entry, METH_FASTCALL, 0], definition >> 2);
    const place = python._PyLong_FromLong(this.targets.length);
    this.targets.push({ call, slow });
    const made = python._PyCFunction_NewEx(definition, place, 0);
    python._PyObject_SetAttrString(module, text, made);
    python._Py_DecRef(made);
    python._Py_DecRef(place);
  }

  private readonly call = (self: Address, values: Address, count: number): Address => {
    const words = this.python.HEAPU32;
    const target = this.targets[words[(self >> 2) + 3] ?? 0];
    if (target === undefined) return 0; // never: `put` has made `self`
    const first = values >> 2;
    const read = new Array<number | boolean | undefined>(count);
    for (let i = 0; i < count; i++) {
      const value = this.read(words, words[first + i] ?? 0);
      if (value === unread) return this.python._PyObject_Vectorcall(target.slow, values, count, 0);
      read[i] = value;
    }
    try {
      return this.object(target.call(...read));
    } catch (error) {
      return this.raise(error as Error);
    }
  };

  private read(words: Uint32Array, object: Address): number | boolean | undefined | typeof unread {
    const { known } = this;
    const at = object >> 2;
    const type = words[at + 1];
    if (type === known.int) {
      // Digits of 30 bits, their number in the tag above three bits, of which two are 1 minus the sign.
      const tag = words[at + 2] ?? 0;
      return tag < 16 ? (1 - (tag & 3)) * (words[at + 3] ?? 0) : unread;
    }
    if (type === known.float) return this.python.HEAPF64[(object + 8) >> 3];
    if (object === known.none) return undefined;
    if (object === known.true) return true;
    return object === known.false ? false : unread;
  }

  /** A new reference to what a function returned; bools and None are immortal. */
  private object(value: unknown): Address {
    const { python, known } = this;
    switch (typeof value) {
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) return python._PyLong_FromLong(value);
        return Number.isSafeInteger(value) && value !== 0
          ? python._PyLong_FromDouble(value)
          : python._PyFloat_FromDouble(value);
      case 'boolean':
        return value ? known.true : known.false;
      case 'undefined':
        // Such a call may have waited: the interpreter itself looks for signals now and then only.
        return this.hasSignal() && python._PyErr_CheckSignals() < 0 ? 0 : known.none;
      case 'bigint':
        return python._PyLong_FromLongLong(value);
      case 'string':
        return this.string(value);
      default:
        throw new TypeError(`internal: a result of type ${typeof value}`);
    }
  }

  private string(value: string): Address {
    const { python } = this;
    const bytes = python.HEAPU8;
    let length = 0;
    for (; length < value.length && length < shortText; length++) {
      const code = value.charCodeAt(length);
      if (code > 127) break;
      bytes[this.text + length] = code;
    }
    if (length === value.length) return python._PyUnicode_FromStringAndSize(this.text, length);
    const text = python.stringToNewUTF8(value);
    const made = python._PyUnicode_FromStringAndSize(text, python.lengthBytesUTF8(value));
    python._free(text);
    return made;
  }

  /** Raises the exception in Python; the null pointer says so. */
  private raise(error: Error): Address {
    const { python } = this;
    const values = [this.string(error.name), this.string(error.message)];
    python.HEAPU32.set(values, this.failure >> 2);
    const raised = python._PyObject_Vectorcall(this.fail, this.failure, 2, 0);
    for (const value of values) python._Py_DecRef(value);
    return raised;
  }
}

/**
 * What Python calls to have the functions of `addon`: it names a module and the ids of what is to be known, and is
 * given a function that sets one of the module's attributes to the function of that name.
 */
export function directCalls(python: PyodideAPI, addon: object, hasSignal: () => boolean) {
  const api = (python as unknown as { _module: CApi })._module;
  const functions = addon as Record<string, Native>;
  return (
    module: Address,
    fail: Address,
    ...[int, float, yes, no, none]: [Address, Address, Address, Address, Address]
  ) => {
    const calls = new DirectCalls(api, fail, { int, float, true: yes, false: no, none }, hasSignal);
    return (name: string, slow: Address) => {
      const call = functions[name];
      if (!call) throw new Error(`internal: the engine has no function ${name}`);
      calls.put(module, name, call, slow);
    };
  };
}
