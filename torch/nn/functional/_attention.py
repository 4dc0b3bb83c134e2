"""Attention: scaled dot products, and several heads of them between projections."""

import math

from torch._creation import ones
from torch._dtype import bool_
from torch._shape import cat
from torch._tensor import checked
from torch.nn.functional._distance import linear
from torch.nn.functional._dropout import dropout


def additive_mask(mask, dtype, name):
    """A mask as numbers to be added: where a bool mask is true, minus infinity."""
    if mask is None:
        return None
    if mask.dtype is not bool_ and not mask.is_floating_point():
        raise AssertionError(f'only bool and floating types of {name} are supported')
    if mask.dtype is bool_:
        return mask.new_zeros(mask.shape, dtype=dtype).masked_fill_(mask, -math.inf)
    return mask


def _safe_softmax(scores):
    """softmax over the last dimension; rows that are masked whole give zeros."""
    is_masked = (scores.detach() == -math.inf).all(-1, keepdim=True)
    if not bool(is_masked.any()):
        return scores.softmax(-1)
    return scores.masked_fill(is_masked, 0.0).softmax(-1).masked_fill(is_masked, 0.0)


@checked
def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False
):
    """softmax(query (..., L, E) @ key (..., S, E).T * scale + mask (..., L, S)) @ value (..., S, V).

    A bool mask is true where a query may look. scale is 1 / sqrt(E) unless given. With enable_gqa, the heads
    (dimension -3) of key and value are repeated to as many as query's.
    """
    if is_causal and attn_mask is not None:
        raise RuntimeError('Explicit attn_mask should not be set when is_causal=True')
    if enable_gqa:
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
        value = value.repeat_interleave(query.size(-3) // value.size(-3), -3)
    root = math.sqrt(1 / math.sqrt(query.size(-1)) if scale is None else abs(scale))
    sign = -1 if scale is not None and scale < 0 else 1
    scores = (query * root) @ (key * (sign * root)).transpose(-2, -1)
    if is_causal:
        attn_mask = ones(query.size(-2), key.size(-2), dtype=bool_, device=query.device).tril()
    if attn_mask is not None:
        if attn_mask.dtype is bool_:
            attn_mask = additive_mask(~attn_mask, query.dtype, 'attn_mask')
        scores = scores + attn_mask
    weights = scores.softmax(-1) if attn_mask is None else _safe_softmax(scores)
    return dropout(weights, dropout_p, True) @ value if dropout_p > 0 else weights @ value


def _check_shapes(query, key, value, key_padding_mask, attn_mask):
    """Whether the inputs are a batch. @raises AssertionError for shapes that do not fit"""
    if query.dim() not in (2, 3):
        raise AssertionError(
            f'query should be unbatched 2D or batched 3D tensor but received {query.dim()}-D query tensor'
        )
    dims, is_batched = query.dim(), query.dim() == 3
    kind = f'For {"batched (3-D)" if is_batched else "unbatched (2-D)"} `query`, expected'
    if key.dim() != dims or value.dim() != dims:
        raise AssertionError(
            f'{kind} `key` and `value` to be {dims}-D but found {key.dim()}-D and {value.dim()}-D tensors '
            'respectively'
        )
    if key_padding_mask is not None and key_padding_mask.dim() != dims - 1:
        raise AssertionError(
            f'{kind} `key_padding_mask` to be `None` or {dims - 1}-D but found '
            f'{key_padding_mask.dim()}-D tensor instead'
        )
    if attn_mask is not None and attn_mask.dim() not in (2, 3):
        raise AssertionError(
            f'{kind} `attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D tensor instead'
        )
    return is_batched


def _projected(query, key, value, in_proj_weight, in_proj_bias, separate):
    """query, key and value (length, batch, embed) each through its own linear map."""
    weights = separate or in_proj_weight.chunk(3)
    biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
    if query is key and key is value and not separate:
        return linear(query, in_proj_weight, in_proj_bias).chunk(3, -1)
    return [linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases)]


