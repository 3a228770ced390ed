"""The prompt: all names ready, results echoed, errors in one line with a hint."""

import ast
import builtins
import code
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

BANNER = """micrograd: a, b = Value(2.0), Value(-3.0); y = a*b + a**2; y.backward(); a.grad
help(tanh) tells an operation's formula and derivative; dir() lists the names; Ctrl-D leaves."""
HISTORY = Path("~/.micrograd_history").expanduser()


def names() -> dict[str, Any]:
    """What is at hand at the prompt: every public name that is no builtin, networks, losses, optimisers."""
    import micrograd
    from micrograd import nn, optim

    drawing = set() if find_spec("graphviz") else {"draw", "draw_dot"}
    public = {name: getattr(micrograd, name) for name in set(dir(micrograd)) - drawing}
    public = {name: thing for name, thing in public.items() if not isinstance(thing, ModuleType)}
    modules = {name: getattr(nn, name) for name in nn.__all__} | {"SGD": optim.SGD}
    ready = {name: thing for name, thing in (public | modules).items() if not hasattr(builtins, name)}
    return ready | {"micrograd": micrograd, "nn": nn, "optim": optim, "__name__": "__main__"}


def explain_error(error: BaseException, known: Mapping[str, Any]) -> str:
    """The error in one line, and the nearest names where one was not found.

    >>> explain_error(NameError("name 'tahn' is not defined", name="tahn"), {"tanh": None})
    "NameError: name 'tahn' is not defined; did you mean tanh?"
    """
    line = " ".join(str(error).split())
    if isinstance(error, SyntaxError):
        line = f"{error.msg}: {(error.text or '').strip()} (column {error.offset})"
    near: list[str] = []
    if isinstance(error, NameError) and error.name:
        near = get_close_matches(error.name, [*known, *dir(builtins)])
    elif isinstance(error, AttributeError) and error.name:
        near = get_close_matches(error.name, dir(error.obj))
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"{type(error).__name__}{': ' * bool(line)}{line}{hint}"


def run(source: str) -> int:
    """Run a program and echo its last expression; 0, or 1 after one line on stderr."""
    namespace = names()
    try:
        tree = ast.parse(source, "<command>")
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<command>", "exec"), namespace)
        if isinstance(last, ast.Expr):
            sys.displayhook(eval(compile(ast.Expression(last.value), "<command>", "eval"), namespace))
    except (Exception, KeyboardInterrupt) as error:
        print(f"micrograd: {explain_error(error, namespace)}", file=sys.stderr)
        return 1
    return 0


class Console(code.InteractiveConsole):
    """Python's own prompt, with errors in one line; `import traceback; traceback.print_last()` has all."""

    def showtraceback(self) -> None:
        sys.last_type, sys.last_value, sys.last_traceback = sys.exc_info()
        if sys.last_value is not None:
            self.write(f"{explain_error(sys.last_value, self.locals)}\n")

    def showsyntaxerror(self, filename: str | None = None) -> None:
        self.showtraceback()


def open_prompt(plain: bool = False) -> None:
    """IPython where it is installed, unless plain; else Python's own prompt, with completion and history."""
    namespace = names()
    if plain or find_spec("IPython") is None:
        _complete(namespace)
        Console(namespace).interact(BANNER, exitmsg="")
    else:
        _open_ipython(namespace)


def _complete(namespace: dict[str, Any]) -> None:
    try:
        import atexit
        import readline
        import rlcompleter
    except ImportError:  # a Python built without readline has neither
        return
    readline.set_completer(rlcompleter.Completer(namespace).complete)
    readline.parse_and_bind("tab: complete")
    if HISTORY.exists():
        readline.read_history_file(HISTORY)
    atexit.register(readline.write_history_file, HISTORY)


def _open_ipython(namespace: dict[str, Any]) -> None:
    from IPython.terminal.ipapp import TerminalIPythonApp
    from traitlets.config import Config

    def show(shell: Any, _kind: Any, error: BaseException, _traceback: Any, **_more: Any) -> None:
        print(explain_error(error, shell.user_ns), file=sys.stderr)

    config = Config()
    config.TerminalInteractiveShell.banner1 = f"{BANNER}\n\n"
    app: Any = TerminalIPythonApp.instance(config=config, user_ns=namespace)
    app.initialize(argv=[])
    app.shell.set_custom_exc((Exception,), show)
    app.shell.showsyntaxerror = lambda *_, **__: show(
        app.shell, None, sys.exc_info()[1] or SyntaxError(), None
    )
    app.start()
