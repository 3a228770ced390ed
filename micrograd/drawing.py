"""Pictures of a Value graph, by Graphviz: values as records, the operations between them as ellipses.

A picture is a `graphviz.Digraph`: notebooks show it, and whatever works on a Digraph works on it. Where
there is no `dot` program, graphviz-pure renders it, which comes by `pip install "micrograd[draw]"`.
"""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import graphviz

from .engine import Value, only_values
from .errors import MissingExtraError, OperandError
from .graph import topological_order

# ruff: noqa: A002 (graphviz and micrograd 0.1.0 call it format)
DIRECTIONS = ("LR", "RL", "TB", "BT")
LONGEST_LABEL = 60
INK, LINE = "#1b2733", "#5f6b7a"
# Renderers without a font library know the widths of few fonts; a box made for Verdana holds its likes.
FONT = {"fontname": "Verdana", "fontsize": "12", "fontcolor": INK}
# Without the two limits dot takes minutes for a leaf that is used all along a chain of 200 operations.
GRAPH = FONT | {"nodesep": "0.2", "ranksep": "0.35", "nslimit": "1", "nslimit1": "1"}
BOX = {"shape": "record", "style": "filled", "fillcolor": "white", "width": "0.4", "height": "0.4"}
NODE = FONT | BOX | {"color": LINE}
EDGE = FONT | {"color": LINE, "arrowsize": "0.6"}
LEAF = {"fillcolor": "#dcebf9"}
ROOT = {"fillcolor": "#fdebc8", "color": INK, "penwidth": "1.6"}
OPERATOR = {"shape": "ellipse", "fillcolor": "#eef0f2", "fontsize": "13", "margin": "0.04,0.02"}
CONSTANT = {"shape": "plaintext", "style": "solid", "fontcolor": LINE, "width": "0", "height": "0"}
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")  # white space; illegal in XML
_Place = str | os.PathLike[str] | None


class Picture(graphviz.Digraph):  # type: ignore[misc]
    """A drawn graph, rendered by the `dot` program or else by graphviz-pure.

    Raises:   MissingExtraError: there is neither; graphviz.CalledProcessError: it failed, and says why;
              subprocess.TimeoutExpired: graphviz-pure needs more than `timeout` seconds.
    """

    timeout = 10.0

    def pipe(
        self, format: str | None = None, *, engine: str | None = None, encoding: str | None = None,
        quiet: bool = False, **plugins: Any,
    ) -> Any:  # fmt: skip
        """The rendered picture, as bytes or decoded; plugins (renderer, formatter) are for `dot` alone."""
        if shutil.which("dot"):
            return super().pipe(format, engine=engine, encoding=encoding, quiet=quiet, **plugins)
        checked = graphviz.Digraph(format=format or self.format, engine=engine or self.engine, **plugins)
        command = [_graphviz_pure(), f"-K{checked.engine}", f"-T{checked.format}"]
        source = self.source
        if checked.format in ("png", "jpg", "jpeg", "jpe"):
            command.append("-Gsize=100,100")  # inches: a bitmap beyond that would fill the memory
            source = source.replace("Verdana", "Arial", 3)  # graph, node, edge: the program brings no Verdana
        run = subprocess.run(command, input=source.encode(), capture_output=True, timeout=self.timeout)
        if run.returncode:
            raise graphviz.CalledProcessError(
                run.returncode, command, stderr=str(run.stderr, errors="replace")
            )
        return run.stdout if encoding is None else run.stdout.decode(encoding)

    def render(
        self, filename: _Place = None, directory: _Place = None, view: bool = False, cleanup: bool = False,
        format: str | None = None, *, outfile: _Place = None, **more: Any,
    ) -> Any:  # fmt: skip
        """Write the DOT text to filename and the picture beside it, or to outfile; its path is returned."""
        if shutil.which("dot"):
            more |= {"directory": directory, "view": view, "cleanup": cleanup, "format": format}
            return super().render(filename, outfile=outfile, **more)
        if outfile is not None:
            outfile = Path(outfile) if directory else Path(self.directory, outfile)
            filename = filename or outfile.with_suffix(".gv")
            format = format or outfile.suffix[1:]
        view = more.pop("quiet_view", False) or view
        mode = "xb" if more.pop("raise_if_result_exists", False) else "wb"
        picture = self.pipe(format, **more)  # first: if it fails, nothing is written
        source = self.save(filename, directory=directory)
        path = os.fspath(outfile or f"{source}.{format or self.format}")
        with open(path, mode) as file:
            file.write(picture)
        if cleanup:
            os.remove(source)
        if view:
            graphviz.view(path)
        return path

    def _repr_mimebundle_(self, *arguments: Any, **more: Any) -> dict[str, Any]:
        try:
            return super()._repr_mimebundle_(*arguments, **more)  # type: ignore[no-any-return]
        except Exception as error:  # a traceback in place of a picture helps no reader of a notebook
            return {"text/plain": f"{error}\n{self!r}"}

    def __repr__(self) -> str:
        nodes = sum(" -> " not in line for line in self.body)
        return f'<Picture of {nodes} nodes: render("name") writes it, print() shows its source>'


