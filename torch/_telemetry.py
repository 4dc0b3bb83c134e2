"""What the script's side tells the run's record: names, evaluation losses, epochs, the ends of steps."""

import atexit
import itertools
import weakref

import torch._inspection as inspection
import torch._model as model
import torch._native as native

_numbers = weakref.WeakKeyDictionary()  # of modules whose gradient through time is recorded
_unnamed = weakref.WeakSet()  # those of them whose names the engine does not know yet
_next_number = itertools.count(1)


def module_number(module):
    """The number under which the engine records a module's gradient through time."""
    number = _numbers.get(module)
    if number is None:
        number = _numbers[module] = next(_next_number)
        _unnamed.add(module)
    return number


def name_parameters(optimizer, parameters):
    """Tells the engine the names of an optimizer's parameters."""
    names = model.names_of(parameters)
    handles = [parameter._h for parameter in parameters]
    native.name_parameters(optimizer, len(handles), *handles, len(names), *names)
    model.describe()


def _name_modules():
    """Tells the engine the paths of recurrent modules that have run for the first time."""
    for module in list(_unnamed):
        native.name_module(_numbers[module], model.path_of(module))
    _unnamed.clear()


# --- the ends of steps
class _Rates:
    scale = 1.0  # the factor that a person has set


def learning_rate_scale():
    """The factor on every optimizer's learning rates in the step that runs."""
    return _Rates.scale


def end_step(optimizer, rates, before):
    """Ends an optimizer's step and waits where a pause was asked for.

    `rates` are the learning rates of its groups, `before` what `inspection.before_update` has kept.
    """
    _name_modules()
    for group, rate in enumerate(rates):
        native.note_scalar(f'lr/{group}', float(rate) * _Rates.scale)
    native.end_step(optimizer)
    if before:
        inspection.offer_updates(before)
    _go_on()


def _go_on():
    while (scale := native.next_step()) < 0:
        inspection.answer()
    _Rates.scale = scale


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
        there = model.parameters_by_handle()
        names = model.names_of([there.get(handle) for handle in handles])
        native.name_hand_leaves(count, *names)
        model.describe()
        _ByHand.named = handles
    _name_modules()
    native.end_hand_step()
    _go_on()


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
