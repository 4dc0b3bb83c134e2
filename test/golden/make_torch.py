"""Evaluates expressions in PyTorch and saves what came out: test/torch/test_golden.py evaluates them again.

`python test/golden/make_torch.py` writes torch.json, printing.json, random.json, module.pt and optimizer.pt.
"""

import hashlib
import json
import math
import struct
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).parent
NAMES = {
    'torch': torch,
    'nn': nn,
    'F': F,
    'x': torch.tensor([[1.5, -2.0, 3.25], [0.5, 4.0, -6.0]]),
    'i': torch.tensor([[3, -7, 2], [5, 0, 1]]),
    'b': torch.tensor([[True, False, True], [True, False, False]]),
}
GRADIENT_NAMES = {
    'torch': torch,
    'nn': nn,
    'F': F,
    'I': torch.tensor([[0, 2], [1, 1], [3, 0]]),
    'c': torch.tensor([0, 1, 3]),
}
X = [[-0.7, 1.3, 0.2, 2.1], [0.9, -1.6, 0.45, -0.15], [1.1, 0.05, -2.3, 0.6]]
Y = [[0.5, 1.2, 0.8, 1.4], [0.9, 0.6, 1.1, 0.7], [1.3, 0.95, 0.55, 1.05]]

VALUES = """
x+i;x*2;i*2;i*2.5;i/2;i//2;i%3;-i%3;x//1.5;x%1.5;i/i;x**2;i**2;2**i.abs();2.0**x;x**i.float();b+1;b-1;b*b;b&b;b|True
~b;~i;i&3;i|8;i^5;x<i;x==1.5;x!=x;abs(x);-x;1-x;1/x;7//i.abs().clamp(1);10%i.abs().clamp(1)
x.sum();i.sum();b.sum();x.sum(0);x.sum(1,keepdim=True);x.sum((0,1));i.sum(dtype=torch.float64);x.mean();i.mean()
x.mean(1);x.std();x.var(0);x.var(unbiased=False);x.std(1,keepdim=True);x.var(1,correction=0);x.prod();i.prod();x.prod(1)
x.max();x.min();x.max(0);x.min(1,keepdim=True);torch.max(x,x*2);x.argmax();x.argmax(1);x.argmin(0,keepdim=True)
x.amax(1);x.amin((0,1));x.norm();x.norm(1);x.norm(dim=1);x.norm(float('inf'));x.cumsum(1);i.cumsum(0);x.logsumexp(1)
x.any();b.all();b.any(1);x.sort();x.sort(0,descending=True);x.topk(2);x.topk(1,largest=False);x.argsort();x.median()
x.median(1);x.unique();torch.bincount(torch.tensor([1,1,3]));x.count_nonzero();x.dist(x+1);torch.zeros(0).sum()
torch.zeros(0).max();torch.zeros(0,3).sum(0);torch.std_mean(x,0)
x.t();x.T;x.mT;x.view(-1);x.view(3,2);x.view(2,-1);x.view(7);x.t().view(-1);x.reshape(6);x.reshape(4,2);x.permute(1,0)
x.unsqueeze(0);x.unsqueeze(3);x[None].squeeze();x.expand(2,2,3);x.expand(2,4);x.repeat(2,1);x.flip(0);x.flip(0,1)
x.roll(1,1);x.tril();x.triu(1);x.diag();torch.diag(x[0]);x.diagonal();x.chunk(2,1);x.split(1);x.split([1,2],1);x.unbind()
x.split([1,1],1);torch.cat([x,x]);torch.cat([x,x],2);torch.cat([x,x[:,:2]]);torch.stack([x,i.float()]);torch.hstack([x,x])
torch.vstack([x[0],x[1]]);x.flatten();x.movedim(0,1);x.repeat_interleave(2,1);torch.atleast_2d(x[0]);x.narrow(1,1,2)
torch.meshgrid(torch.arange(2),torch.arange(3),indexing='ij');torch.broadcast_shapes((2,1),(1,3));x.swapaxes(0,1)
x.gather(1,torch.tensor([[0,2],[1,1]]));torch.zeros(2,4).scatter(1,torch.tensor([[0,2],[1,3]]),1.0)
torch.zeros(2,4).scatter_add(1,torch.tensor([[0,0],[1,3]]),x[:,:2]);x.index_select(1,torch.tensor([2,0]))
x.masked_select(b);x.masked_fill(b,0);x.nonzero();i.nonzero(as_tuple=True);torch.where(b,x,0.);torch.where(b)
x.take_along_dim(x.argsort(1),1);x.clamp(-1,1);x.clamp(min=0);i.clamp(max=2);x.clip(0,2);torch.maximum(x,i)
x.exp();x.abs().log();x.sigmoid();x.tanh();x.relu();x.sqrt();x.abs().sqrt();x.rsqrt();x.sin();x.cos();x.floor();x.ceil()
x.round();x.trunc();x.sign();x.reciprocal();x.square();x.erf();x.expm1();x.log1p();x.log2();x.isnan();x.isfinite()
x.softmax(1);x.log_softmax(0);x.softmax(2);i.exp();i.float();i.double();x.long();x.int();x.bool();x.type(torch.float64)
x.to(torch.int64);x@x.T;x@x;x.mm(x.t());x.mm(x);x.mm(i);x.matmul(x[0]);x.mv(x[0])
torch.dot(x[0],x[1]);torch.outer(x[0],x[1])
torch.einsum('ij,ij->i',x,x)
torch.einsum('ij,kj',x,x);torch.bmm(x[None],x.T[None]);torch.addmm(torch.ones(2,2),x,x.T)
x.addcmul(x,x,value=2);x.addcdiv(x,x);x.lerp(x*2,0.5);torch.trace(x[:,:2]);x.fmod(2);torch.fmod(i,3);torch.remainder(i,3)
torch.floor_divide(i,2);torch.div(i,2,rounding_mode='trunc');torch.sub(x,1,alpha=2);torch.rsub(x,1);x.nan_to_num()
torch.logical_and(b,b);b.logical_not();torch.isclose(x,x).all();torch.allclose(x,x+1e-9);torch.equal(x,x)
torch.linspace(0,1,5);torch.arange(5);torch.arange(0,1,.25);torch.arange(5,0,-2);torch.eye(2,3);torch.full((2,),7)
torch.full((2,),7.);torch.full((2,),True);torch.ones(2,dtype=torch.int64);torch.zeros(2,3,dtype=torch.bool);torch.ones(-1)
torch.tensor(3);torch.tensor(3.5);torch.tensor(True);torch.tensor([1,2.5]);torch.tensor([True,2]);torch.tensor(['a'])
torch.tensor([[1,2],[3]]);torch.tensor([[]]);torch.Tensor([1,2]);torch.LongTensor([1,2]);torch.empty(2,0);torch.tensor([None])
torch.tensor([torch.tensor(1.),torch.tensor(2.)]);torch.tril_indices(2,2);torch.zeros(2).new_tensor([1,2])
x.tolist();x[0].tolist();x.numel();x.stride();x.T.stride()
x.is_contiguous();x.T.contiguous().stride();len(x);x.shape[0]
x.size(-1);x.dim();x[0,0].item();i[0,0].item();float(x[0,0]);int(x[0,1]);bool(x[0,0]);x[0,0] in x
x.item();bool(x)
f'{x[0,0]:.3f}';repr(x.shape);x.element_size();x.nbytes;torch.promote_types(torch.int32,torch.float32).itemsize
torch.finfo(torch.float32).eps;torch.iinfo(torch.int32).max;len(torch.tensor(1));list(torch.tensor(1));x.sum(3)
x[0];x[-1];x[2];x[0,5];x[0,0,0];x[:,1];x[...,0];x[None];x[:,None];x[1:];x[::2];x[::-1];x[b];x[b.nonzero(as_tuple=True)]
x[[0,1]];x[[0,1],[1,2]];x[torch.tensor([1,0])];x[:,torch.tensor([0,2])];x[torch.tensor([[0],[1]]),torch.tensor([0,2])]
x[torch.tensor(1)];x[torch.tensor([5])];x[1.5];x[True];x[False];x[b[:,0]];x[:,b[0]];x[0:0];x[torch.tensor([1.])]
x[torch.tensor([],dtype=torch.long)];x[...,[0,1],None];torch.arange(24).view(2,3,4)[:,[0,1],1:]
torch.arange(24).view(2,3,4)[[0],:,[1]];torch.arange(24).view(2,3,4)[0,:,[1,2]];x+torch.ones(5);x.backward()
F.one_hot(torch.tensor([1,0]),3);F.embedding(torch.tensor([9]),x);F.cross_entropy(x,torch.tensor([0,9]))
F.cross_entropy(x,torch.tensor([0]));F.linear(x,torch.ones(2,4));nn.Dropout(2);nn.Embedding(3,4)(torch.tensor([0.5]))
nn.Linear(2,3).foo;nn.LSTM(3,4)(x.view(1,3,2));nn.GRU(3,4)(x[None],torch.zeros(1,1,4));torch.randperm(-1)
torch.multinomial(torch.tensor([-1.,1.]),1);torch.empty(2,dtype=torch.long).uniform_()
torch.optim.SGD([],lr=.1);torch.optim.Adam([x],lr=-1);torch.zeros(2).requires_grad_().add_(1)
torch.empty(3,dtype=torch.float16).uniform_(0,1e39);torch.empty(3,dtype=torch.float16).uniform_(-6e4,6e4)
torch.where(b,1,2);torch.where(b,1.5,0);torch.where(b,True,False);torch.tensor(5).nonzero(as_tuple=True)
torch.narrow(i,1,torch.tensor(-1),1);torch.repeat_interleave(i[0,:2].abs(),torch.tensor([1,2]),output_size=3)
torch.bincount(torch.tensor([-1]));torch.bincount(x);torch.bincount(b[0]);torch.bincount(torch.tensor([1]),minlength=-1)
torch.bincount(torch.tensor([1,2]),torch.tensor([1,2]));i.round(decimals=1)
torch.special.xlog1py(i,2);torch.special.xlog1py(2,i.abs());F.threshold(i,.5,20);F.threshold(i,0,.5);F.threshold(x,0,.5)
F.hardtanh(i);F.hardtanh(b);F.relu6(i);F.elu(i);F.celu(i);F.selu(i);F.mish(i);F.logsigmoid(i);F.hardsigmoid(i)
F.hardswish(i);F.hardshrink(i);F.softshrink(i);F.glu(i[:,:2]);F.smooth_l1_loss(i,i);F.huber_loss(i,i);F.prelu(i,x[0,:1])
torch.linalg.solve(torch.eye(3).expand(2,3,3)*2,torch.ones(3));torch.linalg.solve(torch.eye(3)*2,torch.ones(2,3,1))
torch.linalg.solve(torch.eye(3)*2,x,left=False);torch.add(x,1,out=torch.zeros(2,3));torch.add(x,1,out=torch.empty(0).double())
torch.add(x,1,out=torch.zeros(2,3).int());torch.add(x.clone().requires_grad_(),1,out=torch.zeros(2,3));torch.add(x,1,out=None)
torch.logical_and(b,i,out=torch.zeros(2,3));*torch.sort(x,out=(torch.zeros(2,3),torch.zeros(2,3).long())),
"""
STATEMENTS = """
y[0]=1;y[:,1]=torch.tensor([7.,8.]);y[b]=0;y[b]=torch.arange(float(b.sum()));y[[0,1],[1,2]]=9;y[0]+=1;y[:,0]*=2
y[0,0]=i[0,0];y[5]=1;y[0]=torch.ones(1,3);y[...]=2;y.fill_(3);y.zero_();y.add_(1);y.mul_(i);y+=i;y/=2;y**=2;y.sub_(y)
y.clamp_(0,1);y.copy_(torch.ones(3));y.masked_fill_(b,-1);y.sqrt_();y.exp_();y.neg_();y.relu_();i2=i.clone();i2+=1.5
y.scatter_(1,torch.tensor([[0],[1]]),5.);y.index_fill_(1,torch.tensor([0]),2.);y.t()[0]=5;y.view(-1)[0]=3;y.data[0]=3
y.index_add_(0,torch.tensor([0]),torch.ones(1,3));y[0]=[1,2,3];y.uniform_(3,2);y.index_put_((torch.tensor([0,0]),),torch.ones(3),True)
"""
GRADIENTS = """
x+y;x-y;x*y;x/y;x+1;2-x;3/y;x**2;y**x;y**0.5;2**x;x@y.T;x.mm(y.t());torch.addmm(y@y.T,x,y.T,beta=.5,alpha=2);x.exp()
a.log();a.sqrt();a.rsqrt();x.sin();x.cos();x.tanh();x.sigmoid();x.relu();x.abs();x.neg();x.square();y.reciprocal();x.erf()
x.expm1();y.log1p();x.clamp(-.5,.5);torch.maximum(x,y);torch.minimum(x,y);x.sum();x.sum(1);x.mean(0);x.var();x.std(1)
x.prod();x.max();x.max(1).values;x.min(0).values;x.logsumexp(1);x.norm();x.norm(1,dim=1);x.cumsum(1);x.softmax(1)
x.log_softmax(0);x.t();x.view(4,3);x.reshape(-1)[2:5];x.permute(1,0);x.unsqueeze(1);x.expand(2,3,4);x.repeat(2,1)
x.flip(1);x.tril();x.diagonal();torch.cat([x,y]);torch.stack([x,y],1);x.chunk(2,1)[1];x[1];x[:,1:3];x[[0,2]];x[x>0]
x[I[:,0]%3,I[:,1]];x.gather(1,I);x.index_select(1,torch.tensor([0,0,2]));x.scatter(1,I,9.);x.scatter_add(1,I,y[:,:2])
x.masked_fill(x>0,2.);torch.where(x>0,x,y);x.lerp(y,.3);torch.addcmul(x,x,y,value=2);torch.addcdiv(x,x,y)
x.sort(1).values;x.topk(2).values;F.gelu(x);F.gelu(x,approximate='tanh');F.silu(x);F.elu(x);F.leaky_relu(x,.1)
F.softplus(x);F.logsigmoid(x);F.linear(x,y);F.linear(x,y,y[:3,0]);F.mse_loss(x,y);F.l1_loss(x,y);F.cross_entropy(x,c)
F.cross_entropy(x,c,reduction='sum',label_smoothing=.1);F.cross_entropy(x,y.softmax(1))
F.cross_entropy(x,torch.tensor([0,-100,3]),weight=y[0].detach());F.nll_loss(F.log_softmax(x,1),c,reduction='none')
F.layer_norm(x,(4,));F.binary_cross_entropy_with_logits(x,y.clamp(0,1));F.normalize(x);x.amax(1);x.remainder(y);x.fmod(y)
torch.einsum('ij,kj->ik',x,y);torch.bmm(x[None],y.T[None]);x.to(torch.float64);x.detach()*y;F.embedding(I%3,x)
x.median(1).values;x.roll(1,0);x.movedim(0,1);torch.outer(x[0],y[0]);torch.dot(x[0],y[0]);x.clone().mul_(y).add_(1)
x.clone().index_put((torch.tensor([0]),),y[0]);torch.zeros(3,4).copy_(x);x.unbind(1)[2]
"""
PRINTED = """
torch.tensor(3.5);torch.tensor(7);torch.tensor([True,False]);torch.tensor([1e10,1.]);torch.tensor([1.5,2,1e-5])
torch.tensor([1,200]);torch.arange(2000.);torch.zeros(0,3);torch.tensor([]);torch.tensor([],dtype=torch.int64)
torch.tensor([1.,float('nan'),float('inf')]);torch.tensor(3.5,dtype=torch.float64,requires_grad=True);torch.ones(2,2,2)
torch.arange(10000).view(100,100);torch.arange(30.)/7;torch.ones(2,requires_grad=True)*2;torch.arange(12).view(2,2,3)
nn.Parameter(torch.ones(2));torch.ones(3,dtype=torch.int32);torch.Size([2,3]);torch.float32;torch.device('cpu')
torch.tensor([-1.,20.,300.]);torch.tensor([0.1,-22.25]);torch.arange(1200.).view(3,400);torch.tensor([[1e-8,1.]])
nn.Sequential(nn.Linear(2,3),nn.Tanh(),nn.Dropout(.1));nn.LSTM(3,4,2,dropout=.5,batch_first=True);nn.Embedding(5,3,0)
torch.optim.SGD([nn.Parameter(torch.ones(2))],lr=.1);torch.max(torch.ones(2,2),1);nn.ModuleList([nn.ReLU(),nn.GELU()])
torch.finfo(torch.float32);torch.iinfo(torch.int64);nn.CrossEntropyLoss();nn.LayerNorm(4);torch.ones(30).double()
"""
RANDOM = """
torch.rand(1000);torch.randn(1000);torch.randn(7);torch.randint(0,100,(50,));torch.randperm(1000)
torch.rand(10,dtype=torch.float64);torch.randn(20,dtype=torch.float64);torch.bernoulli(torch.full((100,),.3))
torch.multinomial(torch.rand(10),5);torch.multinomial(torch.rand(3,10),20,True);torch.empty(10).exponential_()
torch.empty(10).random_();torch.empty(10,dtype=torch.int64).random_();torch.normal(2.,3.,(40,));torch.rand_like(w)
torch.rand(5,5).t().uniform_();torch.rand(4,generator=torch.Generator().manual_seed(5));torch.get_rng_state()
nn.Dropout(.3)(torch.ones(1000));nn.init.xavier_uniform_(w);nn.init.xavier_normal_(w);nn.init.kaiming_uniform_(w)
nn.init.kaiming_normal_(w);*nn.Linear(33,17).parameters();*nn.Embedding(65,128).parameters()
nn.init.trunc_normal_(w);nn.init.trunc_normal_(w,0.,.02);nn.init.trunc_normal_(w,2.,1.5,-.1,.2)
torch.rand(1000,dtype=torch.float16);torch.empty(999,dtype=torch.bfloat16).uniform_(-.3,1.7);torch.randn(17,dtype=torch.float16)
torch.randn(7,dtype=torch.bfloat16);torch.empty(30,20,dtype=torch.float16).t().normal_(1,2)
torch.empty(300,dtype=torch.bfloat16).exponential_(2);torch.bernoulli(torch.full((300,),.3,dtype=torch.float16))
torch.multinomial(torch.rand(20,dtype=torch.bfloat16),5);torch.randint(0,5000,(50,),dtype=torch.float16)
torch.randint(-5,300,(50,),dtype=torch.bfloat16);torch.empty(50,dtype=torch.float16).random_()
torch.empty(50,dtype=torch.int64).random_(3,None);nn.Dropout(.3)(torch.ones(100,dtype=torch.bfloat16))
*nn.LSTM(20,30,2).parameters();*nn.GRU(20,30).parameters();*nn.RNN(5,7,nonlinearity='relu').parameters();torch.rand(3)
"""


