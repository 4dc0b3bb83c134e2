"""What the script's side tells the run's record: names, evaluation losses, epochs, the ends of steps."""

import atexit
import itertools
import sys
import weakref

import torch._native as native
from torch._tensor import Tensor

_live_modules = weakref.WeakSet()
_numbers = weakref.WeakKeyDictionary()  # of modules whose gradient through time is recorded
_unnamed = weakref.WeakSet()  # those of them whose names the engine does not know yet
_taken = weakref.WeakValueDictionary()  # name -> parameter
_next_number = itertools.count(1)


def module_made(module):
    """Takes note of a module, for the names of the parameters it will have."""
    _live_modules.add(module)


def module_number(module):
    """The number under which the engine records a module's gradient through time."""
    number = _numbers.get(module)
    if number is None:
        number = _numbers[module] = next(_next_number)
        _unnamed.add(module)
    return number


# --- names
def _owners(parameters):
    """The modules to take names from, no other's children: one with all parameters, else those with some."""
    complete = [module for module in _live_modules if '_modules' in module.__dict__]
    children = {id(child) for module in complete for child in module._modules.values()}
    roots = [module for module in complete if id(module) not in children]
    wanted = {id(parameter) for parameter in parameters}
    owned = [(root, wanted & {id(p) for p in root.parameters()}) for root in roots]
    whole = [root for root, found in owned if found == wanted]
    return whole[:1] or [root for root, found in owned if found]


def _names_from(owners):
    """Each parameter's name, by id: its path, after the owner's class where the path alone is not enough."""
    names = {}
    for owner in owners:
        paths = dict(owner.named_parameters())
        is_alone = len(owners) == 1 and all(_taken.get(path, p) is p for path, p in paths.items())
        stem = '' if is_alone else f'{_free_stem(type(owner).__name__.lower(), paths)}.'
        for path, parameter in paths.items():
            _taken[stem + path] = parameter
            names.setdefault(id(parameter), stem + path)
    return names


def _own_parameters(module):
    members = module.__dict__.get('_parameters') or {}
    return [parameter for parameter in members.values() if parameter is not None]


def _free_stem(stem, paths):
    for candidate in itertools.chain([stem], (f'{stem}{n}' for n in itertools.count(2))):
        if all(_taken.get(f'{candidate}.{path}', p) is p for path, p in paths.items()):
            return candidate


def _variables():
    """The script's own global tensors under their names."""
    variables = sys.modules['__main__'].__dict__.items()
    return {name: value for name, value in variables if isinstance(value, Tensor)}


def _chosen_names(parameters):
    """A name for each of the parameters; None is one that the script has no more."""
    names = {id(value): name for name, value in reversed(_variables().items())}  # of several, the first
    names |= _names_from(_owners([parameter for parameter in parameters if parameter is not None]))
    return [names.get(id(parameter), f'parameter_{i}') for i, parameter in enumerate(parameters)]


def name_parameters(optimizer, parameters):
    """Tells the engine the names of an optimizer's parameters."""
    chosen = _chosen_names(parameters)
    handles = [parameter._h for parameter in parameters]
    native.name_parameters(optimizer, len(handles), *handles, len(chosen), *chosen)


def _name_modules():
    """Tells the engine the paths of recurrent modules that have run for the first time."""
    for module in list(_unnamed):
        within, weight = next(module.named_parameters())
        if not any(parameter is weight for parameter in _taken.values()):
            _names_from(_owners([weight]))
        path = next(name for name, parameter in _taken.items() if parameter is weight)
        native.name_module(_numbers[module], path.removesuffix(within)[:-1] or type(module).__name__.lower())
    _unnamed.clear()


# --- outputs of modules, for a reader who asks
def _module_at(path):
    """The module under a path of the parameters' names, None where there is none."""
    for name, parameter in _taken.items():
        if not name.startswith(f'{path}.'):
            continue
        for module in list(_live_modules):
            if '_modules' in module.__dict__ and any(p is parameter for p in module.parameters()):
                within = next(n for n, p in module.named_parameters() if p is parameter)
                if name == f'{path}.{within}':
                    return module
    return None


def _first_tensor(output):
    while isinstance(output, (tuple, list)) and output:
        output = output[0]
    return getattr(output, '_h', 0)


