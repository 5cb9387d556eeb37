"""What a process remembers."""

from payerbots.memo import Memo


def test_the_newest_are_held_and_the_oldest_goes() -> None:
    held: Memo[str, int] = Memo(2)
    for place, key in enumerate("abac"):
        held.put(key, place)
    assert [held.get(key) for key in "abc"] == [2, None, 3]
