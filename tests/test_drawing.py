"""The renderer of graphs: what the DOT text says, and what both engines make of it."""

import pickle
import re
import sys
import time
from xml.etree import ElementTree

import graphviz
import pytest

from micrograd import OperandError, Value, choose, dot, draw, draw_dot
from micrograd import maximum as larger
from micrograd import sum as total

NODE = re.compile(r'\t(\w+) \[label=(?:"((?:[^"\\]|\\.)*)"|(\S+)) ?(.*)\]\n')
EDGE = re.compile(r"\t(\w+) -> (\w+)\n")
PNG = b"\x89PNG\r\n\x1a\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are shell scripts")


def example():
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    c = a + b
    d = a * b + b**3
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f


def nodes(picture):
    """The nodes that the DOT text declares: name → (label, attributes)."""
    found = {}
    for line in picture.body:
        if match := NODE.fullmatch(line):
            name, quoted, plain, attributes = match.groups()
            found[name] = (plain if quoted is None else quoted, attributes)
    return found


def edges(picture):
    return [match.groups() for line in picture.body if (match := EDGE.fullmatch(line))]


def records(picture):
    """The cells of every value."""
    labels = [label for label, _ in nodes(picture).values()]
    return [label[2:-2].split(" | ") for label in labels if label.startswith("{")]


def operators(picture):
    return [label for label, attributes in nodes(picture).values() if "shape=ellipse" in attributes]


def constants(picture):
    return [label for label, attributes in nodes(picture).values() if "shape=plaintext" in attributes]


def texts(svg):
    """What a reader of the SVG sees, and that it is XML."""
    elements = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [" ".join("".join(element.itertext()).split()) for element in elements]


def test_every_value_is_a_record_behind_its_operator():
    x, y = Value(3.0, label="x"), Value(-0.5, label="y")
    z = x * y
    z.label = "z"
    picture = draw(z)
    assert records(picture) == [["x", "data 3.0000"], ["y", "data -0.5000"], ["z", "data -1.5000"]]
    assert operators(picture) == ["*"]
    assert edges(picture) == [("v2_op", "v2"), ("v0", "v2_op"), ("v1", "v2_op")]
    assert "shape=record" in picture.source
    assert "rankdir=LR" in picture.source


def test_the_example_of_micrograd():
    picture = draw(example())
    assert operators(picture) == ["+", "*", "**3", "+", "-", "**2", "/ 2", "10 /", "+"]
    assert len(records(picture)) == 11
    assert records(picture)[2] == ["data -2.0000"]  # without a label there is no cell for one
    assert isinstance(picture, graphviz.Digraph)


def test_grads_are_shown_once_there_are_any():
    root = example()
    assert "grad" not in draw(root).source
    root.backward()
    assert [cells[-1] for cells in records(draw(root))][-1] == "grad 1.0000"
    assert all(cells[-1].startswith("grad ") for cells in records(draw(root)))
    assert records(draw(root + 1))[-1] == ["data 5.5000", "grad 0.0000"]


def test_a_nan_counts_as_a_grad():
    assert records(draw(Value(1.0, grad=float("nan")))) == [["data 1.0000", "grad nan"]]


def test_an_operand_used_twice_has_two_edges():
    a = Value(1.0)
    assert edges(draw(a + a)).count(("v0", "v1_op")) == 2


@pytest.mark.parametrize(
    ("function", "operator"),
    [
        (lambda x: x + 1, "+ 1"),
        (lambda x: 1 + x, "1 +"),
        (lambda x: x - 0.25, "- 0.25"),
        (lambda x: 1 - x, "1 -"),
        (lambda x: x * -2, "* -2"),
        (lambda x: 2 * x, "2 *"),
        (lambda x: x / 3, "/ 3"),
        (lambda x: 10.0 / x, "10 /"),
        (lambda x: x**2, "**2"),
        (lambda x: x**-0.5, "**-0.5"),
        (lambda x: 2**x, "2**"),
        (lambda x: x + 1e308, "+ 1e+308"),
        (lambda x: larger(x, 0.5), "maximum(·, 0.5)"),
        (lambda x: larger(0.5, x), "maximum(0.5, ·)"),
        (lambda x: x.relu(), "ReLU"),
        (lambda x: x**x, "**"),
    ],
)
def test_bare_numbers_stand_in_the_operator_on_their_side(function, operator):
    picture = draw(function(Value(3.0)))
    assert operators(picture) == [operator]
    assert len(records(picture)) == 2
    assert constants(picture) == []


def test_bare_numbers_among_many_operands_are_small_nodes_without_grad():
    x, w, b = Value(2.0), Value(0.5), Value(1.0)
    y = total([dot([x, 3.0], [w, -0.25], b), choose(x, 1e-300, 0.0)])
    y.backward()
    picture = draw(y)
    assert operators(picture) == ["dot", "choose", "sum"]
    assert constants(picture) == ["3", "-0.25", "1e-300", "0"]
    assert len(records(picture)) == 6
    assert len(edges(picture)) == 3 + 5 + 3 + 2


