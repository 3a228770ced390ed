"""Reports: figures with the circumstances in which they were measured, as a table and as JSON."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .timing import Figure

ROOT = Path(__file__).parent.parent


def circumstances() -> dict[str, Any]:
    """The machine, the commit and the date.

    Raises:   ModuleNotFoundError: py-cpuinfo is not installed.
    """
    try:
        from cpuinfo import get_cpu_info
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("py-cpuinfo names the machine: run `make .venv/bench`") from error
    return {
        "cpu": get_cpu_info()["brand_raw"],
        "cores": os.cpu_count(),
        "os": platform.platform(),
        "python": platform.python_version(),
        "commit": _git("rev-parse", "--short=10", "HEAD"),
        "dirty": bool(_git("status", "--porcelain")),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def heading(where: Mapping[str, Any]) -> str:
    """The circumstances in one line, and the names of the columns."""
    commit = where["commit"] + " and changes" * where["dirty"]
    place = f"{where['cpu']}, {where['cores']} cores, {where['os']}, Python {where['python']}"
    return f"{commit}, {where['date']}, {place}\n\n{_line('', 'target', 'measured', 'rounds', '')}"


def row(figure: Figure) -> str:
    """One line of the table: name, target, measured, whether it is met, the rounds' extremes, the note."""
    target = f"{figure.bound} {figure.target:g} {figure.unit}"
    measured = f"{figure.measured:.4g} {figure.unit} {'✓' if figure.met else '✗'}"
    rounds = f"{min(figure.rounds):.4g} … {max(figure.rounds):.4g}"
    return _line(figure.name, target, measured, rounds, figure.note)


def _line(name: str, target: str, measured: str, rounds: str, note: str) -> str:
    return f"{name:40}{target:>18}{measured:>20}{rounds:>18}  {note}".rstrip()


def write(path: Path, where: Mapping[str, Any], figures: Iterable[Figure]) -> None:
    """The report as JSON: the circumstances, and every figure with all its rounds."""
    judged = [asdict(figure) | {"measured": figure.measured, "met": figure.met} for figure in figures]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**where, "figures": judged}, indent=2, ensure_ascii=False) + "\n", "utf-8")
