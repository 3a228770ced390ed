"""`python -m micrograd`: a prompt; `-c CODE`: one line of code; `demo NAME`: a demo of the checkout."""

import runpy
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from .prompt import open_prompt, run

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
    parser = ArgumentParser(
        prog="python -m micrograd", description="A scalar autograd engine; without arguments, a prompt."
    )
    parser.add_argument("-c", metavar="CODE", dest="source", help="run the code and echo its last expression")
    parser.add_argument("--plain", action="store_true", help="Python's own prompt, even beside IPython")
    command = parser.add_subparsers(metavar="demo NAME").add_parser("demo", help="run a demo of the checkout")
    command.add_argument("name", help="such as penguins")
    options = parser.parse_args(arguments)
    if options.source is not None:
        sys.exit(run(options.source))
    elif "name" in options:
        demo(options.name)
    else:
        open_prompt(options.plain)


if __name__ == "__main__":
    main()
