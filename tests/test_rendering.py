"""Pictures through both engines: what is written, and what is said when there is none."""

import struct
import subprocess

import graphviz
import pytest
from conftest import fake
from test_drawing import PNG, example, operators, posix, texts

from micrograd import MissingExtraError, Primitive, Value, draw, draw_dot, drawing


def test_render_writes_svg_and_png_and_returns_the_path(engine, tmp_path):
    picture = draw(example())
    path = picture.render(tmp_path / "g")
    assert path == str(tmp_path / "g.svg")
    assert "data -4.0000" in texts((tmp_path / "g.svg").read_bytes())
    assert (tmp_path / "g").read_text() == picture.source
    picture.render("h", tmp_path / "new", format="png", cleanup=True)
    assert (tmp_path / "new" / "h.png").read_bytes().startswith(PNG)
    assert not (tmp_path / "new" / "h").exists()
    assert picture.render(outfile=tmp_path / "o.png") == str(tmp_path / "o.png")
    assert (tmp_path / "o.png").read_bytes().startswith(PNG)
    assert (tmp_path / "o.gv").read_text() == picture.source
    picture.directory = tmp_path
    assert picture.render(outfile="p.svg") == str(tmp_path / "p.svg")


def test_pipe(engine):
    picture = draw_dot(example(), format="png")
    assert picture.pipe().startswith(PNG)
    assert picture.pipe("svg", encoding="utf-8").startswith("<?xml")
    assert picture.pipe("svg").startswith(b"<?xml")
    assert b"Verdana" in picture.pipe("svg")


@pytest.mark.parametrize("options", [{"format": "foo"}, {"engine": "foo"}, {"renderer": "foo"}])
def test_an_unknown_name_is_refused_before_anything_is_written(engine, tmp_path, options):
    with pytest.raises(ValueError, match=r"unknown .*'foo'"):
        draw(example()).render(tmp_path / "g", **options)
    with pytest.raises(ValueError, match=r"unknown .*'foo'"):
        draw(example()).pipe(**options)
    with pytest.raises(TypeError):
        draw(example()).render(tmp_path / "g", fromat="png")
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_written(engine, tmp_path):
    (tmp_path / "file").write_text("kept")
    for place in ({"filename": tmp_path / "file" / "g"}, {"outfile": tmp_path / "file" / "g.svg"}):
        with pytest.raises(OSError, match="file") as raised:
            draw(example()).render(**place)
        assert isinstance(raised.value, NotADirectoryError | FileExistsError)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["kept"]


def test_a_result_that_exists_may_be_protected(engine, tmp_path):
    (tmp_path / "g.svg").write_text("kept")
    with pytest.raises(FileExistsError):
        draw(example()).render(tmp_path / "g", raise_if_result_exists=True)
    assert (tmp_path / "g.svg").read_text() == "kept"


