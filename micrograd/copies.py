"""Copies of Values, in memory or by pickle, of graphs of any depth.

A leaf is copied as any object is. A graph is copied as the flat list of its nodes, operands first, each
with the positions of its operands; so there is no recursion, and roots that are copied together keep
their leaves in common.
"""

from typing import Any

from .engine import Value
from .graph import topological_order


def _reduce(root: Value, protocol: Any) -> Any:
    if not root.arguments:
        return object.__reduce_ex__(root, protocol)
    order = topological_order(root)
    positions = {id(v): i for i, v in enumerate(order)}
    return _restore, ([v if not v.arguments else _flat(v, positions) for v in order],)


def _flat(v: Value, positions: dict[int, int]) -> tuple[type, dict[str, Any], dict[str, Any]]:
    """A node as its class, its state, and the positions that stand for the nodes in its state."""
    state = v.__getstate__()
    links: dict[str, Any] = {}
    if v._x is not None or v._y is not None:
        state["_operands"] = None  # only kept for who reads it, and made again then
        links |= {slot: positions[id(state[slot])] for slot in ("_x", "_y") if state[slot] is not None}
    else:
        links["_operands"] = [positions[id(x)] for x in state["_operands"]]
        if v._dx is not None:
            links["_dx"] = [positions[id(x)] for x in v._dx]
    return type(v), state | dict.fromkeys(links), links


def _restore(nodes: list[Any]) -> Value:
    made: list[Value] = []
    for node in nodes:
        if isinstance(node, Value):
            made.append(node)
            continue
        kind, state, links = node
        v = object.__new__(kind)
        places = {
            slot: made[at] if isinstance(at, int) else tuple([made[i] for i in at])
            for slot, at in links.items()
        }
        if places.get("_dx") == places.get("_operands", ()):
            # One object, as recording makes it: by that the reverse pass knows its fast way.
            places["_dx"] = places["_operands"]
        v.__setstate__(state | places)
        made.append(v)
    return made[-1]


def _copy(v: Value) -> Value:
    """A node of its own with the same operands."""
    again = object.__new__(type(v))
    again.__setstate__(v.__getstate__())
    return again


Value.__reduce_ex__ = _reduce  # type: ignore[assignment, method-assign]
Value.__copy__ = _copy  # type: ignore[attr-defined]
