"""Pictures of a Value graph, by Graphviz: values as records, the operations between them as circles.

A picture is a `graphviz.Digraph`, so notebooks show it and all its methods work. Where there is no `dot`
program, graphviz-pure renders it, which comes with pip: `pip install "micrograd[draw]"`.
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

# Engines without a font library know the widths of few fonts; of these, Verdana's is enough for its kin.
FONT = {"fontname": "Verdana"}
GRAPH = FONT | {"nodesep": "0.2", "ranksep": "0.35"}
NODE = FONT | {
    "shape": "record",
    "style": "filled",
    "fontsize": "12",
    "color": "#5f6b7a",
    "fillcolor": "white",
    "fontcolor": "#1b2733",
}
EDGE = FONT | {"color": "#5f6b7a", "arrowsize": "0.6"}
LEAF = {"fillcolor": "#dcebf9"}
ROOT = {"color": "#1b2733", "penwidth": "2", "fillcolor": "#fdebc8"}
OPERATOR = {
    "shape": "ellipse",
    "fillcolor": "#f1f3f5",
    "margin": "0.04,0.02",
    "width": "0.4",
    "height": "0.4",
}
CONSTANT = {"shape": "plaintext", "style": "", "fontcolor": "#5f6b7a", "width": "0", "height": "0"}

# Above this number of nodes, dot's search for the best picture can take minutes: it gets a limit.
MANY = 500
HASTE = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.1", "splines": "line"}

LONGEST_LABEL = 60
DIRECTIONS = ("LR", "RL", "TB", "BT")


def draw(root: Value, *, rankdir: str = "LR") -> "Picture":
    """The graph below root; the gradients are shown once there are any.

    Args:     rankdir: where the graph runs: LR (left to right), RL, TB (downwards) or BT.
    Raises:   OperandError: root is not a Value, or rankdir not one of these four.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x + 1)
    <Picture: 5 nodes, 5 edges; render("name") writes it, print() shows the DOT text>
    """
    only_values((root,), "draw")
    if rankdir not in DIRECTIONS:
        raise OperandError(f"draw: rankdir {rankdir!r:.60} is not one of {', '.join(DIRECTIONS)}")
    order = topological_order(root)
    haste = HASTE if len(order) > MANY else {}
    picture = Picture(
        format="svg", graph_attr={"rankdir": rankdir} | GRAPH | haste, node_attr=NODE, edge_attr=EDGE
    )
    after_backward = any(v.grad for v in order)
    # Positions in the order are names that are the same in every run.
    names = {v: f"v{i}" for i, v in enumerate(order)}
    for v, name in names.items():
        if v.is_constant:
            picture.node(name, f"{v.data:g}", CONSTANT)
            continue
        look = {} if v.arguments else LEAF
        picture.node(name, _cells(v, after_backward), look | ROOT if v is root else look)
        operator = _operator(v)
        target = name
        if operator:
            target = f"op_{name}"
            picture.node(target, operator, OPERATOR)
            picture.edge(target, name)
        for x in v.arguments:
            if type(x) is not float:
                picture.edge(names[x], target)
    return picture


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> "Picture":  # noqa: A002
    """`draw` under its name and with its arguments of micrograd 0.1.0.

    Args:     format: what `render` and `pipe` make unless told otherwise: svg, png …
    Raises:   OperandError: as `draw`; ValueError: Graphviz knows no such format.
    """
    picture = draw(root, rankdir=rankdir)
    picture.format = format
    return picture


def _cells(v: Value, after_backward: bool) -> str:
    label = _escaped(v.label)
    cells = [label] if label else []
    cells.append(f"data {_number(v.data)}")
    if after_backward:
        cells.append(f"grad {_number(v.grad)}")
    return f"{{ {' | '.join(cells)} }}"


def _operator(v: Value) -> str:
    """The operator with the bare numbers among its operands, on the side where they were written.

    >>> x = Value(3.0)
    >>> [_operator(v) for v in (x + 1, 1 - x, x**2, 2**x, Value.maximum(x, 0.5))]
    """
