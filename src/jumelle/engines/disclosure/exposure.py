"""
What can be worked out from a two-way table with totals in which some figures are withheld.

The worst reader is assumed: one who knows every shown figure exactly, not only rounded. The figures of a table are a flow
through a network: each row and each column passes on what it gets. A withheld figure can be another one exactly if the
flow can go round another way, over withheld figures only, none of which falls below zero.

Source: L. H. Cox, Network models for complementary cell suppression, Journal of the American Statistical Association 90
(1995).
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping

Place = tuple[int, int]  # row and column of a figure; the last row and the last column hold the totals
_Node = tuple[bool, int]  # (is a column, its number)
_Room = dict[_Node, dict[_Node, int]]  # from -> to -> how much more can flow


def exposed_in(figures: Mapping[Place, int], withheld: Collection[Place], k: int) -> Iterator[Place]:
    """
    Find the withheld figures that can be worked out, or of which it is certain that they are below k.

    Args:
        figures: people per place, totals included, as many as rows × columns.
    """
    last = max(figures, default=(0, 0))
    total = figures.get(last, 0)
    room: _Room = {}
    for place in withheld:
        tail, head = _ends(place, last)
        room.setdefault(tail, {})[head] = total
        room.setdefault(head, {})[tail] = figures[place]
    for place in sorted(withheld):
        tail, head = _ends(place, last)
        others = {start: {end: more for end, more in ends.items() if {start, end} != {tail, head}} for start, ends in room.items()}
        raised = _can_flow(others, head, tail, max(1, k - figures[place]))
        if not raised and (figures[place] < k or not _can_flow(others, tail, head, 1)):
            yield place


def _ends(place: Place, last: Place) -> tuple[_Node, _Node]:
    """From a row to a column for a cell and for the grand total; the other way for the total of a row or a column."""
    row, column = (False, place[0]), (True, place[1])
    return (row, column) if (place[0] == last[0]) == (place[1] == last[1]) else (column, row)


def _can_flow(room: _Room, start: _Node, end: _Node, amount: int) -> bool:
    """Whether `amount` can flow from start to end. Uses up the room."""
    while amount > 0:
        path = _path(room, start, end)
        if path is None:
            return False
        flow = min(amount, *(room[one][other] for one, other in path))
        for one, other in path:
            room[one][other] -= flow
            room[other][one] += flow
        amount -= flow
    return True


def _path(room: _Room, start: _Node, end: _Node) -> list[tuple[_Node, _Node]] | None:
    came_from: dict[_Node, _Node] = {start: start}
    queue = deque([start])
    while queue and end not in came_from:
        node = queue.popleft()
        for other, more in room.get(node, {}).items():
            if more > 0 and other not in came_from:
                came_from[other] = node
                queue.append(other)
    if end not in came_from:
        return None
    path = []
    while end != start:
        path.append((came_from[end], end))
        end = came_from[end]
    return path
