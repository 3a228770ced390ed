"""Peers: packages to measure against, which may be imported under the name that is also ours.

`make build/peers/installed` puts each one in a directory of its own, build/peers/NAME.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from pathlib import Path
from types import ModuleType

PEERS = Path(__file__).parent.parent / "build" / "peers"


def load(
    name: str, *submodules: str, given: Mapping[str, ModuleType] | None = None, directory: Path = PEERS
) -> ModuleType:
    """The package `name` from the directory of peers; our own of that name stays what it is.

    Args:     submodules: imported too, so that they are attributes of the package.
              given: modules by their full names that the peer is to import in the place of its own;
              with {"micrograd.engine": micrograd.engine} its other modules run on our engine.
    Raises:   ModuleNotFoundError: the peer is not installed.
    """
    home = directory / name
    if not (home / name).is_dir():
        raise ModuleNotFoundError(f"no {name} in {home}: run `make build/peers/installed`", name=name)
    ours, path, finders = _forget(name), sys.path, sys.meta_path
    sys.modules.update(given or {})
    sys.path = [str(home), *path]
    # Not the finder of our editable install: it would answer with our module where the peer has none.
    sys.meta_path = [BuiltinImporter, FrozenImporter, PathFinder]
    try:
        package = import_module(name)
        for submodule in submodules:
            setattr(package, submodule, import_module(f"{name}.{submodule}"))
        return package
    finally:
        sys.path, sys.meta_path = path, finders
        _forget(name)
        sys.modules.update(ours)


def _forget(name: str) -> dict[str, ModuleType]:
    """Take a package and its submodules out of `sys.modules`."""
    return {each: sys.modules.pop(each) for each in list(sys.modules) if each.partition(".")[0] == name}
