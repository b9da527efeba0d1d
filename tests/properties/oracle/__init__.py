"""What a random policy means, told a second time: complete evidence, and every completion of incomplete evidence.

Written from the language's description and from the model of the policy that was printed, never from the
engine: it reads no core, and evidence only as the raw record.
"""

from tests.properties.oracle.completions import Completions as Completions, Told as Told, told as told
from tests.properties.oracle.knowing import known_at as known_at
from tests.properties.oracle.meaning import Meaning as Meaning
from tests.properties.oracle.settling import (
    matters as matters,
    settles as settles,
    smallest_settling as smallest_settling,
    supplied_with as supplied_with,
)
from tests.properties.oracle.values import (
    LIST as LIST,
    NO as NO,
    NONE as NONE,
    NOT_APPLICABLE as NOT_APPLICABLE,
    NOTHING as NOTHING,
    YES as YES,
)