def expressions(text):
    return [e for line in text.strip().split('\n') for e in line.split(';')]


def plain(value):
    """A result as JSON: a tensor's dtype, sizes and elements; containers item by item."""
    if isinstance(value, torch.Tensor):
        elements = [number(v) for v in value.detach().reshape(-1).tolist()]
        return {'dtype': str(value.dtype), 'shape': list(value.shape), 'elements': elements}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return repr(value)


def number(value):
    """Nine digits tell every float32 from any other; JSON has no word for what is not finite."""
    if not isinstance(value, float):
        return value
    return float(f'{value:.9g}') if math.isfinite(value) else str(value)


def attempt(function):
    try:
        return {'value': plain(function())}
    except Exception as error:
        return {'error': type(error).__name__, 'message': str(error).split('\n')[0]}


def value(expression):
    return attempt(lambda: eval(expression, dict(NAMES)))


def statement(code):
    y = NAMES['x'].clone()

    def run():
        exec(code, {**NAMES, 'y': y})
        return y

    return attempt(run)


def gradients(expression):
    def run():
        x, y = torch.tensor(X, requires_grad=True), torch.tensor(Y, requires_grad=True)
        result = eval(expression, {**GRADIENT_NAMES, 'x': x, 'y': y, 'a': x.abs() + 0.1})
        weights = torch.arange(1.0, result.numel() + 1).view(result.shape)
        (result * weights).sum().backward()
        return [result, *(torch.zeros(3, 4) if t.grad is None else t.grad for t in (x, y))]

    return attempt(run)


