"""Data sets that travel inside packages: installed without their dependencies, read without importing."""

from pathlib import Path

INSTALLED = Path(__file__).parent.parent / "build" / "data"


def package(name: str, installed: Path = INSTALLED) -> Path:
    """The directory of a package of `demos/data.txt`.

    Raises:   FileNotFoundError: it is not installed; the message names the make target that does it.
    """
    path = installed / name
    if not path.is_dir():
        raise FileNotFoundError(f"no {name} in {installed}: run `make build/data/installed`")
    return path
