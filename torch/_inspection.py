"""Answers readers who ask for what only the script's side can find; asked at the ends of steps."""

import json

import torch._model as model
import torch._native as native

# As native/telemetry/reading.h counts them.
UPDATE, BUFFER, ACTIVATION, VARIABLE = 2, 3, 4, 5

_updates = set()  # names of the parameters whose next change is wanted


def answer():
    """Offers what is wanted: at once where it is there, else when the script comes by it."""
    wanted = [(native.wanted_kind(i), native.wanted_name(i)) for i in range(native.wanted())]
    for kind, name in wanted:
        if kind == UPDATE:
            _await_update(name)
        elif kind == BUFFER:
            _offer(kind, name, model.buffer_at(name))
        elif kind == ACTIVATION:
            _await_output(name)
    if any(kind == VARIABLE for kind, name in wanted):
        _offer_variables([name for kind, name in wanted if kind == VARIABLE])


def _offer(kind, name, tensor):
    native.offer(kind, name, 0 if tensor is None else tensor._h)


def _offer_variables(names):
    """The empty name stands for the list of all."""
    found = model.variables()
    if '' in names:
        native.describe('variables', json.dumps([entry for _, _, entry in found]))
    tensors = {name: tensor for name, tensor, _ in reversed(found)}  # of several, the innermost
    for name in names:
        _offer(VARIABLE, name, tensors.get(name))


# --- outputs of modules
def _first_tensor(output):
    while isinstance(output, (tuple, list)) and output:
        output = output[0]
    return output if hasattr(output, '_h') else None


def _await_output(path):
    module = model.module_at(path)
    if module is None:
        _offer(ACTIVATION, path, None)
        return

    def offer(_module, _inputs, output):
        handle.remove()
        _offer(ACTIVATION, path, _first_tensor(output))

    handle = module.register_forward_hook(offer)


# --- the change of a parameter in a step
def _await_update(name):
    if model.parameter_named(name) is None:
        _offer(UPDATE, name, None)
    else:
        _updates.add(name)


def before_update(groups):
    """Copies of those of an optimizer's parameters whose change is wanted: (name, parameter, before) each."""
    if not _updates:
        return []
    mine = {id(parameter) for group in groups for parameter in group['params']}
    named = [(name, model.parameter_named(name)) for name in sorted(_updates)]
    return [(name, p, p.detach().clone()) for name, p in named if id(p) in mine]


class _Updating:
    """Readers wait: some parameters are a step ahead of the others. The end of the step ends it."""

    def __enter__(self):
        native.set_updating(True)

    def __exit__(self, kind, *_):
        if kind is not None:
            native.set_updating(False)


updating = _Updating()


def offer_updates(before):
    """Offers the changes since `before_update`."""
    for name, parameter, there in before:
        _updates.discard(name)
        _offer(UPDATE, name, parameter.detach() - there)
