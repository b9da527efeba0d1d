"""What stands in compiled functions for truths and for values that are not plain values.

A truth is True, False, None (undetermined) or `...` (not applicable). A value is itself, with numbers scaled; None
where it is missing; and otherwise one of these. All but `NONE` are shared constants without parts, so that tuples of
them cost the garbage collector nothing.
"""

from enum import Enum
from typing import Any, Final

from si_rules.evaluation.special import NONE as NONE
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, UNDETERMINED, Truth


class Unsettled(Enum):
    """A value that is open in another way than one missing datum.

    `ODD`: it may turn out not to apply; whatever it is compared with is undetermined. `DEEP`: of what it may come to
    something is known, so only the interpreter can say what it makes of it.
    """

    ODD = "odd"
    DEEP = "deep"


ODD: Final = Unsettled.ODD
DEEP: Final = Unsettled.DEEP
DOES_NOT_APPLY: Final = ...

CODES: Final[dict[Truth, Any]] = {HOLDS: True, FAILS: False, UNDETERMINED: None, NOT_APPLICABLE: DOES_NOT_APPLY}
TRUTHS: Final[dict[Any, Truth]] = {code: truth for truth, code in CODES.items()}
