"""Writes optim.h: parameters and state after five steps of torch.optim.SGD, Adam and AdamW under many options, and
gradient norms, for test/native/ops/optim.cpp.

Run with the reference PyTorch: `python test/golden/make_optim.py`.
"""

from pathlib import Path

import torch

COUNT, STEPS = 9, 5
SGD = [
    {},
    {'weight_decay': 0.1},
    {'momentum': 0.9},
    {'momentum': 0.9, 'dampening': 0.25, 'weight_decay': 0.05},
    {'momentum': 0.9, 'nesterov': True},
    {'momentum': 0.5, 'maximize': True},
]
ADAM = [
    {},
    {'betas': (0.3, 0.99), 'eps': 1e-3},
    {'weight_decay': 0.1},
    {'amsgrad': True, 'maximize': True},
]
ADAMW = [{}, {'weight_decay': 0.3, 'amsgrad': True}]


def start(dtype):
    return torch.tensor([(i * 7 % 11 - 5) / 4 for i in range(COUNT)], dtype=dtype)


def gradient(step, dtype):
    return torch.tensor([((i * 5 + step * 3) % 13 - 6) / 8 for i in range(COUNT)], dtype=dtype)


def numbers(tensor):
    return '{' + ', '.join(repr(float(value)) for value in tensor.flatten()) + '}'


def run(optimizer, options, dtype):
    parameter = torch.nn.Parameter(start(dtype))
    steps = optimizer([parameter], lr=0.1, **options)
    for step in range(STEPS):
        parameter.grad = gradient(step, dtype)
        steps.step()
    return parameter.detach(), steps.state[parameter]


def case(dtype, optimizer, options):
    parameter, _ = run(optimizer, options, dtype)
    beta1, beta2 = options.get('betas', (0.9, 0.999))
    fields = [
        'DType::' + str(dtype)[6:].capitalize(),
        str(options.get('momentum', 0.0)),
        str(options.get('dampening', 0.0)),
        str(options.get('weight_decay', 0.01 if optimizer is torch.optim.AdamW else 0.0)),
        str(options.get('nesterov', False)).lower(),
        str(options.get('maximize', False)).lower(),
        str(beta1),
        str(beta2),
        str(options.get('eps', 1e-8)),
        str(optimizer is torch.optim.AdamW).lower(),
        str(options.get('amsgrad', False)).lower(),
        numbers(parameter),
    ]
    return '    {' + ', '.join(fields) + '},'


def cases(name, runs):
    lines = [
        case(dtype, optimizer, options)
        for dtype in (torch.float32, torch.float64)
        for optimizer, options in runs
    ]
    return f'inline const std::vector<OptimCase> {name} = {{\n' + '\n'.join(lines) + '\n};\n'


def norms():
    tensors = [gradient(step, torch.float32)[: step + 1] for step in range(STEPS)]
    for p in (1.0, 2.0, 3.0, float('inf')):
        value = float(torch.nn.utils.get_total_norm(tensors, p))
        yield f'{{{"INFINITY" if p == float("inf") else p}, {value!r}}}'


HEADER = f"""// Made by make_optim.py from PyTorch {torch.__version__.split('+')[0]} (CPU); not edited by hand.
#pragma once

#include <cmath>
#include <vector>

#include "tensor/element_type.h"

namespace golden {{

using unroll::DType;

/** The parameter after kSteps steps of learning rate 0.1; see make_optim.py for where it starts and its gradients. */
struct OptimCase {{
  DType dtype;
  double momentum, dampening, weight_decay;
  bool nesterov, maximize;
  double beta1, beta2, eps;
  bool decoupled, amsgrad;
  std::vector<double> parameter;
}};
inline constexpr int kCount = {COUNT}, kSteps = {STEPS};

"""


def main():
    text = HEADER + cases('sgd', [(torch.optim.SGD, options) for options in SGD])
    adam = [(torch.optim.Adam, options) for options in ADAM] + [
        (torch.optim.AdamW, options) for options in ADAMW
    ]
    text += cases('adam', adam)
    text += '/** p and the total p-norm over the first n gradients cut to 1, 2, ... elements. */\n'
    text += 'inline const std::vector<std::pair<double, double>> norms = {' + ', '.join(norms()) + '};\n'
    text += '\n}  // namespace golden\n'
    Path(__file__).with_name('optim.h').write_text(text)


if __name__ == '__main__':
    main()
