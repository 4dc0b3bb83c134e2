// The four TensorBoard messages of a run log: Event > Summary > Value > TensorProto. Field numbers are those of
// tensorflow/core/util/event.proto and framework/{summary,tensor,tensor_shape}.proto.
import type { Measurement } from '../../protocol/engine.ts';
import { FieldReader, type MessageWriter } from './protobuf.ts';

const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const summary = { value: 1 } as const;
const value = { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 } as const;
const metadata = { pluginData: 1 } as const;
const pluginData = { pluginName: 1 } as const;
const tensor = { dtype: 1, shape: 2, content: 4, floatValue: 5, stringValue: 8 } as const;
const shape = { dimension: 2 } as const;
const dimension = { size: 1 } as const;
const dtype = { float: 1, string: 7 } as const;

/** What every event file starts with. */
export function writeVersion(to: MessageWriter, wallTime: number): void {
  to.double(event.wallTime, wallTime);
  to.text(event.fileVersion, 'brain.Event:2');
}

/** A measurement as one Event. Scalars are simple values, through-time vectors float tensors, events text. */
export function writeMeasurement(to: MessageWriter, measurement: Measurement): void {
  const { wallTime, step, scalars, vectors, histograms, text } = measurement;
  to.double(event.wallTime, wallTime);
  to.varint(event.step, step);
  const values = to.begin(event.summary);
  for (const tag in scalars) {
    const start = to.begin(summary.value);
    to.text(value.tag, tag);
    to.float(value.simpleValue, scalars[tag] as number);
    to.end(start);
  }
  for (const tag in vectors) {
    const numbers = vectors[tag] as number[];
    const start = beginValue(to, tag, 'unroll');
    const content = beginFloats(to, numbers.length);
    to.floats(tensor.content, numbers);
    to.end(content);
    to.end(start);
  }
  for (const tag in histograms) {
    const bins = histograms[tag] as Uint8Array;
    const start = beginValue(to, tag, 'histograms');
    const content = beginFloats(to, bins.length / 12, 3);
    to.bytes(tensor.content, bins);
    to.end(content);
    to.end(start);
  }
  if (text !== undefined) {
    const [tag, content] = splitEvent(text);
    const start = beginValue(to, tag, 'text');
    writeText(to, content);
    to.end(start);
  }
  to.end(values);
}

/** "event/nonfinite: grad/w" is the text "grad/w" under the tag "event/nonfinite". */
export function splitEvent(text: string): [tag: string, text: string] {
  const colon = text.indexOf(': ');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 2)];
}

/** Begins a value that is a tensor. */
function beginValue(to: MessageWriter, tag: string, plugin: string): number {
  const start = to.begin(summary.value);
  to.text(value.tag, tag);
  const about = to.begin(value.metadata);
  const data = to.begin(metadata.pluginData);
  to.text(pluginData.pluginName, plugin);
  to.end(data);
  to.end(about);
  return start;
}

/** Begins a tensor whose content is to follow. */
function beginFloats(to: MessageWriter, ...sizes: number[]): number {
  const start = to.begin(value.tensor);
  to.varint(tensor.dtype, dtype.float);
  writeShape(to, sizes);
  return start;
}

function writeText(to: MessageWriter, text: string): void {
  const start = to.begin(value.tensor);
  to.varint(tensor.dtype, dtype.string);
  writeShape(to, [1]);
  to.text(tensor.stringValue, text);
  to.end(start);
}

function writeShape(to: MessageWriter, sizes: number[]): void {
  const start = to.begin(tensor.shape);
  for (const size of sizes) {
    const each = to.begin(shape.dimension);
    to.varint(dimension.size, size);
    to.end(each);
  }
  to.end(start);
}

/** One Event as read. */
export interface LoggedEvent {
  wallTime: number;
  step: number;
  scalars: Map<string, number>;
  vectors: Map<string, Float32Array>;
  /** Left edge, right edge and count of every bin. */
  histograms: Map<string, Float32Array>;
  texts: Map<string, string>;
}

/** Reads an Event; what it does not know it leaves out. @throws RangeError where the message is malformed */
export function decodeEvent(message: Uint8Array): LoggedEvent {
  const logged: LoggedEvent = {
    wallTime: 0,
    step: 0,
    scalars: new Map(),
    vectors: new Map(),
    histograms: new Map(),
    texts: new Map(),
  };
  const field = new FieldReader(message);
  while (field.next()) {
    if (field.id === event.wallTime) logged.wallTime = field.number;
    else if (field.id === event.step) logged.step = field.number;
    else if (field.id === event.summary) {
      const part = field.fields;
      while (part.next()) if (part.id === summary.value) decodeValue(part.fields, logged);
    }
  }
  return logged;
}

function decodeValue(field: FieldReader, logged: LoggedEvent): void {
  let tag = '';
  let scalar: number | undefined;
  let content: Float32Array | string | undefined;
  let isHistogram = false;
  while (field.next()) {
    if (field.id === value.tag) tag = field.text;
    else if (field.id === value.simpleValue) scalar = field.number;
    else if (field.id === value.tensor) content = decodeTensor(field.fields);
    else if (field.id === value.metadata) isHistogram = field.text.includes('histograms');
  }
  if (scalar !== undefined) logged.scalars.set(tag, scalar);
  else if (typeof content === 'string') logged.texts.set(tag, content);
  else if (content) (isHistogram ? logged.histograms : logged.vectors).set(tag, content);
}

/** The numbers of a float tensor or the first text of a string tensor; undefined for other types. */
function decodeTensor(field: FieldReader): Float32Array | string | undefined {
  let type = 0;
  const floats: number[] = [];
  let text = '';
  while (field.next()) {
    if (field.id === tensor.dtype) type = field.number;
    else if (field.id === tensor.stringValue) text ||= field.text;
    else if (field.id === tensor.content || field.id === tensor.floatValue) {
      const { bytes } = field;
      if (bytes.length % 4 !== 0) throw new RangeError('a float tensor with a broken number');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i < bytes.length; i += 4) floats.push(view.getFloat32(i, true));
    }
  }
  if (type === dtype.string) return text;
  return type === dtype.float ? Float32Array.from(floats) : undefined;
}
