"""The operations that are compared with PyTorch's, as expressions over a few named inputs.

Each is evaluated in float64 and float32, and with its inputs laid out in memory in three ways.
"""

import torch
import torch.nn.functional as F
from samples import laid_out, made, tensors_of, weighted_sum

# Where inputs lie, and what makes tensors in an expression: test_on_device.py has others.
DEVICE, FACTORIES = 'cpu', torch

# name: sizes and range
FLOATS = {
    'x': ((3, 4), -2, 2),
    'y': ((3, 4), 0.25, 2),
    'u': ((3, 4), -0.95, 0.95),
    'w': ((3, 4), 1.1, 3),
    't': ((2, 3, 4), -2, 2),
    's': ((2, 4, 3), -1, 1),
    'm': ((4, 4), -1, 1),
    'v': ((4,), -2, 2),
    'r': ((3, 1), 0.5, 2),
    'c': ((), 0.5, 1.5),
    'g': ((2, 3, 6, 7), -2, 2),
    'f': ((4, 3, 3, 2), -1, 1),
}
INTEGERS = {
    'i': torch.tensor([[3, -7, 2, 6], [5, 0, 1, -4], [12, 9, -8, 2]]),
    'j': torch.tensor([[2, 3, -2, 4], [1, 7, 6, 2], [8, 3, 2, 2]]),
    'b': torch.tensor([[True, False, True, False], [True, False, False, True], [False, False, True, True]]),
    'I': torch.tensor([[0, 2, 1, 0], [1, 1, 0, 2], [2, 0, 0, 1]]),
    'J': torch.tensor([2, 0, 3, 0]),
    'K': torch.tensor([0, 2, 2]),
}
# Of a result without elements PyTorch sometimes has no history where we have one, or the other way round.
NOT_EMPTY = ('torch.batch_norm', 'torch.group_norm', 'x.index_reduce', 'F.layer_norm')
NOT_EMPTY += ('torch.linalg.norm(x,2', 'torch.linalg.norm(x,-2')
EMPTY = {'x': (0, 4), 'y': (0, 4), 't': (2, 0, 4), 'v': (0,)}

