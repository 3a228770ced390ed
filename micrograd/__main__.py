"""`python -m micrograd demo NAME`: the demos of a checkout."""

import runpy
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent


def demo(name: str, checkout: Path = CHECKOUT) -> None:
    """Run demos/NAME.py of the checkout that this package is imported from.

    Raises:   SystemExit: with a line that says what to do, where there is no such demo or no checkout.
    """
    demos = sorted(path.stem for path in (checkout / "demos").glob("*.py") if path.stem != "data")
    if not demos:
        sys.exit("micrograd: the demos are in a checkout of the source, not in the installed package")
    if name not in demos:
        sys.exit(f"micrograd: no demo {name!r}; there are {', '.join(demos)}")
    sys.path.insert(0, str(checkout))
    runpy.run_module(f"demos.{name}", run_name="__main__")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(prog="python -m micrograd", description="A scalar autograd engine.")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("demo", help="run a demo of the checkout")
    command.add_argument("name", help="such as penguins")
    demo(parser.parse_args(arguments).name)


if __name__ == "__main__":
    main()
