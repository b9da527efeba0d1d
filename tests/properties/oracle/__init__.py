"""What a random policy means, told a second time: complete evidence, and every completion of incomplete evidence.

Written from the language's description and from the model of the policy that was printed, never from the
engine: it reads no core, and evidence only as the raw record.
"""

from tests.properties.oracle.completions import Completions as Completions
from tests.properties.oracle.completions import Told as Told
from tests.properties.oracle.completions import told as told
from tests.properties.oracle.knowing import known_at as known_at
from tests.properties.oracle.meaning import Meaning as Meaning
from tests.properties.oracle.settling import matters as matters
from tests.properties.oracle.settling import settles as settles
from tests.properties.oracle.settling import smallest_settling as smallest_settling
from tests.properties.oracle.settling import supplied_with as supplied_with
from tests.properties.oracle.values import LIST as LIST
from tests.properties.oracle.values import NO as NO
from tests.properties.oracle.values import NONE as NONE
from tests.properties.oracle.values import NOT_APPLICABLE as NOT_APPLICABLE
from tests.properties.oracle.values import NOTHING as NOTHING
from tests.properties.oracle.values import YES as YES
