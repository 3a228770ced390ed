"""The prompt and the command line, typed at through a terminal."""

import pydoc
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from micrograd import prompt
from micrograd.formula import Symbol, describe
from micrograd.primitives import TABLE

ROOT = Path(__file__).parent.parent


def command(source: str) -> tuple[int, str, str]:
    run = subprocess.run(
        [sys.executable, "-m", "micrograd", "-c", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("a = Value(2.0); y = a * a; y.backward(); a", "Value(data=2.0, grad=4.0)\n"),
        ("exp(0)", "1.0\n"),
        ("print(sum([1, 2])); None", "3\n"),
        ("x = 3", ""),
        ("", ""),
        ("for i in range(2):\n    print(i)", "0\n1\n"),
        ("f = lambda x: x * y\ny = 4\nf(3)", "12\n"),
        ("MLP(2, [1])", "MLP of [Layer of [LinearNeuron(2)]]\n"),
        ("import sys; sys.exit(0)", ""),
    ],
)
def test_a_command_echoes_its_last_expression(source, output):
    assert command(source) == (0, output, "")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("softlus(1.0)", "micrograd: NameError: name 'softlus' is not defined; did you mean softplus?\n"),
        (
            "Value(1.0).lgo()",
            "micrograd: AttributeError: 'Value' object has no attribute 'lgo'; did you mean log?\n",
        ),
        ("1 +* 2", "micrograd: SyntaxError: invalid syntax: 1 +* 2 (column 4)\n"),
        ("Value('1')", "micrograd: OperandError: Value: '1' is a str, not a number\n"),
        ("raise KeyError", "micrograd: KeyError\n"),
        ("print(1); 1/0", "micrograd: ZeroDivisionError: division by zero\n"),
    ],
)
def test_a_failing_command_says_so_in_one_line(source, line):
    code, _, err = command(source)
    assert (code, err) == (1, line)


def test_an_endless_command_can_be_interrupted():
    arguments = [sys.executable, "-m", "micrograd", "-c", "print('on', flush=True)\nwhile True: pass"]
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "on\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (1, "micrograd: KeyboardInterrupt\n")


@pytest.fixture
def terminal(tmp_path):
    """A prompt in a terminal of its own, with an empty home."""
    children = []

    def start(*arguments):
        child = pexpect.spawn(
            sys.executable,
            ["-m", "micrograd", *arguments],
            cwd=str(ROOT),
            env={"HOME": str(tmp_path), "TERM": "dumb", "PATH": "/usr/bin:/bin", "IPYTHONDIR": str(tmp_path)},
            encoding="utf-8",
            timeout=20,
            dimensions=(40, 120),
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def test_pythons_own_prompt(terminal, tmp_path):
    child = terminal("--plain")
    child.expect("help\\(tanh\\)")
    for typed, answer in (
        ("a, b = Value(2.0), Value(-3.0)", ">>> "),
        ("y = a*b + a**2", ">>> "),
        ("y", "Value\\(data=-2.0, grad=0.0\\)"),
        ("y.backward(); a, b", "\\(Value\\(data=2.0, grad=1.0\\), Value\\(data=-3.0, grad=2.0\\)\\)"),
        ("softlus(a)", "NameError: name 'softlus' is not defined; did you mean softplus\\?"),
        ("y == -2", "TypeError: == between Values is identity: compare y.data == -2"),
        ("1 +* 2", "SyntaxError: invalid syntax: 1 \\+\\* 2"),
        ("abs(-3), sum([1, 2])", "\\(3, 3\\)"),
        ("net = MLP(2, [4, 1]); len(net.parameters())", "17"),
    ):
        child.sendline(typed)
        child.expect(answer)
    child.sendline("log_s\t0.0)")
    child.expect("-0.693147")
    child.sendline("while True: pass")
    time.sleep(0.2)
    child.sendintr()
    child.expect("KeyboardInterrupt")
    child.sendeof()
    child.expect(pexpect.EOF)
    assert "y = a*b + a**2" in (tmp_path / ".micrograd_history").read_text()


def test_ipython_where_it_is_installed(terminal):
    child = terminal()
    for typed, answer in (
        ("Value(2.0) * 3", "Value\\(data=6.0, grad=0.0\\)"),
        ("softlus(1.0)", "NameError: name 'softlus' is not defined; did you mean softplus\\?"),
        ("1 +* 2", "SyntaxError: invalid syntax: 1 \\+\\* 2"),
    ):
        child.expect("In \\[")
        child.sendline(typed)
        child.expect(answer)
    child.expect("In \\[")
    child.sendline("exit")
    child.expect(pexpect.EOF)


def test_the_plain_prompt_is_taken_where_ipython_is_missing(monkeypatch):
    opened = []
    monkeypatch.setattr(prompt, "find_spec", lambda name: None)
    monkeypatch.setattr(prompt, "_complete", lambda names: None)
    monkeypatch.setattr(prompt.Console, "interact", lambda self, banner, exitmsg: opened.append(self.locals))
    prompt.open_prompt()
    assert "Value" in opened[0]


def test_names_at_the_prompt_leave_the_builtins_alone():
    names = prompt.names()
    assert {"Value", "gradient", "draw", "MLP", "cross_entropy", "SGD", "micrograd", "dot"} <= names.keys()
    assert not {"sum", "abs", "pow"} & names.keys()


# Help.


@pytest.mark.parametrize("row", TABLE.values(), ids=repr)
def test_every_row_describes_itself(row):
    text = describe(row)
    assert text.startswith(f"{row.name}(")
    assert "∂/∂" in text
    assert "Defined for" in text
    assert text in pydoc.render_doc(row, renderer=pydoc.plaintext).replace("\n    ", "\n")


def test_help_of_relu_and_of_dot():
    assert describe(TABLE["relu"]).splitlines() == [
        "relu(x) = choose(-x, 0, x)",
        "",
        "    ∂/∂x = choose(x, 1, 0)",
        "",
        "z is the result. Defined for x in (-∞, ∞). Kinks where x = 0.",
        "On numbers and Values; also as a method: x.relu().",
        "choose(x, a, b) is a where x > 0, b elsewhere.",
    ]
    lines = describe(TABLE["dot"]).splitlines()
    assert lines[0] == "dot([x0, x1, …], [y0, y1, …], bias) = bias + x0·y0 + x1·y1"
    assert lines[2:5] == ["    ∂/∂x0 = y0", "    ∂/∂x1 = y1", "    ∂/∂y0 = x0"]


def test_formulas_have_the_parentheses_that_they_need():
    x, y = Symbol("x"), Symbol("y")
    assert str((x + y) * (x - y) / -x) == "(x + y)·(x - y) / -x"
    assert str(x - (y - x)) == "x - (y - x)"
    assert str((x - y) - x) == "x - y - x"
    assert str((-x) ** 2.0) == "(-x)**2"
    assert str(2.0 ** (x + 1.0)) == "2**(x + 1)"
    assert str(-(x**y)) == "-x**y"
    assert str(abs(x) * -2.0) == "abs(x)·-2"