def digest(tensor):
    return hashlib.md5(
        struct.pack(f'{tensor.numel()}d', *tensor.detach().double().reshape(-1).tolist())
    ).hexdigest()


def draw(expression):
    return [digest(t) for t in eval(f'[{expression}]', {'torch': torch, 'nn': nn, 'w': torch.empty(13, 29)})]


def save(name, content):
    with open(HERE / name, 'w') as file:
        file.write(json.dumps(content).replace('}, {', '},\n{').replace('"], ["', '"],\n["') + '\n')


if __name__ == '__main__':
    torch.set_num_threads(1)
    save(
        'torch.json',
        {
            'values': [{'code': e, **value(e)} for e in expressions(VALUES)],
            'statements': [{'code': e, **statement(e)} for e in expressions(STATEMENTS)],
            'gradients': [{'code': e, **gradients(e)} for e in expressions(GRADIENTS)],
        },
    )
    save('printing.json', [[e, repr(eval(e, dict(NAMES)))] for e in expressions(PRINTED)])
    torch.manual_seed(1111)
    save('random.json', [[e, *draw(e)] for e in expressions(RANDOM)])
    torch.manual_seed(0)
    lstm = nn.LSTM(3, 4, 2)
    torch.save(lstm, HERE / 'module.pt')
    base = torch.arange(6.0).view(2, 3)
    optimizer = torch.optim.Adam(lstm.parameters(), lr=0.01)
    output = lstm(torch.ones(3, 2, 3))[0].sum()
    output.backward()
    optimizer.step()
    saved = {
        'optimizer': optimizer.state_dict(),
        'aliases': [base, base.t(), base[1]],
        'output': output.item(),
    }
    torch.save(saved, HERE / 'optimizer.pt')
