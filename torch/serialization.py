"""torch.save and torch.load: PyTorch's files, both ways."""

import contextlib
import io
import os
import pickle

import torch._native as native
from torch._archive import ArchiveReader, ArchiveWriter, written_whole
from torch._refusal import module_getattr
from torch._safe_globals import (
    SafeUnpickler,
    add_safe_globals,
    clear_safe_globals,
    get_safe_globals,
    safe_globals,
)
from torch._types import device
from torch.storage import UntypedStorage, name_of_dtype

__all__ = ['add_safe_globals', 'clear_safe_globals', 'get_safe_globals', 'load', 'safe_globals', 'save']
__getattr__ = module_getattr('torch.serialization')


# --- writing
class _Pickler(pickle.Pickler):
    """Pickles all but storages, which it numbers."""

    def __init__(self, file, protocol):
        super().__init__(file, protocol)
        self.storages, self._keys = [], {}

    def persistent_id(self, obj):
        if not isinstance(obj, UntypedStorage):
            return None
        place = obj.data_ptr()
        if place not in self._keys:
            self._keys[place] = str(len(self.storages))
            self.storages.append(obj)
        return 'storage', name_of_dtype[obj.dtype], self._keys[place], str(obj.device), obj.size()


def _write(obj, file, folder, protocol):
    pickled = io.BytesIO()
    pickler = _Pickler(pickled, protocol)
    pickler.dump(obj)
    archive = ArchiveWriter(file, folder)
    archive.write('data.pkl', pickled.getvalue())
    archive.write('.format_version', b'1')
    archive.write('.storage_alignment', b'64')
    archive.write('byteorder', b'little')
    for key, storage in enumerate(pickler.storages):
        archive.write_storage(f'data/{key}', storage)
    archive.write('version', b'3\n')
    archive.close()


def _folder_name(path):
    """The archive's folder: the file's name without its ending, in characters that every reader takes."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return (
        stem
        if stem.isascii() and stem.replace('_', '').replace('-', '').replace('.', '').isalnum()
        else 'archive'
    )


def save(obj, f, pickle_module=pickle, pickle_protocol=2, _use_new_zipfile_serialization=True):
    """Writes an object with the tensors in it to a path (whole or not at all) or an open binary file."""
    if pickle_module is not pickle:
        raise NotImplementedError('save(pickle_module=...) is not supported')
    if not _use_new_zipfile_serialization:
        raise NotImplementedError("PyTorch's old file format is not supported")
    if isinstance(f, (str, os.PathLike)):
        with written_whole(f) as file:
            _write(obj, file, _folder_name(f), pickle_protocol)
        return
    if not hasattr(f, 'write'):
        raise AttributeError(f"expected 'f' to be a path or a file to write, not {type(f).__name__}")
    whole = io.BytesIO()
    _write(obj, whole, 'archive', pickle_protocol)
    f.write(whole.getvalue())


# --- reading
def _place(location, map_location):
    """The device of a storage. Refuses one that is not there and that nobody maps to the cpu."""
    if callable(map_location):
        return device('cpu')  # from where it is mapped
    if isinstance(map_location, dict):
        location = map_location.get(location, location)
    elif map_location is not None:
        location = str(map_location)
    asked = device(str(location))
    if asked.type != 'cpu' and not (asked.type == 'cuda' and native.accelerator()):
        raise RuntimeError(
            f'the file has tensors of device {location}, which is not here: '
            "use torch.load with map_location=torch.device('cpu') to map them to the CPU"
        )
    return asked


def _storage_loader(archive, map_location):
    loaded = {}

    def persistent_load(saved):
        kind, name, key, location, count = saved
        if kind != 'storage':
            raise RuntimeError(f'Unknown typename for persistent_load, expected "storage" but got "{kind}"')
        if key not in loaded:
            dtype = name.dtype
            if not isinstance(key, str) or not isinstance(count, int) or count < 0:
                raise RuntimeError('the file names a storage that cannot be')
            place = _place(location, map_location)
            with archive.open(f'data/{key}', count * dtype.itemsize) as record:
                storage = UntypedStorage.read(record, dtype, count).to(place)
            if callable(map_location):
                mapped = map_location(storage, location)
                storage = storage if mapped is None else mapped
            loaded[key] = storage
        return loaded[key]

    return persistent_load


@contextlib.contextmanager
def _opened(f):
    if isinstance(f, (str, os.PathLike)):
        with open(f, 'rb') as file:
            yield file
    elif hasattr(f, 'read'):
        yield f if getattr(f, 'seekable', bool)() else io.BytesIO(f.read())
    else:
        raise AttributeError(f"expected 'f' to be a path or a file to read, not {type(f).__name__}")


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, encoding='ASCII'):
    """Reads what torch.save wrote, here or in PyTorch.

    With weights_only (the default) only tensors, containers, numbers and what safe_globals allows are made;
    without it the file's pickle may run any code.
    """
    if pickle_module is not None and pickle_module is not pickle:
        raise NotImplementedError('load(pickle_module=...) is not supported')
    with _opened(f) as file:
        archive = ArchiveReader(file)
        make = pickle.Unpickler if weights_only is False else SafeUnpickler
        unpickler = make(io.BytesIO(archive.read('data.pkl')), encoding=encoding)
        unpickler.persistent_load = _storage_loader(archive, map_location)
        return unpickler.load()