# with gradients
DIFFERENTIABLE = """
x+y;x-r;x*v;x/y;x+c;2-x;3/y;x**2;y**x;y**0.5;2**x;x.neg();x.abs();x.exp();y.log();y.sqrt();y.rsqrt();x.sin();x.cos();u.tan()
x.sinh();x.cosh();u.asin();u.acos();x.atan();x.asinh();w.acosh();u.atanh();x.exp2();x.expm1();y.log1p();y.log2();y.log10()
x.erf();x.erfc();u.erfinv();y.lgamma();y.digamma();torch.polygamma(2,y);x.sinc();torch.special.i0(x);x.sigmoid();x.tanh()
x.atan2(y);x.hypot(y);x.copysign(u);y.xlogy(w);x.logaddexp(y);torch.logaddexp2(x,y);x.fmod(y);x.remainder(y);x.frac()
x.maximum(y);x.minimum(y);x.fmax(y);x.fmin(y);x.clamp(-.5,.5);x.clamp(min=u);x.clamp(u-1,y);x.floor();x.round(decimals=1)
(u/2+.5).logit();(u/2+.5).logit(.1);x.deg2rad();x.rad2deg();x.square();y.reciprocal();x.float_power(2);x.ldexp(v)
x.lerp(y,.3);x.lerp(y,u);torch.addcmul(x,y,v,value=2);torch.addcdiv(x,u,y,value=.5);x.where(x>0,y);torch.where(x>0,x,0.)
x.masked_fill(x>0,2.);x.nan_to_num();y.mvlgamma(1);x.div(y,rounding_mode='floor');x.floor_divide(y);x.heaviside(y)
x.sum();x.sum(1);x.sum((0,1),keepdim=True);t.sum((0,2));x.mean();x.mean(0);t.mean((1,2));x.prod();x.prod(1);(x*0).prod()
x.masked_fill(b,0).prod(1);x.masked_fill(b,0).prod();x.nansum();x.nanmean(1);x.var();x.var(0);x.std();x.std(1);t.std((0,2))
x.var(1,correction=0);x.std(unbiased=False);torch.var_mean(x,1);torch.std_mean(x,0,correction=2);(x*0).std(1)
x.max();x.min();x.max(1);x.min(0,keepdim=True);x.amax(1);t.amin((0,2));x.aminmax(dim=0);x.logsumexp(1);t.logsumexp((0,2))
x.norm();x.norm(1);x.norm(3,1);x.norm(float('inf'));x.norm(0);x.dist(y);torch.linalg.norm(x);torch.linalg.norm(x,dim=1)
torch.linalg.vector_norm(x,3);torch.linalg.matrix_norm(x);torch.linalg.norm(x,1);x.renorm(2,0,1.)
x.cumsum(0);x.cumsum(1);t.cumsum(1);x.cumprod(1);x.masked_fill(b,0).cumprod(1);x.cummax(1);x.cummin(0);x.logcumsumexp(1)
x.median();x.median(1);x.nanmedian(0);x.quantile(.3);x.quantile(torch.tensor([.1,.5,.9],dtype=x.dtype),1)
x.quantile(.6,0,keepdim=True);x.quantile(.4,interpolation='lower');x.quantile(.4,1,interpolation='midpoint')
x.quantile(.4,1,interpolation='nearest');x.nanquantile(.5,1);x.kthvalue(2);x.kthvalue(1,0,keepdim=True);x.mode(1)
x.sort();x.sort(0,descending=True);x.msort();x.topk(2);t.topk(1,1,largest=False);x.argsort().float()+x;x.diff();x.diff(2,0)
torch.gradient(x);torch.gradient(x,spacing=.5,dim=1,edge_order=2);torch.gradient(x,spacing=(r[:,0].cumsum(0),w[0].cumsum(0)))
torch.special.log_ndtr(x*12);torch.special.log_ndtr(x*3)
x@m;x.mm(m);t@m;t.bmm(s);t@s;v@m;m@v;v@v;t@v;torch.addmm(x,x,m);torch.addmm(v,x,m,beta=.5,alpha=2);torch.baddbmm(c,t,s)
torch.addbmm(c,t,s);v.addmv(m,v);m.addr(v,v,beta=2);v.outer(v)
v.dot(v);v.inner(v);x.inner(m);torch.vdot(v,v);torch.tensordot(t,s,([2],[1]));torch.tensordot(x,m,1);torch.kron(x,m[:2,:2])
torch.cdist(x,y);torch.cdist(x,y,1.);torch.chain_matmul(x,m,m);m.matrix_power(3);torch.cross(t,t*2+1,1);m.trace()
torch.linalg.svdvals(x);torch.linalg.svd(x,False).U.abs();torch.linalg.svd(x,False).Vh**2;torch.linalg.svdvals(t)
torch.linalg.svd(t.mT,False).U.abs();torch.svd(x).V.abs();torch.linalg.eigvalsh(m@m.T);torch.linalg.eigh(m,'U').eigenvalues
torch.linalg.eigh(m+m.T).eigenvectors.abs();torch.linalg.pinv(x);t.pinverse();torch.linalg.cond(m);torch.linalg.norm(x,2)
torch.linalg.norm(x,-2);torch.linalg.matrix_norm(t,'nuc',keepdim=True);torch.linalg.matrix_norm(t,2,(0,2))
torch.linalg.solve_triangular(m,x.T,upper=True);torch.linalg.solve_triangular(m,x,upper=False,left=False,unitriangular=True)
torch.linalg.solve(t@t.mT,x[:,:2]);torch.einsum('ij,jk->ik',x,m);torch.einsum('bij,bjk->bik',t,s);torch.einsum('ij->j',x);torch.einsum('ij,ij->',x,y)
torch.einsum('...j,jk->...k',t,m);torch.einsum('ii->i',m);torch.einsum('ii',m);torch.einsum('ij,ik',x,y)
torch.einsum('bij,bkj,j->bik',t,t,v);torch.einsum('i,j->ij',v,v);torch.einsum('ij,kj->ik',x,y);torch.einsum('b...,b...->...',t,t)
x.t();x.T;t.mT;t.transpose(0,2);t.permute(2,0,1);t.movedim(0,2);t.swapaxes(0,1);x.contiguous().view(4,3);x.reshape(-1);t.reshape(6,4)
x.unsqueeze(1);x[:,None].squeeze(1);r.expand(3,4);r.expand(2,3,4);x.flatten();t.flatten(1);t.unflatten(2,(2,2));x.ravel()
x.narrow(1,1,2);x.select(0,1);x[1:];x[::2];x[:,1];x[...,0];x[None];t[:,1,::2];x[[0,2]];x[:,[1,3,1]];x[b];x[I[:,:2],[0,3]]
t[0,[0,1,1],[2,2,3]];t[:,torch.tensor([[0],[2]]),torch.tensor([1,3])];x[x>0];x.diagonal();t.diagonal(1,1,2);x.unfold(1,2,1)
t.unfold(2,2,2);x.contiguous().as_strided((2,2),(4,1),1);x.contiguous().as_strided((3,2),(1,1));x.chunk(3,1);x.split(2,1);x.split([1,3],1);x.unbind(1);x.tensor_split(3,1)
x.hsplit(2);x.vsplit(3);t.dsplit(2);x.expand_as(t);x.view_as(y);x.broadcast_to((2,3,4));torch.broadcast_tensors(x,r)
torch.cat([x,y]);torch.cat([x,r],1);torch.stack([x,y],1);torch.hstack([x,y]);torch.vstack([v,v]);torch.dstack([x,y])
torch.column_stack([v,v]);torch.block_diag(x,m);torch.atleast_3d(x);torch.cartesian_prod(v,v);torch.meshgrid(v,v,indexing='ij')
torch.meshgrid(v,v,indexing='xy');torch.combinations(v);x.repeat(2,1);x.tile((2,));x.repeat_interleave(2,1)
x.repeat_interleave(torch.tensor([1,0,2]),0);x.roll(1,1);x.roll((1,-1),(0,1));x.roll(2);x.flip(0,1);x.fliplr();x.rot90()
x.rot90(2);x.rot90(-1,(1,0));x.tril();x.triu(1);v.diag();m.diag(1);v.diag_embed();x.diag_embed(1);x.diagflat()
x.diagonal_scatter(v[:3]);x.select_scatter(v,0,1);x.slice_scatter(y[:,:2],1,1,3)
x.gather(1,I);x.gather(0,I);x.index_select(1,J);x.take(I);x.take_along_dim(x.argsort(1),1);x.scatter(1,I,y);x.scatter(1,I,9.)
x.scatter(0,I,y);x.scatter_add(1,I,y);x.scatter_reduce(1,I,y,'sum');x.scatter_reduce(1,I,y,'mean')
x.scatter_reduce(1,I,y,'amax');x.scatter_reduce(1,I,y,'amin',include_self=False);x.scatter_reduce(0,I,y,'prod')
x.scatter_reduce(1,I,y,'mean',include_self=False);x.index_add(1,J,y,alpha=2);x.index_copy(0,K[:2],y[:2]);x.index_fill(1,J,3.)
x.index_reduce(1,J,y,'amax');x.put(torch.tensor([1,5]),v[:2]);x.put(torch.tensor([1,1]),v[:2],accumulate=True)
x.index_put((K,),y,accumulate=True);x.index_put((K[:2],J[:2]),v[:2]);x.masked_select(b);x.masked_scatter(b,y)
x.softmax(1);x.log_softmax(0);t.softmax(1);F.layer_norm(x,(4,));F.layer_norm(x,(4,),v,v*2);F.layer_norm(t,(3,4),x,y)
x.clone();x.contiguous();x.to(torch.float64)*2;x.detach()*y;x.add(y,alpha=3);x.sub(y,alpha=2);torch.rsub(x,y)
torch.trapezoid(x);torch.trapezoid(x,dx=.5,dim=0);torch.cumulative_trapezoid(x,v);x.cov();x.corrcoef();x.sum_to_size(3,1)
x.clone().mul_(y).add_(1);x.clone().sub_(r).div_(y);x.clone().index_put_((K,),v);x.clone().masked_fill_(b,1.).exp_()
x.clone().t_();x.clone().unsqueeze_(0);x.clone().tril_();x.clone().copy_(r)*x;x.clone().cumsum_(1);x.clone().fill_diagonal_(0.)
torch.layer_norm(x,(4,),v,v);torch.rms_norm(x,(4,));torch.rms_norm(x,(4,),v,.1);torch.group_norm(t,3,v[:3],v[:3])
torch.group_norm(g,1);torch.batch_norm(t,v[:3],v[:3],None,None,True,.1,1e-5,False);torch.instance_norm(t,None,None,None,None,True,.1,1e-5,False)
torch.batch_norm(t,None,None,v[:3].detach(),y[0,:3].detach(),False,.1,1e-5,False)
"""