def test_view_opens_what_was_rendered(bare, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(graphviz, "view", opened.append)
    draw(example()).view(tmp_path / "g")
    draw(example()).render(tmp_path / "h", quiet_view=True)
    assert opened == [str(tmp_path / "g.svg"), str(tmp_path / "h.svg")]


def test_a_notebook_gets_svg(engine):
    bundle = draw(example())._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    assert "data -4.0000" in texts(bundle["image/svg+xml"])
    assert draw(example())._repr_mimebundle_(include=["image/png"])["image/png"].startswith(PNG)


def test_the_prompt_shows_one_line_and_starts_no_program(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    shown = repr(draw(Value(1.0, label=" -> ") * Value(2.0)))
    assert shown == '<Picture of 4 nodes: render("name") writes it, print() shows its source>'


def test_without_any_engine(nothing, tmp_path):
    picture = draw(example())
    for render in (
        picture.pipe,
        lambda: picture.render(tmp_path / "g"),
        lambda: picture.view(tmp_path / "g"),
    ):
        with pytest.raises(MissingExtraError, match=r'`dot`.*graphviz-pure.*pip install "micrograd\[draw\]"'):
            render()
    assert list(tmp_path.iterdir()) == []
    bundle = picture._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert 'pip install "micrograd[draw]"' in bundle["text/plain"]


@posix
def test_an_engine_that_fails_says_why(nothing, tmp_path):
    fake(nothing, "graphviz-pure", "echo 'out of ink' >&2; exit 3")
    picture = draw(example())
    with pytest.raises(graphviz.CalledProcessError, match=r"status 3.*out of ink"):
        picture.render(tmp_path / "g")
    assert list(tmp_path.iterdir()) == []
    assert "out of ink" in picture._repr_mimebundle_()["text/plain"]


@posix
def test_an_engine_that_hangs_is_stopped(nothing):
    fake(nothing, "graphviz-pure", "exec /bin/sleep 10")
    picture = draw(example())
    picture.timeout = 0.1
    with pytest.raises(subprocess.TimeoutExpired):
        picture.pipe()
    assert "timed out" in picture._repr_mimebundle_()["text/plain"]


@posix
def test_complaints_are_silent_on_success(nothing, capfd):
    fake(nothing, "graphviz-pure", "echo warning >&2; echo '<svg/>'")
    assert draw(example()).pipe(encoding="ascii") == "<svg/>\n"
    assert capfd.readouterr() == ("", "")


@posix
def test_dot_is_preferred(bare, tmp_path):
    fake(bare, "dot", 'echo "$@"; [ "$2" = -Tsvg ] && [ -n "$4" ] && echo made > "$4.svg"; exit 0')
    picture = draw(example())
    assert picture.pipe(encoding="utf-8") == "-Kdot -Tsvg\n"
    assert picture.pipe("png", engine="neato") == b"-Kneato -Tpng\n"
    assert picture.render(tmp_path / "g", cleanup=True) == str(tmp_path / "g.svg")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["made\n"]


@posix
def test_where_graphviz_pure_is_looked_for(monkeypatch, bare, tmp_path):
    """With this Python, with the user's packages, on the PATH: the first is taken."""
    user_scheme = drawing.sysconfig.get_preferred_scheme("user")
    places = {user_scheme: tmp_path / "user"}
    monkeypatch.setattr(
        drawing.sysconfig, "get_path", lambda _, scheme: str(places.get(scheme, tmp_path / "python"))
    )
    for place in (bare, tmp_path / "user", tmp_path / "python"):
        fake(place, "graphviz-pure", f"echo {place.name}")
        assert draw(example()).pipe(encoding="utf-8") == f"{place.name}\n"


@posix
def test_what_graphviz_pure_is_told(nothing):
    fake(nothing, "graphviz-pure", 'echo "$@"; exec /bin/cat')
    picture = draw(Value(1.0, label="Verdana"))
    command, source = picture.pipe(encoding="utf-8").split("\n", 1)
    assert command == "-Kdot -Tsvg"
    assert source == picture.source
    command, source = picture.pipe("PNG", engine="neato", encoding="utf-8").split("\n", 1)
    assert command == "-Kneato -Tpng -Gsize=100,100"
    assert source.count("fontname=Arial") == 3
    assert "{ Verdana | data 1.0000 }" in source
    picture.engine = "circo"
    assert picture.pipe(encoding="utf-8").startswith("-Kcirco -Tsvg\n")


def test_a_bitmap_is_bounded(bare):
    y = Value(1.0)
    for _ in range(150):
        y = y.tanh()
    assert struct.unpack(">I", draw(y).pipe("png")[16:20]) <= (9600,)


def test_a_leaf_used_all_along_a_chain_is_laid_out_in_time(bare):
    w = y = Value(1.0)
    for i in range(200):
        y = y * w if i % 5 == 0 else y.tanh()
    picture = draw(y)
    picture.timeout = 4.0
    assert texts(picture.pipe()).count("tanh") == 160


def test_a_row_of_the_reader_with_a_symbol():
    join = Primitive("join", lambda x, y: x + y, (lambda z, x, y: 1.0, lambda z, x, y: 1.0), "|>")
    assert operators(draw(join(Value(1.0), 2.0))) == [r"\|\> 2"]