def draw(root: Value, *, rankdir: str = "LR") -> Picture:
    """The graph of everything that root was made of; gradients are shown as soon as there are any.

    Args:     rankdir: where the graph runs: LR (left to right), RL, TB (downwards) or BT.
    Raises:   OperandError: root is not a Value, or rankdir not one of these four.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x + 1)
    <Picture of 5 nodes: render("name") writes it, print() shows its source>
    """
    only_values((root,), "draw")
    if rankdir not in DIRECTIONS:
        raise OperandError(f"draw: rankdir {rankdir!r:.60} is none of {', '.join(DIRECTIONS)}")
    picture = Picture(format="svg", graph_attr=GRAPH | {"rankdir": rankdir}, node_attr=NODE, edge_attr=EDGE)
    order = topological_order(root)
    names = {id(v): f"v{position}" for position, v in enumerate(order)}  # the same in every run
    after_backward = any(v.grad for v in order)
    for v in order:
        name = names[id(v)]
        if v.is_constant:
            picture.node(name, f"{v.data:g}", **CONSTANT)
            continue
        look = ({} if v.arguments else LEAF) | (ROOT if v is root else {})
        picture.node(name, _cells(v, after_backward), **look)
        target = name
        if operator := _escaped(_operator(v)):
            target = f"{name}_op"
            picture.node(target, operator, **OPERATOR)
            picture.edge(target, name)
        for x in v.arguments:
            if isinstance(x, Value):
                picture.edge(names[id(x)], target)
    return picture


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Picture:
    """`draw` by its name and arguments of micrograd 0.1.0.

    Args:     format: what `render` and `pipe` make unless told otherwise: svg, png …
    Raises:   OperandError: as `draw`; ValueError: a format that Graphviz does not know.
    """
    picture = draw(root, rankdir=rankdir)
    picture.format = format
    return picture


def _cells(v: Value, after_backward: bool) -> str:
    """The record of a value: label, data and grad, the first and the last if there are any."""
    cells = [_escaped(v.label or ""), f"data {_number(v.data)}"]
    if after_backward:
        cells.append(f"grad {_number(v.grad)}")
    return f"{{ {' | '.join(filter(None, cells))} }}"


def _number(x: float) -> str:
    """
    >>> [_number(x) for x in (2.0, -0.0, 0.00012345, 1e308)]
    ['2.0000', '-0.0000', '0.0001234', '1e+308']
    """
    return f"{x:.4f}" if x == 0.0 or 1e-3 <= abs(x) < 1e6 else f"{x:.4g}"


def _operator(v: Value) -> str:
    """The operator, with a bare number on the side where it was written.

    >>> x = Value(3.0)
    >>> [_operator(v) for v in (x + x, x + 1, 1 - x, x**2, 2**x, x.tanh())]
    ['+', '+ 1', '1 -', '**2', '2**', 'tanh']
    """
    if float not in map(type, v.arguments):
        return v._op
    left, right = ["" if isinstance(x, Value) else f"{x:g}" for x in v.arguments]
    symbol = v.primitive.symbol  # type: ignore[union-attr]
    if symbol.isidentifier():
        return f"{symbol}({left or '·'}, {right or '·'})"
    return f"{left}{symbol}{right}" if symbol == "**" else f"{left} {symbol} {right}".strip()


def _escaped(text: Any) -> str:
    r"""The text on one line, cut, and without meaning for Graphviz.

    >>> print(_escaped("a|b\n<\\N> & {c}"))
    a\|b \<\\N\> &amp; \{c\}
    """
    text = _UNPRINTABLE.sub(" ", str(text)).strip()
    if len(text) > LONGEST_LABEL:
        text = f"{text[: LONGEST_LABEL - 1]}…"
    return re.sub(r"[\\{}|<>]", r"\\\g<0>", text).replace("&", "&amp;")


def _graphviz_pure() -> str:
    """Where the program is: with this Python's own programs, the user's, or on the PATH."""
    schemes = sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")
    beside = os.pathsep.join([sysconfig.get_path("scripts", scheme) for scheme in schemes])
    path = shutil.which("graphviz-pure", path=beside) or shutil.which("graphviz-pure")
    if path is None:
        raise MissingExtraError('neither `dot` nor graphviz-pure to draw with: pip install "micrograd[draw]"')
    return path
