// What the axes of a tensor are, where its module's class says so.
import { text } from '../ui/text.ts';

export interface Axis {
  /** "input", "axis 0". */
  name: string;
  size: number;
  /** Equal blocks along the axis, by name: an LSTM's i, f, g, o. */
  blocks: readonly string[];
}

/** What is known of the module that a tensor belongs to. */
export interface Owner {
  className: string;
  /** The tensor's name within the module: "weight_hh_l0". */
  attribute: string;
  /** Of a recurrent layer, the columns of its weight_hh where there is one. */
  hidden: number | null;
}

const gates: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['i', 'f', 'g', 'o'],
  LSTMCell: ['i', 'f', 'g', 'o'],
  GRU: ['r', 'z', 'n'],
  GRUCell: ['r', 'z', 'n'],
};
const names = text.tensors.axes;
const byClass: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Linear: { weight: [names.output, names.input], bias: [names.output] },
  Embedding: { weight: [names.token, names.dimension] },
  EmbeddingBag: { weight: [names.token, names.dimension] },
  Bilinear: { weight: [names.output, names.input1, names.input2], bias: [names.output] },
  LayerNorm: { weight: [names.feature], bias: [names.feature] },
  Conv1d: { weight: [names.outputChannel, names.inputChannel, names.width], bias: [names.outputChannel] },
  Conv2d: {
    weight: [names.outputChannel, names.inputChannel, names.height, names.width],
    bias: [names.outputChannel],
  },
};
const normalising = /^(Batch|Instance|Group)Norm/;
const recurrent = /^(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(_l\d+)?(_reverse)?$/;

/** @param owner null where nothing is known of it */
export function axesOf(shape: readonly number[], owner: Owner | null): Axis[] {
  const plain = shape.map((size, i) => ({ name: names.numbered(i), size, blocks: [] }));
  if (!owner) return plain;
  const { className, attribute } = owner;
  const part = recurrent.exec(attribute)?.[1];
  if (part) return recurrentAxes(shape, part, owner);
  if (attribute === 'in_proj_weight' || attribute === 'in_proj_bias') {
    const [outputs, inputs] = plain;
    if (outputs) Object.assign(outputs, { name: names.output, blocks: ['q', 'k', 'v'] });
    if (inputs) Object.assign(inputs, { name: names.input });
    return plain;
  }
  const known = normalising.test(className) ? [names.channel] : byClass[className]?.[attribute];
  // A class of the script's own may have another tensor of this name.
  if (known?.length !== shape.length) return plain;
  return plain.map((axis, i) => ({ ...axis, name: known[i] as string }));
}

function recurrentAxes(shape: readonly number[], part: string, { className, hidden }: Owner): Axis[] {
  const rows = shape[0] ?? 0;
  // Where the class is the script's own, the shapes tell.
  const ratio = hidden ? rows / hidden : 0;
  const guessed = ratio === 4 ? gates['LSTM'] : ratio === 3 ? gates['GRU'] : undefined;
  const isOwn = !/^(LSTM|GRU|RNN)(Cell)?$/.test(className);
  const found = part === 'weight_hr' ? [] : (gates[className] ?? (isOwn ? (guessed ?? []) : []));
  const blocks = rows % Math.max(1, found.length) === 0 ? found : [];
  const first = part === 'weight_hr' ? names.projection : blocks.length > 0 ? names.gate : names.hidden;
  const second = part === 'weight_ih' ? names.input : part === 'weight_hh' ? names.state : names.hidden;
  return shape.map((size, i) => ({ name: i === 0 ? first : second, size, blocks: i === 0 ? blocks : [] }));
}

/** An index along an axis in words: "17"; "f 3" within an LSTM's second gate. */
export function placeOn({ blocks, size }: Axis, index: number): string {
  if (blocks.length === 0) return String(index);
  const length = size / blocks.length;
  return `${blocks[Math.floor(index / length)] as string} ${index % length}`;
}
