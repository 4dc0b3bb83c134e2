"""What is not there says so: a class when made, a function when called, a name when asked."""


class UnsupportedAttributeError(NotImplementedError, AttributeError):
    """A name of PyTorch's (or of nobody's) that is not there."""


def module_getattr(module, functions=(), classes=(), base=object, home=None):
    """A module's __getattr__, which refuses names, and lends PyTorch's own as what refuses when used.

    `home` is the module that the classes are known by, where it is another.
    """

    def getattr_(name):
        if name.startswith('__'):
            raise AttributeError(f'module {module!r} has no attribute {name!r}')
        if name in functions:
            return unsupported_function(f'{module}.{name}')
        if name in classes:
            return unsupported_class(f'{home or module}.{name}', base=base)
        raise UnsupportedAttributeError(f'{module}.{name} is not supported', name=name)

    return getattr_


def unsupported_function(name, instead=None):
    """A function that can be named and raises when called."""

    def function(*_, **__):
        raise NotImplementedError(f'{name}() is not supported' + (f': {instead}' if instead else ''))

    function.__name__ = function.__qualname__ = name.rpartition('.')[2]
    function.__doc__ = 'Not supported: raises NotImplementedError.'
    return function


def refuse_members(cls, path, methods, attributes):
    """Lends a class those of PyTorch's methods and attributes that it has not: they refuse when used."""
    for name in sorted(methods):
        if not hasattr(cls, name):
            setattr(cls, name, unsupported_function(f'{path}.{name}'))
    for name in sorted(attributes):
        if not hasattr(cls, name):
            setattr(cls, name, property(_refusing(f'{path}.{name}', name)))


def _refusing(path, name):
    def get(self):
        raise UnsupportedAttributeError(f'{path} is not supported', name=name)

    return get


_classes = {}  # so that a name is always the same class


def unsupported_class(name, instead=None, base=object):
    """A class that can be imported and subclassed and raises when made."""
    if name in _classes:
        return _classes[name]

    def refuse(self, *_, **__):
        raise NotImplementedError(f'{name} is not supported' + (f': {instead}' if instead else ''))

    module, _, short = name.rpartition('.')
    members = {
        '__module__': module,
        '__init__': refuse,
        '__doc__': 'Not supported: raises NotImplementedError when made.',
    }
    if base is object:
        members['__init_subclass__'] = classmethod(lambda cls, **_: None)
    _classes[name] = type(short, (base,), members)
    return _classes[name]
