"""The Transformer (Vaswani et al. 2017): encoder, decoder, and both."""

import copy

import torch.nn.functional as F
from torch._creation import full
from torch._dtype import get_default_dtype
from torch.autograd.grad_mode import is_grad_enabled
from torch.nn import init
from torch.nn.functional._attention import additive_mask
from torch.nn.modules.activation import ReLU
from torch.nn.modules.attention import MultiheadAttention
from torch.nn.modules.container import ModuleList
from torch.nn.modules.dropout import Dropout
from torch.nn.modules.linear import Linear
from torch.nn.modules.module import Module
from torch.nn.modules.normalization import LayerNorm

_ACTIVATIONS = {'relu': F.relu, 'gelu': F.gelu}


def _activation(named):
    if not isinstance(named, str):
        return named
    if named not in _ACTIVATIONS:
        raise RuntimeError(f'activation should be relu/gelu, not {named}')
    return _ACTIVATIONS[named]


def _clones(module, count):
    return ModuleList([copy.deepcopy(module) for _ in range(count)])


def _causal_mask(size, device=None, dtype=None):
    kind = get_default_dtype() if dtype is None else dtype
    return full((size, size), float('-inf'), dtype=kind, device=device).triu(1)


def _is_causal(mask, hint, size):
    """Whether a mask forbids exactly what comes later."""
    if hint is not None:
        return bool(hint)
    if mask is None or mask.shape[-2:] != (size, size) or not mask.is_floating_point():
        return False
    return bool((mask == _causal_mask(size, dtype=mask.dtype)).all())


class _Layer(Module):
    """What encoder and decoder layers share: a feed-forward block, and the order of norm and residual."""

    def _prepare(self, d_model, dim_feedforward, dropout, bias, options):
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **options)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **options)

    def _feed_forward(self, x, dropout):
        return dropout(self.linear2(self.dropout(self.activation(self.linear1(x)))))

    def _attention(self, attention, dropout, x, memory, mask, padding, is_causal):
        out = attention(
            x,
            memory,
            memory,
            attn_mask=mask,
            key_padding_mask=padding,
            is_causal=is_causal,
            need_weights=False,
        )
        return dropout(out[0])

    def _residual(self, x, norm, block):
        return x + block(norm(x)) if self.norm_first else norm(x + block(x))

    def __setstate__(self, state):
        super().__setstate__(state)
        if 'activation' not in self.__dict__ and 'activation' not in self._modules:
            self.activation = F.relu


