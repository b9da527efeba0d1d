"""Who may see something: everybody, or a set of roles. Combining intersects."""

from collections.abc import Iterable
from typing import Final, TypeAlias

Audience: TypeAlias = frozenset[str] | None

EVERYBODY: Final[Audience] = None
PUBLIC: Final = "public"


def meet(first: Audience, second: Audience) -> Audience:
    """The roles that may see both of two things."""
    if first is None:
        return second
    return first if second is None else first & second


def within(inner: Audience, outer: Audience) -> bool:
    """Whether everybody who may see the first thing may also see the second."""
    return outer is None or (inner is not None and inner <= outer)


def may_see(roles: Iterable[str], audience: Audience) -> bool:
    """Whether somebody with these roles may see a thing of this audience."""
    return audience is None or not audience.isdisjoint(roles)


def listed(audience: Audience) -> list[str]:
    """The roles in order, `public` for everybody: as decisions write them."""
    return [PUBLIC] if audience is None else sorted(audience)
