"""What a script asks of torch.cuda and of devices, with a GPU and without."""

import torch
from torch import nn

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(device)
x = torch.randn(5, 3).to(device, non_blocking=True)
out = model(x)
assert out.device.type == device.type and next(model.parameters()).device == x.device
out.sum().backward()
assert all(p.grad.device == p.device for p in model.parameters())
assert out.cpu().device == torch.device('cpu')
assert torch.zeros(2, device=device).tolist() == [0, 0]
assert torch.zeros_like(x).device == x.device
assert torch.tensor([1.5, 2], device=device).tolist() == [1.5, 2]
assert x.new_ones(2).device == x.device
assert torch.arange(3, device=device).device == x.device

if device.type == 'cuda':
    assert torch.cuda.device_count() == 1 and torch.cuda.current_device() == 0
    assert torch.cuda.get_device_name() != ''
    assert 0 < torch.cuda.memory_allocated() <= torch.cuda.memory_reserved()
    assert torch.accelerator.current_accelerator() == device
    assert x.is_cuda and not x.is_cpu and x.get_device() == 0
    assert str(x.device) == 'cuda:0' and x.cuda() is x
    assert torch.equal(x.cpu().cuda(), x)
    assert torch.ones(2).cuda(0).device == torch.device('cuda:0')
    torch.cuda.synchronize()
    for refused in (lambda: torch.ones(2, device='cuda:1'), lambda: torch.ones(2).to('mps')):
        try:
            refused()
        except RuntimeError as error:
            assert 'is not available' in str(error)
        else:
            raise AssertionError('another device is refused')
    try:
        x.half()
    except NotImplementedError as error:
        assert str(error) == 'float16 is not supported on opencl:0', error
    else:
        raise AssertionError('what is not there is refused')
    print('GPU')
else:
    assert torch.cuda.device_count() == 0 and torch.accelerator.current_accelerator() is None
    try:
        x.cuda()
    except RuntimeError as error:
        assert 'is not available' in str(error)
    else:
        raise AssertionError('without a GPU there is no cuda')
    print('no GPU')
