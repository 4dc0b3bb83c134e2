"""torch.nn.utils.rnn: padding of sequences; packing is refused by name."""

from torch._refusal import module_getattr, unsupported_class, unsupported_function
from torch._shape import shape_of, stack

_INSTEAD = 'pad with pad_sequence() and use the padded tensor'
PackedSequence = unsupported_class('torch.nn.utils.rnn.PackedSequence', _INSTEAD)
for _name in ('pack_padded_sequence', 'pad_packed_sequence', 'pack_sequence', 'unpack_sequence'):
    globals()[_name] = unsupported_function(f'torch.nn.utils.rnn.{_name}', _INSTEAD)
__getattr__ = module_getattr('torch.nn.utils.rnn')


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right'):
    """Sequences (T_i, ...) as one tensor (T, B, ...), or (B, T, ...) with batch_first."""
    if padding_side not in ('left', 'right'):
        raise RuntimeError(f'Expected `padding_side` to be one of left or right, but got {padding_side}')
    longest = max(len(sequence) for sequence in sequences)
    rows = []
    for sequence in sequences:
        row = sequence.new_full((longest, *shape_of(sequence)[1:]), padding_value)
        start = longest - len(sequence) if padding_side == 'left' else 0
        row[start : start + len(sequence)] = sequence
        rows.append(row)
    return stack(rows, 0 if batch_first else 1)
