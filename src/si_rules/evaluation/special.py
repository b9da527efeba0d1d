"""The two things besides values that a term may come to."""

from enum import Enum
from typing import Final


class Special(Enum):
    """Known to be none, or not applicable."""

    NONE = "none"
    NOT_APPLIED = "not_applicable"


NONE: Final = Special.NONE
NOT_APPLIED: Final = Special.NOT_APPLIED
