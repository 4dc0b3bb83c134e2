"""PyTorch's file format: a zip archive, nothing compressed, of one pickle and the storages it refers to."""

import contextlib
import os
import zipfile

_ALIGNMENT = 64  # of each record's first byte in the file
_HEADER = 30  # bytes of a zip's local header before the name


class ArchiveWriter:
    """Writes records under one folder in a zip archive."""

    def __init__(self, file, folder):
        self._file, self._folder = file, folder
        self._zip = zipfile.ZipFile(file, 'w', zipfile.ZIP_STORED, allowZip64=True)

    def _entry(self, name, size):
        entry = zipfile.ZipInfo(f'{self._folder}/{name}', (1980, 1, 1, 0, 0, 0))
        zip64 = 20 if size >= zipfile.ZIP64_LIMIT else 0
        start = self._file.tell() + _HEADER + len(entry.filename.encode()) + zip64 + 4
        entry.extra = b'FB' + (-start % _ALIGNMENT).to_bytes(2, 'little') + b'Z' * (-start % _ALIGNMENT)
        entry.file_size = size
        return entry

    def write(self, name, data):
        """A record of bytes."""
        self._zip.writestr(self._entry(name, len(data)), data)

    def write_storage(self, name, storage):
        """A record of a storage's elements."""
        entry = self._entry(name, storage.nbytes())
        with self._zip.open(entry, 'w', force_zip64=storage.nbytes() >= zipfile.ZIP64_LIMIT) as record:
            storage.write(record)

    def close(self):
        """Writes the archive's directory."""
        self._zip.close()


class ArchiveReader:
    """Reads the records of an archive. @raises RuntimeError where the file is none of PyTorch's"""

    def __init__(self, file):
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise RuntimeError(
                f'the file is not a zip archive as torch.save() writes them ({error}); '
                "files of PyTorch's old format, before 1.6, are not supported"
            ) from None
        pickles = [
            name for name in self._zip.namelist() if name.endswith('/data.pkl') and name.count('/') == 1
        ]
        if len(pickles) != 1:
            raise RuntimeError('the archive was not written by torch.save(): it has no data.pkl')
        self._folder = pickles[0].removesuffix('data.pkl')
        if self._has('constants.pkl'):
            raise NotImplementedError('TorchScript archives are not supported')
        if self._has('byteorder') and self.read('byteorder') != b'little':
            raise NotImplementedError('files of big-endian machines are not supported')

    def _has(self, name):
        return self._folder + name in self._zip.NameToInfo

    def read(self, name):
        """A record's bytes."""
        return self._zip.read(self._folder + name)

    def open(self, name, size):
        """A record as a file. @raises RuntimeError where it is missing or of another size"""
        if not self._has(name):
            raise RuntimeError(f'the archive has no record {name}')
        entry = self._zip.getinfo(self._folder + name)
        if entry.file_size != size:
            raise RuntimeError(f'record {name} has {entry.file_size} bytes where {size} are needed')
        return self._zip.open(entry)


@contextlib.contextmanager
def written_whole(path):
    """A file to write that takes the place of `path` only when it is complete and on the disk."""
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    if not os.path.isdir(folder):
        raise RuntimeError(f'Parent directory {folder} does not exist.')
    temporary = os.path.join(folder, f'.{name}.{os.getpid()}.part')
    try:
        with open(temporary, 'wb') as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)
        raise
