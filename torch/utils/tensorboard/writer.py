"""The writer of scalars, histograms and texts. https://docs.pytorch.org/docs/stable/tensorboard.html"""

import os
from bisect import bisect_right

import torch._native as native
from torch._data import tensor as made_tensor
from torch._dtype import float64
from torch._tensor import Tensor

# TensorFlow's bounds of old: growing by a tenth from 1e-12, both signs and zero.
_BOUNDS = []


def _bounds():
    if not _BOUNDS:
        value = 1e-12
        while value < 1e20:
            _BOUNDS.append(value)
            value *= 1.1
        _BOUNDS[:] = [*(-b for b in reversed(_BOUNDS)), 0.0, *_BOUNDS]
    return _BOUNDS


def _number(value):
    return float(value.item() if isinstance(value, Tensor) else value)


def _step(global_step):
    return -1 if global_step is None else int(global_step)


class SummaryWriter:
    """Adds to the log of the run. `log_dir` is remembered: there is one log a run."""

    def __init__(
        self,
        log_dir=None,
        comment='',
        purge_step=None,
        max_queue=10,
        flush_secs=120,
        filename_suffix='',
    ):
        if purge_step is not None:
            raise NotImplementedError(
                'SummaryWriter(purge_step=...) is not supported: the log is only added to'
            )
        self.log_dir = os.fspath(log_dir) if log_dir is not None else f'runs{comment}'

    def get_logdir(self):
        """The folder the script named."""
        return self.log_dir

    def add_scalar(
        self,
        tag,
        scalar_value,
        global_step=None,
        walltime=None,
        new_style=False,
        double_precision=False,
    ):
        """One number of a curve, at global_step, or at the run's own."""
        _refuse_time(walltime)
        native.write_scalar_at(tag, _number(scalar_value), _step(global_step))

    def add_scalars(self, main_tag, tag_scalar_dict, global_step=None, walltime=None):
        """Several curves under one tag."""
        for tag, value in tag_scalar_dict.items():
            self.add_scalar(f'{main_tag}/{tag}', value, global_step, walltime)

    def add_histogram(self, tag, values, global_step=None, bins='tensorflow', walltime=None, max_bins=None):
        """How the elements are distributed: left edge, right edge and count of each bin that is not empty."""
        _refuse_time(walltime)
        flat = values if isinstance(values, Tensor) else made_tensor(values)
        flat = flat.detach().to(float64).reshape(-1)
        edges = _bounds() if bins == 'tensorflow' else bins
        if isinstance(edges, str):
            raise NotImplementedError(
                f"add_histogram(bins={bins!r}) is not supported: give 'tensorflow' or edges"
            )
        rows = _histogram(flat, [float(edge) for edge in edges], max_bins)
        native.write_histogram(tag, len(rows), *rows, _step(global_step))

    def add_text(self, tag, text_string, global_step=None, walltime=None):
        """A text."""
        _refuse_time(walltime)
        native.write_text(tag.replace(': ', ':'), str(text_string), _step(global_step))

    def add_hparams(
        self, hparam_dict, metric_dict, hparam_domain_discrete=None, run_name=None, global_step=None
    ):
        """The settings as a text, the metrics as scalars."""
        rows = ''.join(f'| {name} | {value} |\n' for name, value in hparam_dict.items())
        self.add_text('hparams', f'| setting | value |\n| --- | --- |\n{rows}', global_step)
        for name, value in metric_dict.items():
            self.add_scalar(name, value, global_step)

    def flush(self):
        """Nothing: what is added is on its way."""

    def close(self):
        """Nothing: the log is closed with the run."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __getattr__(self, name):
        if name.startswith('add_'):
            raise NotImplementedError(f'SummaryWriter.{name}() is not supported')
        raise AttributeError(name)


def _refuse_time(walltime):
    if walltime is not None:
        raise NotImplementedError('SummaryWriter: walltime is not supported: the log has its own clock')


def _histogram(flat, edges, max_bins):
    """Left edge, right edge, count of each bin that holds something, one after the other."""
    if not flat.numel():
        raise ValueError('The input has no element.')
    counts = [0] * (len(edges) + 1)
    for value in flat.tolist():
        counts[bisect_right(edges, value)] += 1
    rows = []
    for place, count in enumerate(counts):
        if count:
            left = edges[place - 1] if place else edges[0]
            right = edges[place] if place < len(edges) else edges[-1]
            rows += [left, right, float(count)]
    if max_bins is not None and len(rows) > 3 * max_bins:
        raise NotImplementedError('add_histogram(max_bins=...) of fewer bins than there are is not supported')
    return rows
