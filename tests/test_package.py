"""The shape of the package: floors, public names, what an import costs."""

import ast
import builtins
import subprocess
import sys
from pathlib import Path

import pytest

import micrograd
from micrograd import __main__
from micrograd.primitives import TABLE

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "micrograd"

# From the ground up: a file imports files of lower floors, or files before it on its own floor.
FLOORS = [
    ["errors", "ieee", "special", "domains", "primitive", "primitives"],
    ["graph", "formula", "scalar", "engine", "copies", "recording", "anomalies", "gradients"],
    ["nn.module", "nn.mlp", "nn.losses", "nn", "linearization", "transforms", "optim", "drawing"],
    ["__init__", "prompt", "__main__"],
]
PLACE = {name: (floor, i) for floor, names in enumerate(FLOORS) for i, name in enumerate(names)}
OUTSIDE = {
    "drawing": {"graphviz"},
    "prompt": {"IPython", "traitlets"},
}  # third-party packages, by the file that may import them


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1]) if parts[-1] == "__init__" and parts[:-1] else ".".join(parts)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports(name: str) -> set[str]:
    """The full names of the modules that a file imports anywhere, ours relative to the package."""
    path = FILES[name]
    package = ["micrograd", *path.relative_to(PACKAGE).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            submodules = {f"{module}.{alias.name}" for alias in node.names}
            ours = {f"micrograd.{known}" for known in FILES}
            found |= (submodules & ours) or {module}
    return found


def test_every_file_has_its_place():
    assert PLACE.keys() == FILES.keys()


@pytest.mark.parametrize("name", FILES)
def test_imports_go_down_the_floors_only(name):
    for module in imports(name):
        top, _, inner = module.partition(".")
        if top == "micrograd":
            assert PLACE[inner or "__init__"] < PLACE[name], f"{name} imports {module}"
        elif top not in sys.stdlib_module_names:
            assert top in OUTSIDE.get(name, set()), f"{name} imports {module}"


@pytest.mark.parametrize("name", FILES)
def test_files_are_short(name):
    allowed = 400 if name == "engine" else 300
    assert len(FILES[name].read_text().splitlines()) <= allowed


def test_no_file_above_the_table_holds_a_rule():
    for name in FILES:
        if PLACE[name][0] > 0:
            calls = [
                node for node in ast.walk(ast.parse(FILES[name].read_text())) if isinstance(node, ast.Call)
            ]
            made = [node for node in calls if getattr(node.func, "id", "") == "Primitive"]
            assert not made, f"{name} makes a primitive"


def test_public_names():
    assert set(micrograd.__all__) >= {
        "Value",
        "gradient",
        "no_grad",
        "Primitive",
        "tanh",
        "dot",
        "exp",
        "relu",
    }
    assert not {name for name in micrograd.__all__ if hasattr(builtins, name)}
    for name in [*micrograd.__all__, *TABLE, *dir(micrograd)]:
        assert getattr(micrograd, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = micrograd.nonsense


def test_a_star_import_leaves_the_builtins_alone():
    names: dict = {}
    exec("from micrograd import *", names)
    assert not {name for name in names if name in vars(builtins) and name != "__builtins__"}
    assert names["Value"] is micrograd.Value


def python(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_an_import_loads_the_standard_library_alone():
    code = "import sys; before = set(sys.modules); import micrograd; print(*set(sys.modules) - before)"
    loaded = {module.partition(".")[0] for module in python("-c", code).stdout.split()}
    assert "micrograd" in loaded
    assert loaded <= sys.stdlib_module_names | {"micrograd"}


def test_demos_run_from_a_checkout_and_say_so_elsewhere(tmp_path, capsys):
    (tmp_path / "demos").mkdir()
    with pytest.raises(SystemExit, match="the demos are in a checkout"):
        __main__.demo("penguins", tmp_path)
    (tmp_path / "demos" / "hello.py").write_text("if __name__ == '__main__': print('hello from a demo')")
    with pytest.raises(SystemExit, match="no demo 'penguins'; there are hello"):
        __main__.demo("penguins", tmp_path)


def test_a_demo_runs(tmp_path, capsys, monkeypatch):
    (tmp_path / "demos").mkdir()
    (tmp_path / "demos" / "greeting.py").write_text("if __name__ == '__main__': print('hello from a demo')")
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "demos"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(__main__, "CHECKOUT", tmp_path)
    __main__.demo("greeting", tmp_path)
    assert capsys.readouterr().out == "hello from a demo\n"


def test_the_command_line():
    result = python("-m", "micrograd", "demo", "nonsense")
    assert result.returncode == 1
    assert result.stderr.startswith("micrograd: no demo 'nonsense'; there are ")