def _offer_output(path):
    """Lets the module at a path hand its next output to those who asked for it."""
    module = _module_at(path)
    if module is None:
        native.offer_activation(path, 0)
        return

    def offer(_module, _inputs, output):
        handle.remove()
        native.offer_activation(path, _first_tensor(output))

    handle = module.register_forward_hook(offer)


# --- the ends of steps
class _Rates:
    scale = 1.0  # the factor that a person has set


def learning_rate_scale():
    """The factor on every optimizer's learning rates in the step that runs."""
    return _Rates.scale


def end_step(optimizer, rates):
    """Ends an optimizer's step: `rates` are the learning rates of its groups. Waits where a pause was asked for."""
    _name_modules()
    for path in filter(None, native.wanted_activations().split('\n')):
        _offer_output(path)
    for group, rate in enumerate(rates):
        native.note_scalar(f'lr/{group}', float(rate) * _Rates.scale)
    _Rates.scale = native.end_step(optimizer)


class _ByHand:
    named = ()  # the handles of the parameters that the engine knows by name
    is_at_exit = False


def optimizer_made():
    """Steps are an optimizer's from now on."""
    native.hand_steps_off()


def end_hand_step():
    """Ends the step of a script that has updated its weights by hand since the last backward pass."""
    if not _ByHand.is_at_exit:
        _ByHand.is_at_exit = True
        atexit.register(end_hand_step)  # the last step has no next pass
    count = native.hand_step()
    if count == 0:
        return
    handles = tuple(native.hand_leaf(i) for i in range(count))
    if handles != _ByHand.named:
        owned = [parameter for module in list(_live_modules) for parameter in _own_parameters(module)]
        there = {tensor._h: tensor for tensor in [*_variables().values(), *owned]}
        names = _chosen_names([there.get(handle) for handle in handles])
        native.name_hand_leaves(count, *names)
        _ByHand.named = handles
    _name_modules()
    native.end_hand_step()


# --- evaluation: from eval() to train(), the losses computed without gradients
class _Evaluation:
    is_running = False
    loss_sum = 0.0  # of losses times their numbers of samples
    samples = 0
    epochs = 0  # returns to train mode


evaluation = _Evaluation()
_passes_of_loaders = weakref.WeakKeyDictionary()


def begin_evaluation():
    """A module went into eval mode."""
    end_hand_step()
    if not evaluation.is_running:
        evaluation.is_running, evaluation.loss_sum, evaluation.samples = True, 0.0, 0
        atexit.unregister(end_evaluation)
        atexit.register(end_evaluation)  # for a script that ends with its evaluation


def end_evaluation():
    """A module went back into train mode."""
    atexit.unregister(end_evaluation)
    evaluation.is_running = False
    if evaluation.samples and native.recording():
        evaluation.epochs += 1
        native.write_scalar('loss/eval', evaluation.loss_sum / evaluation.samples)
        native.write_scalar('epoch', evaluation.epochs)


def note_loss(loss, samples, is_sum):
    """A loss function's result: while evaluating without gradients, a part of loss/eval."""
    if native.grad_enabled() or samples == 0:
        return
    mean = loss.mean().item() if loss.dim() else loss.item() / (samples if is_sum else 1)
    evaluation.loss_sum += mean * samples
    evaluation.samples += samples


def loader_started(loader, batches):
    """A data loader begins a pass: an epoch, where no evaluation marks them. Returns the batches to hand out."""
    if evaluation.is_running or not native.grad_enabled():
        return batches
    passes = _passes_of_loaders[loader] = _passes_of_loaders.get(loader, -1) + 1
    if passes and not evaluation.epochs and native.recording():
        native.write_scalar('epoch', passes)
    return _followed(batches, loader)


class _Following:
    is_on = False


def _followed(batches, loader):
    """The batches of a pass, its progress noted where its length is known and it is inside no other's."""
    try:
        total = None if _Following.is_on else len(loader)
    except TypeError, NotImplementedError:
        total = None
    if total is None:
        yield from batches
        return
    _Following.is_on = True
    try:
        for done, batch in enumerate(batches):
            native.note_progress(done, total)
            yield batch
        native.note_progress(total, total)
    finally:
        _Following.is_on = False