def test_leaves_and_root_look_different():
    x = Value(2.0)
    (_, leaf), (_, between), (_, root) = [
        node for node in nodes(draw(x.tanh().exp())).values() if node[0][0] == "{"
    ]
    assert leaf == 'fillcolor="#dcebf9"'
    assert between == ""
    assert "penwidth" in root
    assert leaf not in root
    assert "penwidth" in nodes(draw(x))["v0"][1]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (0.0, "0.0000"),
        (-0.0, "-0.0000"),
        (0.001, "0.0010"),
        (0.00012345, "0.0001234"),
        (999999.5, "999999.5000"),
        (-1e6, "-1e+06"),
        (1e308, "1e+308"),
        (1e-320, "1e-320"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
    ],
)
def test_numbers(data, shown):
    assert records(draw(Value(data, grad=data or 1.0)))[0][0] == f"data {shown}"
    if data:
        assert records(draw(Value(data, grad=data)))[0][1] == f"grad {shown}"


def test_nodes_made_by_hand():
    x = Value(1.0)
    picture = draw(Value(3.0, (Value(2.0, (x,)), x), "<b>|\\N"))
    assert operators(picture) == [r"\<b\>\|\\N"]
    assert edges(picture) == [("v0", "v1"), ("v2_op", "v2"), ("v1", "v2_op"), ("v0", "v2_op")]


def test_the_same_program_gives_the_same_bytes():
    first = draw(example())
    keep = [Value(0.0) for _ in range(1000)]
    assert draw(example()).source == first.source
    assert keep


def test_drawing_changes_nothing():
    root = example()
    before = pickle.dumps(root)
    draw(root)
    assert pickle.dumps(root) == before


def test_directions():
    assert all(f"rankdir={way}" in draw(example(), rankdir=way).source for way in ("LR", "RL", "TB", "BT"))
    assert "rankdir=TB" in draw_dot(example(), "svg", "TB").source
    with pytest.raises(OperandError, match="rankdir 'XX' is none of LR, RL, TB, BT"):
        draw(example(), rankdir="XX")


@pytest.mark.parametrize("root", [3.0, None, "x", [Value(1.0)]])
def test_a_root_that_is_no_value(root):
    with pytest.raises(OperandError, match=f"draw: .* is a {type(root).__name__}, not a Value"):
        draw(root)


def test_formats():
    assert draw(example()).format == "svg"
    assert draw_dot(example(), "png").format == "png"
    with pytest.raises(ValueError, match="unknown format: 'foo'"):
        draw_dot(example(), format="foo")


def test_big_graphs_are_written_fast_and_without_recursion():
    y = Value(1.0)
    for _ in range(1000):
        y = y.tanh()
    times = []
    for _ in range(3):
        start = time.process_time()
        assert len(records(draw(y))) == 1001
        assert draw(y).source
        times.append(time.process_time() - start)
    assert min(times) < 0.4  # two drawings


# Labels. ----------------------------------------------------------------------------------------------

LABELS = {
    "a|b": "a|b",
    "{x}": "{x}",
    "ends {": "ends {",
    "<b>bold</b>": "<b>bold</b>",
    "<<i>html</i>>": "<<i>html</i>>",
    "<port> x": "<port> x",
    "\\N \\G \\L": "\\N \\G \\L",
    "back\\": "back\\",
    '\\"': '\\"',
    '"quoted"': '"quoted"',
    "it's": "it's",
    "& &amp; &lt;": "& &amp; &lt;",
    "line\nbreak\ttab\r": "line break tab",
    "\x00nul \x1b[31mred \x85 \ud800 \uffff": "nul [31mred",
    "日本語のラベル": "日本語のラベル",
    "🎉🔥 grüße ∂σ": "🎉🔥 grüße ∂σ",
    "a -> b; }": "a -> b; }",
    "node": "node",
    'x" URL="javascript:1': 'x" URL="javascript:1',
    "]]></text><script/>": "]]></text><script/>",
}


def test_labels_are_shown_as_they_are(engine):
    """As the label of a value, and as the name of an operator."""
    values = [Value(2.0, (Value(1.0),), name, label=name) for name in LABELS]
    svg = draw(total(values)).pipe("svg", quiet=True)
    shown = texts(svg)
    assert [shown.count(text) for text in LABELS.values()] == [2] * len(LABELS)
    assert b"javascript:1</text>" in svg
    assert b"href" not in svg
    assert b"<script" not in svg


def test_blank_labels_and_labels_of_other_types():
    labels = ("\n \x00", "a\u2028b \u00a0  c", 7, ("x", 1))
    shown = [records(draw(Value(1.0, label=label)))[0][0] for label in labels]
    assert shown == ["data 1.0000", "a b c", "7", "('x', 1)"]


def test_a_long_label_is_cut(engine):
    svg = draw(Value(1.0, label="{" * 10_000)).pipe("svg", quiet=True)
    assert texts(svg) == ["{" * 59 + "…", "data 1.0000"]
    assert records(draw(Value(1.0, label="y" * 60)))[0][0] == "y" * 60
