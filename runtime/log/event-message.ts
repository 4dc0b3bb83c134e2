// The four TensorBoard messages of a run log: Event > Summary > Value > TensorProto. Field numbers are those of
// tensorflow/core/util/event.proto and framework/{summary,tensor,tensor_shape}.proto.
import type { Measurement } from '../../protocol/engine.ts';
import { FieldReader, MessageWriter } from './protobuf.ts';

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
export function encodeVersion(wallTime: number): Uint8Array {
  return new MessageWriter()
    .double(event.wallTime, wallTime)
    .text(event.fileVersion, 'brain.Event:2')
    .finish();
}

/** For one value after the other: there are many. */
const scratch = new MessageWriter();

/** A measurement as one Event. Scalars are simple values, through-time vectors float tensors, events text. */
export function encodeMeasurement(measurement: Measurement): Uint8Array {
  const values = new MessageWriter();
  for (const [tag, number] of Object.entries(measurement.scalars)) {
    values.message(summary.value, scratch.reset().text(value.tag, tag).float(value.simpleValue, number));
  }
  for (const [tag, numbers] of Object.entries(measurement.vectors)) {
    values.message(
      summary.value,
      new MessageWriter()
        .text(value.tag, tag)
        .message(value.metadata, plugin('unroll'))
        .message(value.tensor, floatTensor(numbers)),
    );
  }
  for (const [tag, bins] of Object.entries(measurement.histograms ?? {})) {
    values.message(
      summary.value,
      new MessageWriter()
        .text(value.tag, tag)
        .message(value.metadata, plugin('histograms'))
        .message(value.tensor, floatTensor(bins, 3)),
    );
  }
  if (measurement.text !== undefined) {
    const [tag, text] = splitEvent(measurement.text);
    values.message(
      summary.value,
      new MessageWriter()
        .text(value.tag, tag)
        .message(value.metadata, plugin('text'))
        .message(value.tensor, stringTensor(text)),
    );
  }
  return new MessageWriter()
    .double(event.wallTime, measurement.wallTime)
    .varint(event.step, measurement.step)
    .message(event.summary, values)
    .finish();
}

/** "event/nonfinite: grad/w" is the text "grad/w" under the tag "event/nonfinite". */
export function splitEvent(text: string): [tag: string, text: string] {
  const colon = text.indexOf(': ');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 2)];
}

function plugin(name: string): MessageWriter {
  return new MessageWriter().message(
    metadata.pluginData,
    new MessageWriter().text(pluginData.pluginName, name),
  );
}

function tensorShape(...sizes: number[]): MessageWriter {
  const written = new MessageWriter();
  for (const size of sizes)
    written.message(shape.dimension, new MessageWriter().varint(dimension.size, size));
  return written;
}

/** Numbers in one dimension, or in rows of so many. */
function floatTensor(numbers: number[], columns?: number): MessageWriter {
  const content = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => content.writeFloatLE(number, i * 4));
  return new MessageWriter()
    .varint(tensor.dtype, dtype.float)
    .message(
      tensor.shape,
      columns === undefined ? tensorShape(numbers.length) : tensorShape(numbers.length / columns, columns),
    )
    .bytes(tensor.content, content);
}

function stringTensor(text: string): MessageWriter {
  return new MessageWriter()
    .varint(tensor.dtype, dtype.string)
    .message(tensor.shape, tensorShape(1))
    .text(tensor.stringValue, text);
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
