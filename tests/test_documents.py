"""The documents hold: the diff of CONTRIBUTING.md applies and runs, what they name exists."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]


def test_an_operation_is_one_row(tmp_path):
    (diff,) = re.findall(r"```diff\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    assert len(diff.splitlines()) == 6
    shutil.copytree(ROOT / "micrograd", tmp_path / "micrograd", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["git", "apply", "--unsafe-paths"], cwd=tmp_path, input=diff.encode(), check=True)
    program = """
import micrograd
from micrograd import Value, draw, gradient
x = Value(3.0)
y = x.square()
(slope,) = gradient(micrograd.square(y), [x])
(curvature,) = gradient(slope, [x])
assert "square" in draw(y).source
print(micrograd.__file__, micrograd.square(3), y.data, slope.data, curvature.data)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == [str(tmp_path / "micrograd" / "__init__.py"), "9.0", "9.0", "108.0", "108.0"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_or_names_exists(document):
    text = document.read_text()
    files = re.findall(r"\]\(([^)#:]+)\)", text) + re.findall(r"`((?:\w+/)+\w+\.\w+)`", text)
    for name in files:
        assert (ROOT / name).exists() or name.startswith("build/"), f"{document.name} names {name}"
    targets = re.findall(r"^([\w%-]+)(?=[ :])", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in re.findall(r"`make ([\w-]+)", text):
        assert target in targets or target.startswith("demo-"), f"{document.name} names make {target}"
