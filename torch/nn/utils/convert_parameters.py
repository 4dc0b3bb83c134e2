"""Parameters as one vector and back."""

from torch._shape import cat


def parameters_to_vector(parameters):
    """All parameters, flattened, one after the other."""
    return cat([parameter.view(-1) for parameter in parameters])


def vector_to_parameters(vec, parameters):
    """Lets the parameters look into the parts of one vector."""
    start = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.data = vec[start : start + count].view_as(parameter).data
        start += count