# without
VALUES = """
i+j;i*2.5;i/j;i//j;i%j;i**2;j**j;i.abs().gcd(j);i.lcm(j);i&j;i|6;i^j;~i;i<<1;i>>1;j<<j;b&~b;b^b;i.bitwise_and(3);i.fmod(3)
i.remainder(-3);i.clamp(-1,3);i.sum();i.prod(1);i.cumsum(1);i.cumprod(0);i.max();i.min(1);i.argmax();i.argmin(1);i.sort(1)
torch.linalg.matrix_rank(x);torch.linalg.matrix_rank(v.outer(v));torch.linalg.matrix_rank(x,1.);torch.linalg.eigh(x)
torch.linalg.eigh(m,'X');torch.linalg.svd(v);torch.linalg.svd(i);torch.linalg.matrix_norm(x,3);torch.linalg.cond(m,1)
i.topk(2);i.median(1);i.mode(1);i.kthvalue(2);i.float().mean();i.exp();i.sqrt();b.sum();b.any();b.all(1);b.cumsum(0);b.long()
i.int()+j.short();i.to(torch.uint8);i.to(torch.int8);i.to(torch.int8)+i.to(torch.uint8);i.half()+1;i.bfloat16()*.3;x.half()
x.bfloat16();x.half().exp();x.half()+x.bfloat16();x.bfloat16().sum();x.half()@m.half();x.half().softmax(1);x.bfloat16().mean(1)
x.half().max(1);x.half().sort(1);x.bfloat16()>0;x.half().cumsum(1);x.half().float();x.to(torch.bfloat16).double()
i.to(torch.int8)*3;i.to(torch.int8).sum();i.to(torch.uint8)+300;b+i.to(torch.int8);torch.tensor([1,2],dtype=torch.int8)/2
i.count_nonzero();i.count_nonzero(1);i.nonzero();i.unique();I.unique(return_inverse=True,return_counts=True);I.unique(dim=0)
I.unique(dim=1,return_inverse=True);K.unique_consecutive(return_counts=True);K.unique_consecutive(return_inverse=True)
torch.tensor([[1,1],[1,1],[2,1]]).unique_consecutive(dim=0);J.bincount();J.bincount(minlength=6);J.bincount(v)
torch.histc(x,5,-1,1);torch.histc(x,4);torch.histogram(x,3);torch.searchsorted(v.sort().values,x);torch.bucketize(x,v.sort().values)
torch.searchsorted(v.sort().values,x,right=True);torch.bucketize(x,v.sort().values,right=True);torch.searchsorted(x.sort(1).values,y)
torch.searchsorted(v.sort().values,.5);x.isnan();x.isinf();x.isfinite();(x/0).isposinf();(x/0).isneginf();x.signbit();x.isreal()
torch.isin(I,K);torch.isin(I,2);torch.isin(I,K,invert=True);x.isclose(x+1e-9);torch.allclose(x,x);x.equal(x);x==y;x!=x;x<r
x.ge(0);x.logical_and(b);x.logical_or(b);x.logical_xor(b);x.logical_not();x.nextafter(y);x.heaviside(y*0+.5);torch.sgn(i)
x.argmax();x.argmax(1,keepdim=True);x.argmin(0);x.argsort(1);x.argsort(0,descending=True);x.argwhere();torch.aminmax(x)
torch.tril_indices(3,4);torch.triu_indices(3,4,1);torch.tril_indices(3,4,-1);torch.unravel_index(J,(2,3))
torch.hann_window(6);torch.hamming_window(5);torch.blackman_window(6,False);torch.bartlett_window(7);torch.logspace(0,2,4)
torch.linspace(0,1,7,dtype=torch.float64);torch.arange(0,1,.3);torch.arange(5,0,-2);torch.eye(3,4);torch.full((2,),3)
torch.result_type(i,2.5);torch.promote_types(torch.int8,torch.uint8);torch.promote_types(torch.float16,torch.bfloat16)
torch.can_cast(torch.float32,torch.int64);x.half().dtype;torch.finfo(torch.float16).max;torch.finfo(torch.bfloat16).eps
torch.iinfo(torch.int8).min;x.masked_fill(b,float('nan')).median(1);x.masked_fill(b,float('nan')).nanmedian(1)
x.masked_fill(b,float('nan')).nansum();x.masked_fill(b,float('nan')).nanmean(0);x.masked_fill(b,float('nan')).quantile(.5,1)
x.masked_fill(b,float('nan')).max(1);x.masked_fill(b,float('nan')).cummax(1);x.masked_fill(b,float('inf')).logsumexp(1)
x.masked_fill(b,float('nan')).sort(1);x.masked_fill(b,-float('inf')).softmax(1);x.masked_fill(b,float('nan')).nan_to_num(1.)
x.masked_fill(b,float('nan')).fmax(y);x.masked_fill(b,float('nan')).maximum(y);x.masked_fill(b,-float('inf')).logcumsumexp(1)
(x/0).clamp(-1,1);(x*0).atan2(y*0);x.div(0);i.div(j,rounding_mode='trunc');i.div(j,rounding_mode='floor');x.double().frac()
torch.zeros(0).sum();torch.zeros(0).prod();torch.zeros(0,3).max(1);torch.zeros(3,0).sum(1);torch.zeros(3,0).prod(1)
torch.zeros(3,0).logsumexp(1);torch.zeros(0).median();torch.zeros(0).norm();torch.zeros(0,4)@m.float();torch.zeros(2,0).var(1)
torch.zeros(0).cumsum(0);torch.zeros(2,0).cumprod(1);torch.zeros(0).sort();torch.zeros(0).unique();torch.zeros(0,2).flip(0)
torch.cat([torch.zeros(0),v.float()]);torch.zeros(0,3).repeat(2,2);torch.zeros(2,0).softmax(1);torch.zeros(0).argsort()
torch.stack([]);torch.cat([]);x.view(5);x.reshape(7);x.permute(0,0);x.transpose(0,5);x.expand(3,5);x+torch.ones(5);x@x;x.mm(v)
x.sum(2);x.mean(5);x.max(9);x.gather(1,I.float());x.gather(2,I);x.scatter(1,I+9,y);x.index_select(0,J);x.split(0);x.chunk(0)
x.unfold(1,9,1);x.narrow(1,3,9);x.select(1,9);x[9];x[:,9];x[b[:2]];x[[9]];x.diag(9);v.diag().diag(-1);t.diag();t.t();c.t()
x.topk(9);x.kthvalue(9);x.quantile(2.);i.quantile(.5);i.mean();i.std();b.neg();b-b;i.float()@i
x.clamp();x.lerp(i,.5);x.addcdiv(i,i);i.addcdiv(i,j);x.bitwise_and(1);x.gcd(y);i.lgamma();b.cumprod(0);x.repeat(2);c.repeat()
torch.einsum('ij,jk',x,x);torch.einsum('ij->k',x);torch.einsum('ij',v);torch.tensordot(x,y,1);x.dot(v);v.dot(x);t.mm(x)
x.bmm(x);torch.hsplit(c,2);torch.vsplit(v,2);x.cross(x);torch.linalg.norm(i);x.put(I,v);x.take(I+99);x.masked_scatter(b,v)
x.masked_select(i);x.index_add(1,J,x[:2]);x.index_copy(0,J,y);x.scatter_reduce(1,I,y,'max');torch.ones(2,requires_grad=True).add_(1)
i.requires_grad_();x.backward();(x*1).requires_grad_(False);i.unique_consecutive(dim=5);x.movedim(0,7);x.rot90(1,(0,0))
x.repeat_interleave(torch.tensor([1,2]),0);torch.broadcast_tensors(x,m);torch.tril(v);x.unflatten(1,(3,2))
x.item();bool(x);x.tolist()[0];len(x);torch.tensor([[1],[1,2]]);torch.tensor([1,'a']);torch.ones(2,-1)
"""