class TransformerEncoderLayer(_Layer):
    """Self-attention and a feed-forward block, each with dropout, residual and LayerNorm."""

    def __init__(
        self,
        d_model,
        nhead,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        options = {'device': device, 'dtype': dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, **options
        )
        self._prepare(d_model, dim_feedforward, dropout, bias, options)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        activation = _activation(activation)
        is_relu = activation is F.relu or isinstance(activation, ReLU)
        self.activation_relu_or_gelu = 1 if is_relu else 2 if activation is F.gelu else 0
        self.activation = activation

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        """src (S, N, E), or (N, S, E) with batch_first -> the same sizes"""
        padding = additive_mask(src_key_padding_mask, src.dtype, 'src_key_padding_mask')
        mask = additive_mask(src_mask, src.dtype, 'src_mask')

        def attend(x):
            return self._attention(self.self_attn, self.dropout1, x, x, mask, padding, is_causal)

        x = self._residual(src, self.norm1, attend)
        return self._residual(x, self.norm2, lambda y: self._feed_forward(y, self.dropout2))


class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to the encoder's output, and a feed-forward block."""

    def __init__(
        self,
        d_model,
        nhead,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        options = {'device': device, 'dtype': dtype}
        attention = {'dropout': dropout, 'batch_first': batch_first, 'bias': bias, **options}
        self.self_attn = MultiheadAttention(d_model, nhead, **attention)
        self.multihead_attn = MultiheadAttention(d_model, nhead, **attention)
        self._prepare(d_model, dim_feedforward, dropout, bias, options)
        self.norm_first = norm_first
        for name in ('norm1', 'norm2', 'norm3'):
            setattr(self, name, LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options))
        self.dropout1, self.dropout2, self.dropout3 = (Dropout(dropout) for _ in range(3))
        self.activation = _activation(activation)

    def forward(
        self,
        tgt,
        memory,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        tgt_is_causal=False,
        memory_is_causal=False,
    ):
        """tgt (T, N, E) and memory (S, N, E), or with batch_first (N, ..., E) -> tgt's sizes"""

        def attend(x):
            return self._attention(
                self.self_attn, self.dropout1, x, x, tgt_mask, tgt_key_padding_mask, tgt_is_causal
            )

        def look_back(x):
            return self._attention(
                self.multihead_attn,
                self.dropout2,
                x,
                memory,
                memory_mask,
                memory_key_padding_mask,
                memory_is_causal,
            )

        x = self._residual(tgt, self.norm1, attend)
        x = self._residual(x, self.norm2, look_back)
        return self._residual(x, self.norm3, lambda y: self._feed_forward(y, self.dropout3))


class TransformerEncoder(Module):
    """num_layers copies of an encoder layer, one after the other."""

    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        super().__init__()
        self.layers = _clones(encoder_layer, num_layers)
        self.num_layers, self.norm = num_layers, norm
        self.enable_nested_tensor, self.mask_check = enable_nested_tensor, mask_check
        self.use_nested_tensor = enable_nested_tensor and self._has_fast_layer(encoder_layer)

    @staticmethod
    def _has_fast_layer(layer):
        """Whether PyTorch would leave padding out while evaluating: its outputs there are then zeros."""
        if not isinstance(layer, TransformerEncoderLayer):
            return False
        attention = layer.self_attn
        return (
            not layer.norm_first
            and attention.batch_first
            and attention.in_proj_bias is not None
            and attention._qkv_same_embed_dim
            and layer.activation_relu_or_gelu != 0
            and layer.norm1.eps == layer.norm2.eps
            and attention.num_heads % 2 == 0
        )

    def _drops_padding(self, src, mask, padding):
        if padding is None or mask is not None or self.training or not self.use_nested_tensor:
            return False
        wants_grad = is_grad_enabled() and any(t.requires_grad for t in (src, *self.parameters()))
        return src.dim() == 3 and not wants_grad

    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        """src (S, N, E), or (N, S, E) with batch_first -> the same sizes"""
        padding = additive_mask(src_key_padding_mask, src.dtype, 'src_key_padding_mask')
        mask = additive_mask(mask, src.dtype, 'mask')
        first = self.layers[0].self_attn if len(self.layers) else None
        length = src.size(1) if first is not None and first.batch_first and src.dim() == 3 else src.size(0)
        causal = _is_causal(mask, is_causal, length)
        out = src
        for layer in self.layers:
            out = layer(out, src_mask=mask, is_causal=causal, src_key_padding_mask=padding)
        if self._drops_padding(src, mask, padding):
            out = out.masked_fill((padding == float('-inf')).unsqueeze(-1), 0.0)
        return out if self.norm is None else self.norm(out)


class TransformerDecoder(Module):
    """num_layers copies of a decoder layer, one after the other."""

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = _clones(decoder_layer, num_layers)
        self.num_layers, self.norm = num_layers, norm

    def forward(
        self,
        tgt,
        memory,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        tgt_is_causal=None,
        memory_is_causal=False,
    ):
        """tgt (T, N, E) and memory (S, N, E), or with batch_first (N, ..., E) -> tgt's sizes"""
        first = self.layers[0].self_attn if len(self.layers) else None
        length = tgt.size(1) if first is not None and first.batch_first and tgt.dim() == 3 else tgt.size(0)
        causal = _is_causal(tgt_mask, tgt_is_causal, length)
        out = tgt
        for layer in self.layers:
            out = layer(
                out,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=causal,
                memory_is_causal=memory_is_causal,
            )
        return out if self.norm is None else self.norm(out)


class Transformer(Module):
    """Encoder and decoder, or those given."""

    def __init__(
        self,
        d_model=512,
        nhead=8,
        num_encoder_layers=6,
        num_decoder_layers=6,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        custom_encoder=None,
        custom_decoder=None,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        options = {'device': device, 'dtype': dtype}
        sizes = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps)
        sizes += (batch_first, norm_first, bias, device, dtype)
        if custom_encoder is not None:
            self.encoder = custom_encoder
        else:
            layer = TransformerEncoderLayer(*sizes)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
            self.encoder = TransformerEncoder(layer, num_encoder_layers, norm)
        if custom_decoder is not None:
            self.decoder = custom_decoder
        else:
            layer = TransformerDecoderLayer(*sizes)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
            self.decoder = TransformerDecoder(layer, num_decoder_layers, norm)
        self._reset_parameters()
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def forward(
        self,
        src,
        tgt,
        src_mask=None,
        tgt_mask=None,
        memory_mask=None,
        src_key_padding_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        src_is_causal=None,
        tgt_is_causal=None,
        memory_is_causal=False,
    ):
        """src (S, N, E) and tgt (T, N, E), or with batch_first (N, ..., E) -> tgt's sizes"""
        batch = 0 if self.batch_first else 1
        if src.dim() == 3 and tgt.dim() == 3 and src.size(batch) != tgt.size(batch):
            raise RuntimeError('the batch number of src and tgt must be equal')
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError('the feature number of src and tgt must be equal to d_model')
        memory = self.encoder(
            src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal
        )
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz, device=None, dtype=None):
        """(sz, sz): minus infinity above the diagonal, zeros elsewhere."""
        return _causal_mask(sz, device, dtype)

    def _reset_parameters(self):
        for parameter in self.parameters():
            if parameter.dim() > 1:
                init.xavier_uniform_(parameter)
