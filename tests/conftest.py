"""Hypothesis profiles (dev by default, ci where CI is set, any by HYPOTHESIS_PROFILE); machines that draw."""

import os
import shutil
import sys

import pytest
from hypothesis import settings

from micrograd import drawing

settings.register_profile("dev", max_examples=20, deadline=None)
settings.register_profile("ci", max_examples=200, derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def fake(directory, name, script):
    directory.mkdir(exist_ok=True)
    program = directory / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def bare(monkeypatch, tmp_path_factory):
    """A machine without `dot` on its PATH; the directory that is its PATH is returned."""
    directory = tmp_path_factory.mktemp("path")
    monkeypatch.setenv("PATH", str(directory))
    return directory


@pytest.fixture
def nothing(monkeypatch, bare):
    """A machine without any engine."""
    monkeypatch.setattr(drawing.sysconfig, "get_path", lambda *_: str(bare))
    return bare


@pytest.fixture(params=["dot", "graphviz-pure"])
def engine(request):
    """Both engines in turn. Where there is no `dot`, graphviz-pure plays it: it takes the same arguments."""
    if request.param == "dot" and shutil.which("dot"):
        return
    path = request.getfixturevalue("bare")
    if request.param == "dot":
        if sys.platform == "win32":
            pytest.skip("no dot program")
        fake(path, "dot", f'exec {drawing._graphviz_pure()} "$@"')