STATEMENTS = """
x[0]=1;x[:,1]=r[:,0];x[b]=0;x[b]=v[0];x[[0,1],[1,2]]=9;x[0]+=1;x[:,0]*=2;x[1,1:3]=y[0,:2];x[...]=r;x[x>0]=-1;x[None]=3
x[torch.tensor([0,2])]=y[:2];x[:,J]=1.5;x[::2]=v;x[1]=x[0];x[0],x[1]=x[1].clone(),x[0].clone();x.t()[0]=5;x.view(-1)[0]=3
x.add_(y).mul_(r);x.sub_(v);x.div_(y);x.pow_(2);x.clamp_(-1,1);x.clamp_min_(0);x.abs_();x.neg_();x.exp_();x.tanh_();x.sigmoid_()
x.sqrt_();x.zero_();x.fill_(2);x.fill_(c);x.copy_(y);x.copy_(v);x.copy_(i);x.lerp_(y,.5);x.addcmul_(y,u);x.addcdiv_(u,y)
x.masked_fill_(b,1);x.masked_scatter_(b,y);x.index_fill_(1,J,2.);x.index_add_(0,K,y);x.index_copy_(0,K[:2],y[:2])
x.index_put_((K,J[:3]),v[:3]);x.index_put_((K,),v,True);x.scatter_(1,I,y);x.scatter_(1,I,2.);x.scatter_add_(1,I,y)
x.scatter_reduce_(1,I,y,'amax');x.put_(J,v);x.floor_();x.ceil_();x.round_();x.trunc_();x.frac_();x.reciprocal_();x.rsqrt_()
x.remainder_(y);x.fmod_(y);x.floor_divide_(y);x.atan2_(y);x.logical_and_(y);x.eq_(y);x.lt_(0);x.nan_to_num_();x.square_()
x.sin_();x.cos_();x.asinh_();x.erf_();x.lgamma_();x.cumsum_(1);x.tril_();x.triu_(1);x.fill_diagonal_(7);x.renorm_(2,0,.5)
x.t_();x.transpose_(0,1);x.unsqueeze_(1);x.squeeze_();x.swapaxes_(0,1);x.hypot_(y);x.copysign_(u);x.xlogy_(y);x.heaviside_(y)
x+=y;x-=1;x*=r;x/=2;x//=y;x%=y;x**=2;i+=1;i*=j;i-=b;i//=j;i&=3;i|=j;i^=1;i<<=1;i>>=1;b&=~b;b|=x>0;i/=2;i+=1.5;b+=1;x&=1
x.addmm_(x,m);x.baddbmm_(t,s);v.addmv_(m,v);m.addr_(v,v);x.resize_(4,3);x.resize_(12);x.apply_(lambda a:a+1);x.data[0]=3
x.expand(2,3,4)[0]=1;x.diagonal().fill_(4);x[1:].view(-1)[2]=8;x.unfold(1,2,2)[0]=0;x[:2].mul_(x[1:]);x.mul_(t)
"""


