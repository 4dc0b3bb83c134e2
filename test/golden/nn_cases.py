"""What make_nn.py runs in PyTorch and test/torch/test_nn.py runs here: modules, losses, optimizers, schedulers.

Inputs are generated, and of what comes out a digest is kept: its sizes, its elements where they are few, else
their sums under two sets of weights with the sum of absolute values to judge them by.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

FEW = 8
# Where everything lies, and what makes tensors in an expression: test/torch/on_device.py has others.
DEVICE, FACTORIES = 'cpu', torch


def numbers(*shape, seed=0, dtype=torch.float32):
    """Numbers of both signs, up to 1.7, no two alike."""
    count = math.prod(shape)
    values = [math.sin(0.7 * i + 1.3 * seed) * 1.2 + math.cos(0.31 * i * i + seed) / 2 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).to(DEVICE, dtype)


def digest(tensor):
    """A tensor as JSON: [dtype, sizes, elements or sums]"""
    values = tensor.detach().double().reshape(-1).tolist()
    kind, sizes = str(tensor.dtype)[6:], list(tensor.shape)
    if len(values) <= FEW:
        return [kind, sizes, [float(f'{v:.9g}') if math.isfinite(v) else str(v) for v in values]]
    sums = [sum(v * math.cos(a * i + 1) for i, v in enumerate(values)) for a in (1.0, 0.37)]
    return [kind, sizes, [float(f'{s:.9g}') for s in sums], float(f'{sum(map(abs, values)):.6g}')]


# --- modules: code | the sizes of the inputs
MODULES = """
nn.Identity()|2,3
nn.Linear(4,3)|2,4
nn.Bilinear(3,4,2)|5,3;5,4
nn.Sequential(nn.Linear(4,3),nn.Tanh(),nn.Linear(3,2))|2,4
nn.LayerNorm(4)|3,2,4
nn.LayerNorm((2,4),elementwise_affine=False)|3,2,4
nn.RMSNorm(4)|3,4
nn.RMSNorm((2,4),eps=1e-3)|3,2,4
nn.GroupNorm(2,4)|3,4,5
nn.BatchNorm1d(4)|5,4
nn.BatchNorm1d(4,momentum=None)|5,4,3
nn.BatchNorm2d(3)|2,3,4,2
nn.BatchNorm3d(2,affine=False)|2,2,2,3,2
nn.BatchNorm1d(4).eval()|5,4
nn.InstanceNorm1d(3)|2,3,5
nn.InstanceNorm2d(3,affine=True,track_running_stats=True)|2,3,3,4
nn.LocalResponseNorm(3)|2,5,4
nn.ReLU()|3,4
nn.ReLU6()|3,4
nn.LeakyReLU(.2)|3,4
nn.PReLU()|3,4
nn.PReLU(4)|3,4
nn.RReLU().eval()|3,4
nn.ELU(.7)|3,4
nn.CELU(.7)|3,4
nn.SELU()|3,4
nn.GELU()|3,4
nn.GELU('tanh')|3,4
nn.SiLU()|3,4
nn.Mish()|3,4
nn.Softplus(2,3)|3,4
nn.Softsign()|3,4
nn.Tanhshrink()|3,4
nn.Hardshrink()|3,4
nn.Softshrink()|3,4
nn.Hardtanh(-.5,.8)|3,4
nn.Hardsigmoid()|3,4
nn.Hardswish()|3,4
nn.Threshold(.1,2.)|3,4
nn.Sigmoid()|3,4
nn.LogSigmoid()|3,4
nn.Tanh()|3,4
nn.GLU()|3,4
nn.GLU(0)|4,3
nn.Softmax(1)|3,4
nn.Softmin(0)|3,4
nn.LogSoftmax(-1)|3,4
nn.Softmax2d()|2,3,2,2
nn.Dropout(.3)|20,30
nn.Dropout2d(.5)|4,6,2,2
nn.Dropout1d(.5)|6,4
nn.Dropout3d(.5)|2,6,2,2,2
nn.AlphaDropout(.3)|20,30
nn.FeatureAlphaDropout(.5)|4,6,3
nn.RReLU()|20,3
nn.PairwiseDistance()|3,4;3,4
nn.PairwiseDistance(1,keepdim=True)|3,4;3,4
nn.CosineSimilarity()|3,4;3,4
nn.CosineSimilarity(0)|3,4;3,4
nn.Flatten()|2,3,4
nn.Unflatten(1,(2,2))|3,4
nn.Conv1d(3,4,3)|2,3,7
nn.Conv1d(4,4,2,stride=2,groups=2,bias=False)|2,4,7
nn.Conv2d(2,3,3,padding=1)|2,2,5,4
nn.Conv2d(2,4,(3,2),stride=(2,1),dilation=(1,2),groups=2)|1,2,6,7
nn.Conv2d(2,3,3,padding='same',padding_mode='reflect')|1,2,5,4
nn.Conv2d(2,3,2,padding='same')|2,5,4
nn.Conv3d(2,2,2)|1,2,3,3,3
nn.ConvTranspose1d(3,2,3,stride=2,padding=1,output_padding=1)|2,3,4
nn.ConvTranspose2d(2,4,3,stride=2,groups=2,dilation=2)|1,2,3,4
nn.ConvTranspose3d(2,2,2)|1,2,2,2,2
nn.MaxPool1d(3,2)|2,3,8
nn.MaxPool2d(2,padding=1,ceil_mode=True)|2,3,5,4
nn.MaxPool2d(2,stride=1,dilation=2)|3,5,4
nn.MaxPool3d(2)|1,2,4,4,4
nn.AvgPool1d(3,2,1)|2,3,7
nn.AvgPool2d((2,3),stride=2,padding=1,ceil_mode=True,count_include_pad=False)|2,3,5,6
nn.AvgPool2d(3,2,1,ceil_mode=True)|1,2,6,6
nn.AvgPool2d(2,divisor_override=3)|1,2,4,4
nn.AvgPool3d(2)|1,2,4,4,4
nn.LPPool1d(2,3)|2,3,9
nn.LPPool2d(2,2,stride=1)|1,2,4,4
nn.AdaptiveAvgPool1d(3)|2,3,7
nn.AdaptiveAvgPool2d((3,None))|2,3,5,4
nn.AdaptiveAvgPool3d(2)|1,2,3,4,5
nn.AdaptiveMaxPool1d(3)|2,3,7
nn.AdaptiveMaxPool2d((3,2))|2,3,5,4
nn.AdaptiveMaxPool3d(2)|1,2,3,3,3
nn.ZeroPad2d((1,2,-1,1))|2,3,4,5
nn.ConstantPad1d(2,.5)|2,3,4
nn.ReflectionPad1d(2)|2,3,4
nn.ReflectionPad2d((1,2,0,1))|2,3,4,5
nn.ReplicationPad2d((1,0,2,1))|2,3,4,5
nn.ReplicationPad3d(1)|1,2,2,2,2
nn.CircularPad1d((1,2))|2,3,4
nn.CircularPad2d(1)|1,2,3,3
nn.PixelShuffle(2)|2,8,2,3
nn.PixelUnshuffle(2)|2,2,4,6
nn.ChannelShuffle(2)|1,4,2,2
nn.Unfold(2,dilation=2,padding=1,stride=2)|2,2,5,6
nn.Fold((4,5),2,padding=1)|2,8,30
nn.Upsample(scale_factor=2)|1,2,3,4
nn.Upsample(size=(5,7),mode='bilinear')|1,2,3,4
nn.Upsample(scale_factor=1.5,mode='linear',align_corners=True)|2,3,5
nn.Upsample(scale_factor=2,mode='bicubic')|1,2,3,4
nn.Upsample(scale_factor=2,mode='trilinear')|1,1,2,3,2
nn.Upsample(size=5,mode='nearest-exact')|1,2,3
nn.UpsamplingBilinear2d(scale_factor=2)|1,2,3,3
nn.UpsamplingNearest2d(size=(5,4))|1,2,3,3
nn.TransformerEncoderLayer(8,2,12,dropout=0)|5,3,8
nn.TransformerEncoderLayer(8,2,12,dropout=.2)|5,3,8
nn.TransformerEncoderLayer(8,4,12,dropout=0,activation='gelu',norm_first=True,batch_first=True,bias=False)|3,5,8
nn.TransformerDecoderLayer(8,2,12,dropout=0)|4,3,8;5,3,8
nn.TransformerEncoder(nn.TransformerEncoderLayer(8,2,12,0),2,nn.LayerNorm(8))|5,3,8
nn.TransformerDecoder(nn.TransformerDecoderLayer(8,2,12,0,batch_first=True),2)|3,4,8;3,5,8
nn.Transformer(8,2,1,1,12,0)|5,3,8;4,3,8
nn.Transformer(8,2,1,1,12,0,batch_first=True).eval()|5,8;4,8
"""

# --- expressions of x (4, 5), y (4, 5) with gradients; p, q in (0, 1); c, classes (4); s, signs (4, 5); m, a mask
EXPRESSIONS = """
F.cross_entropy(x,c);F.cross_entropy(x,c,reduction='none');F.cross_entropy(x,c,weight=w,ignore_index=2)
F.cross_entropy(x,c,label_smoothing=.2,weight=w,reduction='sum');F.cross_entropy(x,q/q.sum(1,keepdim=True),weight=w)
F.cross_entropy(x,c,size_average=False);F.nll_loss(x.log_softmax(1),c,weight=w);F.nll_loss(x.log_softmax(1),c,ignore_index=0)
F.mse_loss(x,y);F.mse_loss(x,y,reduction='none');F.mse_loss(x,y,weight=q);F.l1_loss(x,y,reduction='sum');F.l1_loss(x,y,weight=q)
F.smooth_l1_loss(x,y);F.smooth_l1_loss(x,y,beta=.3,reduction='none');F.smooth_l1_loss(x,y,beta=0)
F.huber_loss(x,y);F.huber_loss(x,y,delta=.4,reduction='sum');F.huber_loss(x,y,weight=q)
F.binary_cross_entropy(p,q);F.binary_cross_entropy(p,q,weight=q,reduction='none')
F.binary_cross_entropy(m.to(x.dtype)*x.sign().relu()+x*0,m.to(x.dtype))
F.binary_cross_entropy_with_logits(x,q);F.binary_cross_entropy_with_logits(x,q,weight=w,pos_weight=w*2,reduction='none')
F.kl_div(x.log_softmax(1),q);F.kl_div(x.log_softmax(1),q,reduction='batchmean');F.kl_div(x,y,log_target=True,reduction='sum')
F.kl_div(x,m.to(x.dtype),reduction='none');F.poisson_nll_loss(x,q);F.poisson_nll_loss(p,q*5,log_input=False,full=True)
F.gaussian_nll_loss(x,y,q);F.gaussian_nll_loss(x,y,p[:,:1],full=True,reduction='none');F.gaussian_nll_loss(x,y,.5,reduction='sum')
F.soft_margin_loss(x,s);F.multilabel_soft_margin_loss(x,q);F.multilabel_soft_margin_loss(x,q,weight=w,reduction='none')
F.margin_ranking_loss(x,y,s,margin=.3);F.hinge_embedding_loss(x,s,reduction='none');F.hinge_embedding_loss(x,s,margin=.2)
F.multi_margin_loss(x,c);F.multi_margin_loss(x,c,p=2,margin=.5,weight=w,reduction='none');F.multi_margin_loss(x[0],c[0])
F.multilabel_margin_loss(x,torch.tensor([[3,0,-1,1,4],[-1,0,0,0,0],[1,2,3,4,0],[2,-1,-1,-1,-1]]))
F.multilabel_margin_loss(x[0],torch.tensor([3,0,-1,1,4]),reduction='none')
F.cosine_embedding_loss(x,y,s[:,0]);F.cosine_embedding_loss(x,y,s[:,1],margin=.1,reduction='none')
F.triplet_margin_loss(x,y,x.flip(0));F.triplet_margin_loss(x,y,y.flip(1),margin=.5,p=1,swap=True,reduction='none')
F.triplet_margin_with_distance_loss(x,y,y.flip(0));F.triplet_margin_with_distance_loss(x,y,y.flip(0),distance_function=lambda a,b:(a-b).abs().sum(1),swap=True)
F.ctc_loss(lp,torch.tensor([[1,2,2],[3,1,1]]),torch.tensor([6,5]),torch.tensor([3,2]))
F.ctc_loss(lp,torch.tensor([1,2,2,3,1]),(6,5),(3,2),reduction='none');F.ctc_loss(lp,torch.tensor([[1,2,2],[3,1,1]]),(6,2),(3,3),reduction='sum',zero_infinity=True)
F.ctc_loss(lp[:,0],torch.tensor([2,2,1]),torch.tensor(6),torch.tensor(3),blank=3);F.ctc_loss(lp,torch.tensor([[1,2,2],[3,1,1]]),(6,2),(3,3),reduction='none').isinf()
F.softmax(x,dim=0);F.softmax(x);F.log_softmax(x);F.softmin(x,1);F.softmax(x,1,dtype=torch.float64);F.glu(x[:,:4]);F.normalize(x,p=1,dim=0)
F.one_hot(c,5);F.embedding(c%4,x);F.embedding(c%4,x,padding_idx=-1);F.embedding(c%4,x,scale_grad_by_freq=True);F.embedding(c%4,x*1.0,max_norm=.5)
F.embedding_bag(torch.tensor([[0,1,3],[2,2,0]]),x,mode='mean');F.embedding_bag(torch.tensor([0,1,3,2,2]),x,torch.tensor([0,2,2]),mode='sum')
F.embedding_bag(torch.tensor([0,1,3,2,2]),x,torch.tensor([0,2,2]),mode='max');F.embedding_bag(torch.tensor([0,1,3,2,2]),x,torch.tensor([0,2]),padding_idx=2)
F.embedding_bag(torch.tensor([[0,1],[2,3]]),x,mode='sum',per_sample_weights=y[:2,:2]);F.embedding_bag(torch.tensor([0,1,3]),x,torch.tensor([0,1,3]),include_last_offset=True)
F.pad(x,(1,2));F.pad(x,(-1,1,2,0),value=3.);F.pad(x,(2,1),mode='reflect');F.pad(x,(2,1),mode='replicate');F.pad(x,(2,1),mode='circular')
F.pad(x[None],(1,1,1,2),mode='reflect');F.pairwise_distance(x,y,p=3.);F.cosine_similarity(x,y,dim=-1);F.pdist(x);F.pdist(x,1)
F.scaled_dot_product_attention(x,y,y);F.scaled_dot_product_attention(x,y,x,is_causal=True);F.scaled_dot_product_attention(x[None],y[None],x[None],attn_mask=m[:,:4],scale=.3)
F.scaled_dot_product_attention(x.view(1,4,1,5).expand(1,4,2,5),y[:2].view(1,2,1,5),x[:2].view(1,2,1,5),enable_gqa=True)
F.scaled_dot_product_attention(x,y,x,attn_mask=torch.zeros(4,4,dtype=torch.bool).tril());F.scaled_dot_product_attention(x,y,x,dropout_p=.5)
F.gumbel_softmax(x);F.gumbel_softmax(x,tau=.5,hard=True);F.dropout(x,.5);F.alpha_dropout(x,.4,True);F.rrelu(x,training=True);F.hardtanh(x);F.relu6(x*5)
F.layer_norm(x,(5,),w,w);F.layer_norm(x,(4,5));F.rms_norm(x,(5,),w);F.group_norm(x[None],2,w[:4]);F.batch_norm(x,torch.zeros_like(w),torch.ones_like(w),training=True)
F.batch_norm(x,w,w+1,w,w);F.instance_norm(x[None]);F.local_response_norm(x[None],2);F.unfold(x[None,None],(2,3));F.fold(x[None,:4,:3],(2,4),2)
F.max_pool1d(x,2,return_indices=True);F.max_pool2d(x[None],2,1,1,return_indices=True);F.adaptive_max_pool2d(x[None],(2,2),return_indices=True)
F.max_unpool1d(*F.max_pool1d(x,2,return_indices=True),2);F.max_unpool2d(*F.max_pool2d(x[None],2,return_indices=True),2,output_size=(4,5))
F.interpolate(x[None],scale_factor=2.);F.interpolate(x[None],size=3,mode='area');F.interpolate(x[None,None],scale_factor=(.7,1.3),mode='bilinear')
F.grid_sample(x[None,None],y[:,:4].reshape(1,4,2,2),align_corners=False);F.grid_sample(x[None,None],y[:,:4].reshape(1,4,2,2)*2,padding_mode='border',align_corners=True)
F.grid_sample(x[None,None],y[:,:4].reshape(1,4,2,2)*2,padding_mode='reflection',align_corners=False);F.grid_sample(x[None,None],y[:,:4].reshape(1,4,2,2),mode='nearest',align_corners=False)
F.affine_grid(x[None,:2,:3],(1,1,3,4),align_corners=False);F.affine_grid(x[None,:3,:4],(1,1,2,2,3),align_corners=True);F.bilinear(x,y,numbers(2,5,5,seed=9,dtype=x.dtype))
nn.MultiheadAttention(5,1,bias=False).to(x.dtype)(x[:,None],y[:,None],y[:,None]);nn.MultiheadAttention(4,2).to(x.dtype)(x[:,None,:4],y[:3,None,:4],y[:3,None,:4],average_attn_weights=False)
F.multi_head_attention_forward(x[:,None],y[:,None],y[:,None],5,1,torch.cat([y,x,y,y])[:15],None,x[None,:1],y[None,:1],True,0.,y[[0,1,2,3,0]],w)[0]
nn.AdaptiveLogSoftmaxWithLoss(5,6,[2,4],2.).to(x.dtype)(x,c);F.threshold(x,.2,1.);F.hardshrink(x,.7);F.softshrink(x,.3);F.prelu(x,w);F.celu(x);F.selu(x);F.mish(x);F.logsigmoid(x*20);F.pixel_shuffle(x.reshape(4,1,5),2)
nn.MSELoss(reduction='sum')(x,y);nn.L1Loss()(x,y);nn.SmoothL1Loss(beta=.5)(x,y);nn.HuberLoss(delta=.5)(x,y);nn.NLLLoss(w,ignore_index=2)(x.log_softmax(1),c)
nn.CrossEntropyLoss(w,label_smoothing=.1)(x,c);nn.BCELoss(q)(p,q);nn.BCEWithLogitsLoss(pos_weight=w)(x,q);nn.KLDivLoss(reduction='batchmean')(x.log_softmax(1),q)
nn.PoissonNLLLoss(full=True)(x,q*3);nn.GaussianNLLLoss(full=True)(x,y,q);nn.SoftMarginLoss()(x,s);nn.MultiLabelSoftMarginLoss(w)(x,q);nn.HingeEmbeddingLoss(.3)(x,s)
nn.MultiMarginLoss(2,.5,w)(x,c);nn.MultiLabelMarginLoss()(x,c.view(4,1).expand(4,5));nn.MarginRankingLoss(.2)(x,y,s);nn.CosineEmbeddingLoss(.1)(x,y,s[:,0])
nn.TripletMarginLoss(swap=True)(x,y,y.flip(0));nn.TripletMarginWithDistanceLoss(margin=2.)(x,y,y.flip(0));nn.CTCLoss(blank=4)(lp,torch.tensor([[1,2],[3,1]]),(6,5),(2,2))
F.mse_loss(x[:0],y[:0],reduction='sum');F.linear(x[:0],y);F.cross_entropy(x[:0],c[:0],reduction='sum');F.layer_norm(x.t(),(4,));F.gelu(x.t()[::2]);F.smooth_l1_loss(x.t(),y.t()[:,:1])
F.conv1d(x.t()[None],y.t()[:,:3].reshape(1,5,3));F.max_pool1d(x.t()[None],2);F.softmax(x.t(),0);F.batch_norm(x.t().unsqueeze(0).permute(2,1,0),None,None,training=True);F.pad(x.t(),(1,1),mode='reflect')
F.scaled_dot_product_attention(x.t(),y.t(),x.t());F.normalize(x.t());F.embedding(c[:0],x);F.interpolate(x.t()[None],scale_factor=2,mode='linear');F.cosine_similarity(x[:1],y);F.l1_loss(x[:,:0],y[:,:0],reduction='sum')
"""  # noqa: E501 - a case is one line
REFUSED_BY_PYTORCH = """
F.cross_entropy(x,c,reduction='all');F.glu(x);F.softshrink(x,-1);F.pad(x,(1,));F.pad(x,(9,9),mode='reflect');F.dropout(x,2.);F.binary_cross_entropy(x*3,q)
F.binary_cross_entropy(p,q[:2]);F.multi_margin_loss(x,c,p=3);F.triplet_margin_loss(x,y,x,margin=-1);F.layer_norm(x,(4,));F.huber_loss(x,y,delta=0)
nn.GroupNorm(2,3);nn.Conv2d(3,4,2,groups=2);nn.MultiheadAttention(5,2);nn.BatchNorm2d(3)(x);nn.AdaptiveLogSoftmaxWithLoss(4,5,[]);nn.PixelShuffle(2)(x[None])
nn.TransformerEncoderLayer(5,1,activation='tanh');F.interpolate(x[None]);F.scaled_dot_product_attention(x,y,y,m,is_causal=True);F.local_response_norm(x,2)
"""


def names(dtype):
    """What the expressions name."""
    x, y = (numbers(4, 5, seed=i, dtype=dtype).requires_grad_() for i in (1, 2))
    lp = numbers(6, 2, 5, seed=3, dtype=dtype).log_softmax(2).detach().requires_grad_()
    return {
        **{'torch': FACTORIES, 'nn': nn, 'F': F, 'numbers': numbers, 'x': x, 'y': y, 'lp': lp},
        'p': x.sigmoid(),
        'q': numbers(4, 5, seed=4, dtype=dtype).sigmoid(),
        'w': numbers(5, seed=5, dtype=dtype).abs() + 0.1,
        'c': torch.tensor([1, 0, 4, 2], device=DEVICE),
        's': numbers(4, 5, seed=6, dtype=dtype).sign(),
        'm': numbers(4, 5, seed=7) > 0,
    }


def flat(result):
    """The tensors of a result, one after the other."""
    if isinstance(result, torch.Tensor):
        return [result]
    return [tensor for part in result if part is not None for tensor in flat(part)]


def _weighted_sum(results):
    terms = [
        (t * numbers(*t.shape, seed=8 + i, dtype=t.dtype)).sum()
        for i, t in enumerate(results)
        if t.is_floating_point() and t.requires_grad
    ]
    return sum(terms) if terms else None


def _digests(results, inputs):
    """Digests of what came out and of the gradients that flow back to the inputs."""
    total = _weighted_sum(results)
    if total is not None:
        total.backward()
    return [digest(t) for t in results] + [None if t.grad is None else digest(t.grad) for t in inputs]


def run_module(case, dtype):
    code, sizes = case.split('|')
    torch.manual_seed(7)
    module = eval(code).to(DEVICE, dtype)
    with torch.no_grad():
        for i, parameter in enumerate(module.parameters()):
            parameter.copy_(numbers(*parameter.shape, seed=20 + i) * 0.5)
    shapes = [[int(n) for n in size.split(',')] for size in sizes.split(';')]
    inputs = [numbers(*shape, seed=i, dtype=dtype).requires_grad_() for i, shape in enumerate(shapes)]
    torch.manual_seed(3)
    results = flat(module(*inputs))
    return _digests(results, [*inputs, *module.parameters()]) + [digest(b) for b in module.buffers()]


def run_expression(code, dtype):
    known = names(dtype)
    torch.manual_seed(3)
    results = flat(eval(code, known))
    return _digests(results, [known[name] for name in ('x', 'y', 'lp')])


# --- optimizers: 20 steps of two parameters each
OPTIMIZERS = """
SGD(P,lr=.1);SGD(P,lr=.1,momentum=.9,weight_decay=.01,nesterov=True,maximize=True);Adam(P,lr=.1);Adam(P,lr=.1,amsgrad=True,weight_decay=.1)
AdamW(P,lr=.1);RMSprop(P);RMSprop(P,lr=.05,alpha=.9,momentum=.5,centered=True,weight_decay=.1);RMSprop(P,maximize=True,foreach=True)
Adagrad(P,lr=.1);Adagrad(P,lr=.1,lr_decay=.1,weight_decay=.1,initial_accumulator_value=.5,maximize=True);Adadelta(P);Adadelta(P,lr=.5,rho=.8,weight_decay=.1,maximize=True)
Adamax(P,lr=.1);Adamax(P,betas=(.8,.9),weight_decay=.1,maximize=True);NAdam(P,lr=.1);NAdam(P,weight_decay=.1,decoupled_weight_decay=True);NAdam(P,weight_decay=.1,maximize=True)
RAdam(P,lr=.1);RAdam(P,betas=(.8,.9),weight_decay=.1,decoupled_weight_decay=True);RAdam(P,weight_decay=.1,maximize=True);Rprop(P);Rprop(P,lr=.1,etas=(.4,1.5),step_sizes=(1e-3,.2),maximize=True)
ASGD(P,lr=.1);ASGD(P,lr=.1,lambd=.01,t0=5,weight_decay=.1,maximize=True);Adafactor(P);Adafactor(P,lr=.1,weight_decay=.1,eps=(1e-6,1e-2),maximize=True)
LBFGS(P,lr=.1);LBFGS(P,max_iter=5,history_size=3);LBFGS(P,line_search_fn='strong_wolfe',max_iter=7);LBFGS(P,lr=.5,line_search_fn='strong_wolfe')
Adam([{'params':P[:1],'lr':.2},{'params':P[1:]}],lr=.01)
"""


def run_optimizer(code, dtype):
    """Digests of two parameters after 1, 2 and 20 steps down a valley that is not quadratic."""
    parameters = [
        nn.Parameter(numbers(3, 4, seed=1, dtype=dtype)),
        nn.Parameter(numbers(5, seed=2, dtype=dtype)),
    ]
    optimizer = eval(f'torch.optim.{code}', {'torch': torch, 'P': parameters})
    targets = [numbers(3, 4, seed=3, dtype=dtype), numbers(5, seed=4, dtype=dtype)]
    scales = [numbers(3, 4, seed=5, dtype=dtype).abs() + 0.2, numbers(5, seed=6, dtype=dtype).abs() + 0.2]

    def closure():
        optimizer.zero_grad()
        pairs = zip(parameters, targets, scales, strict=True)
        loss = sum((s * (p - t) ** 2).sum() + (p - t).cos().sum() * 0.3 for p, t, s in pairs)
        loss.backward()
        return loss

    kept = []
    for step in range(20):
        optimizer.step(closure)
        if step in (0, 1, 19):
            kept += [digest(p) for p in parameters]
    return kept


# --- schedulers: the rates of 30 steps, from SGD of two groups with momentum
SCHEDULERS = """
LambdaLR(o,lambda e:.9**e);LambdaLR(o,[lambda e:1/(e+1),lambda e:e]);MultiplicativeLR(o,lambda e:.95);StepLR(o,4);StepLR(o,3,gamma=.5);MultiStepLR(o,[2,5,5,9],gamma=.3)
ConstantLR(o);ConstantLR(o,.5,7);LinearLR(o);LinearLR(o,.2,.8,9);PolynomialLR(o);PolynomialLR(o,12,2.);ExponentialLR(o,.9);CosineAnnealingLR(o,8);CosineAnnealingLR(o,50,.01)
CosineAnnealingWarmRestarts(o,4);CosineAnnealingWarmRestarts(o,3,2,.01);CyclicLR(o,.01,.1,4);CyclicLR(o,.01,.1,3,5,mode='triangular2');CyclicLR(o,.01,[.1,.2],4,mode='exp_range',gamma=.9,cycle_momentum=False)
CyclicLR(o,.01,.1,4,scale_fn=lambda x:1/x,base_momentum=.7);OneCycleLR(o,.3,total_steps=31);OneCycleLR(o,[.3,.5],epochs=5,steps_per_epoch=7,anneal_strategy='linear',three_phase=True)
SequentialLR(o,[ConstantLR(o,.1,3),ExponentialLR(o,.9)],[5]);SequentialLR(o,[LinearLR(o,.1,1.,4),CosineAnnealingLR(o,10),StepLR(o,2)],[4,14]);ChainedScheduler([ConstantLR(o,.1,3),ExponentialLR(o,.9)])
"""  # noqa: E501 - a case is one line


def run_scheduler(code):
    """[rates and first momentum] of 30 steps."""
    parameters = [nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{'params': parameters[:1]}, {'params': parameters[1:], 'lr': 0.2}]
    optimizer = torch.optim.SGD(groups, lr=0.05, momentum=0.9)
    scheduler = eval(code, vars(torch.optim.lr_scheduler) | {'o': optimizer})
    kept = []
    for _ in range(30):
        numbers_now = [*(g['lr'] for g in optimizer.param_groups), optimizer.param_groups[0]['momentum']]
        kept.append([float(f'{n:.10g}') for n in numbers_now])
        optimizer.step()
        scheduler.step()
    return kept


def cases(text):
    """The expressions of a list."""
    return [code for line in text.strip().splitlines() for code in line.split(';')]


def modules():
    """The lines of MODULES."""
    return MODULES.strip().splitlines()
