"""What the script's side tells the run's record: names, evaluation losses, epochs, the ends of steps."""

import atexit
import itertools
import weakref

import torch._native as native

_live_modules = weakref.WeakSet()
_numbers = weakref.WeakKeyDictionary()  # of modules whose gradient through time is recorded
_next_number = itertools.count(1)


def module_made(module):
    """Takes note of a module, for the names of the parameters it will have."""
    _live_modules.add(module)


def module_number(module):
    """The number under which the engine records a module's gradient through time."""
    number = _numbers.get(module)
    if number is None:
        number = _numbers[module] = next(_next_number)
    return number


# --- names
def _roots():
    """The live modules that are no other's child, oldest first."""
    complete = [module for module in _live_modules if '_modules' in module.__dict__]
    children = {id(child) for module in complete for child in module._modules.values()}
    return [module for module in complete if id(module) not in children]


def _owners(parameters):
    """The root modules to take names from, with their prefixes: one that has all, else all that have some."""
    wanted = {id(parameter) for parameter in parameters}
    owned = [(root, wanted & {id(p) for p in root.parameters()}) for root in _roots()]
    whole = [root for root, found in owned if found == wanted]
    if whole:
        return [(whole[0], '')]
    used, owners = {}, []
    for root, found in owned:
        if found:
            stem = type(root).__name__.lower()
            used[stem] = used.get(stem, 0) + 1
            owners.append((root, f'{stem}{used[stem] if used[stem] > 1 else ""}.'))
    return owners


def name_parameters(optimizer, parameters):
    """Tells the engine the names of an optimizer's parameters and of the modules they belong to."""
    names = {}
    for root, prefix in _owners(parameters):
        for name, parameter in root.named_parameters():
            names.setdefault(id(parameter), prefix + name)
        for name, module in root.named_modules():
            if module in _numbers:
                stem = prefix.removesuffix('.') or type(module).__name__.lower()
                native.name_module(_numbers[module], prefix + name if name else stem)
    chosen = [names.get(id(parameter), f'parameter_{i}') for i, parameter in enumerate(parameters)]
    handles = [parameter._h for parameter in parameters]
    native.name_parameters(optimizer, len(handles), *handles, len(chosen), *chosen)


def end_step(optimizer, rates):
    """Ends an optimizer's step: `rates` are the learning rates of its groups."""
    for group, rate in enumerate(rates):
        native.note_scalar(f'lr/{group}', float(rate))
    native.end_step(optimizer)


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


def loader_started(loader):
    """A data loader begins a pass: an epoch, where no evaluation marks them."""
    if evaluation.is_running or not native.grad_enabled():
        return
    passes = _passes_of_loaders[loader] = _passes_of_loaders.get(loader, -1) + 1
    if passes and not evaluation.epochs and native.recording():
        native.write_scalar('epoch', passes)