def expressions(text):
    """The expressions of a list above."""
    return [e.strip() for line in text.strip().split('\n') for e in line.split(';')]


def inputs(dtype, layout='plain', requires_grad=False, sizes=None):
    """The named inputs anew, floating point ones in the layout asked for."""
    named = {'torch': FACTORIES, 'F': F}
    for seed, (name, (shape, low, high)) in enumerate(FLOATS.items()):
        tensor = laid_out(made((sizes or {}).get(name, shape), low, high, seed, dtype), layout).to(DEVICE)
        named[name] = tensor.requires_grad_() if requires_grad else tensor
    return named | {name: tensor.clone().to(DEVICE) for name, tensor in INTEGERS.items()}


def differentiated(code, dtype, layout='plain', sizes=None):
    """The results of an expression, and the gradients of the inputs in it."""
    named = inputs(dtype, layout, True, sizes)
    leaves = [named[name] for name in FLOATS]
    result = eval(code, named)
    found = tensors_of(result)
    total = weighted_sum(found)
    if isinstance(total, torch.Tensor):
        total.backward()
    return [found, [leaf.grad for leaf in leaves if leaf.grad is not None]]


def evaluated(code, dtype, layout='plain'):
    """The value of an expression."""
    return eval(code, inputs(dtype, layout))


def executed(code, dtype, layout='plain'):
    """The inputs that a statement has written."""
    named = inputs(dtype, layout)
    before = {name: named[name].clone() for name in (*FLOATS, *INTEGERS)}
    exec(code, named)
    written = [name for name, old in before.items() if not _same(named[name], old)]
    return [named[name] for name in written]


def _same(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and bool(((a == b) | ((a != a) & (b != b))).all())
