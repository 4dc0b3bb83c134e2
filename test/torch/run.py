"""Runs every test_* function of the test_*.py files beside it, in one process.

Prints a line of JSON for each: {"file", "name", "error"}, the error null where it passed. Arguments choose
files.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path


def outcome(function):
    try:
        function()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return ''.join(traceback.format_exception(error))
    return None


def main(chosen):
    names = chosen or sorted(path.stem for path in Path(__file__).parent.glob('test_*.py'))
    for name in names:
        module = importlib.import_module(name)
        for test, function in list(vars(module).items()):
            if test.startswith('test_'):
                print(
                    json.dumps({'file': f'{name}.py', 'name': test, 'error': outcome(function)}), flush=True
                )


if __name__ == '__main__':
    main(sys.argv[1:])