def _merged_masks(attn_mask, key_padding_mask, sizes):
    """Both masks as one to be added to scores of these sizes (batch, heads, L, S)."""
    batch, heads, length, source = sizes
    if attn_mask is not None:
        wanted = (length, source) if attn_mask.dim() == 2 else (batch * heads, length, source)
        if tuple(attn_mask.shape) != wanted:
            raise RuntimeError(
                f'The shape of the {attn_mask.dim()}D attn_mask is {attn_mask.shape}, but should be {wanted}.'
            )
        attn_mask = attn_mask.view(batch, heads, length, source) if attn_mask.dim() == 3 else attn_mask
    if key_padding_mask is None:
        return attn_mask
    if tuple(key_padding_mask.shape) != (batch, source):
        raise AssertionError(
            f'expecting key_padding_mask shape of {(batch, source)}, but got {tuple(key_padding_mask.shape)}'
        )
    padding = key_padding_mask.view(batch, 1, 1, source)
    return padding if attn_mask is None else attn_mask + padding


def _lengthened(mask, columns):
    """A mask with columns of zeros more."""
    if mask is None:
        return None
    return cat((mask, mask.new_zeros(*mask.shape[:-1], columns)), -1)


@checked
def multi_head_attention_forward(
    query,
    key,
    value,
    embed_dim_to_check,
    num_heads,
    in_proj_weight,
    in_proj_bias,
    bias_k,
    bias_v,
    add_zero_attn,
    dropout_p,
    out_proj_weight,
    out_proj_bias,
    training=True,
    key_padding_mask=None,
    need_weights=True,
    attn_mask=None,
    use_separate_proj_weight=False,
    q_proj_weight=None,
    k_proj_weight=None,
    v_proj_weight=None,
    static_k=None,
    static_v=None,
    average_attn_weights=True,
    is_causal=False,
):
    """query (L, N, E), key and value (S, N, ...), or without N: (output (L, N, E), weights (N, L, S) or None)."""
    if static_k is not None or static_v is not None:
        raise NotImplementedError('multi_head_attention_forward(static_k or static_v) is not supported')
    is_batched = _check_shapes(query, key, value, key_padding_mask, attn_mask)
    if is_causal and attn_mask is None:
        raise RuntimeError('Need attn_mask if specifying the is_causal hint.')
    if not is_batched:
        same = query is key and key is value
        query = query.unsqueeze(1)
        key, value = (query, query) if same else (key.unsqueeze(1), value.unsqueeze(1))
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    key_padding_mask = additive_mask(key_padding_mask, query.dtype, 'key_padding_mask')
    attn_mask = additive_mask(attn_mask, query.dtype, 'attn_mask')
    length, batch, embed = query.shape
    if embed != embed_dim_to_check:
        raise AssertionError(f'was expecting embedding dimension of {embed_dim_to_check}, but got {embed}')
    if embed % num_heads:
        raise AssertionError(f'embed_dim {embed} not divisible by num_heads {num_heads}')
    separate = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    q, k, v = _projected(query, key, value, in_proj_weight, in_proj_bias, separate)
    if bias_k is not None:
        k, v = cat((k, bias_k.expand(1, batch, embed))), cat((v, bias_v.expand(1, batch, embed)))
        attn_mask, key_padding_mask = _lengthened(attn_mask, 1), _lengthened(key_padding_mask, 1)
    width = embed // num_heads
    # (batch, heads, length, width)
    q, k, v = (x.reshape(x.size(0), batch, num_heads, width).permute(1, 2, 0, 3) for x in (q, k, v))
    if add_zero_attn:
        nothing = k.new_zeros(batch, num_heads, 1, width)
        k, v = cat((k, nothing), 2), cat((v, nothing), 2)
        attn_mask, key_padding_mask = _lengthened(attn_mask, 1), _lengthened(key_padding_mask, 1)
    mask = _merged_masks(attn_mask, key_padding_mask, (batch, num_heads, length, k.size(2)))
    rate = dropout_p if training else 0.0
    weights = None
    if need_weights:
        scores = (q * math.sqrt(1.0 / width)) @ k.transpose(-2, -1)
        weights = (scores if mask is None else scores + mask).softmax(-1)
        weights = dropout(weights, rate, True) if rate > 0 else weights
        out = weights @ v
    else:
        out = scaled_dot_product_attention(q, k, v, mask, rate)
    out = linear(out.permute(2, 0, 1, 3).reshape(length, batch, embed), out_proj_weight, out_proj_bias)
    if weights is not None and average_attn_weights:
        weights = weights.mean(1)
    if not is_batched:
        return out.squeeze(1), None if weights is None else weights.squeeze(0)
    return out, weights
