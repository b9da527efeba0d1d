"""The results of a school by academic year, a model for each series of the vocabulary.

`of_predecessor` is the URN of the school whose results they are, where it is one that this school followed.
"""

from si_rules.evidence.absence import Day, Disputed, Missing, NoneKnown, Record
from si_rules.evidence.boundary import (
    Band,
    MaybeAttainment8,
    MaybeAveragePoints,
    MaybeBestEight,
    MaybeCount,
    MaybePercent,
    MaybePounds,
    MaybeProgress8,
    MaybePupils,
    MaybeRoll,
    MaybeScaledScore,
    MaybeScore,
    MaybeValueAdded,
    MaybeYesNo,
    Urn,
)


class EarlyYearsResults(Record):
    """Outcomes of one academic year at the end of the Early Years Foundation Stage."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    pupils: MaybePupils = None
    good_level_of_development: MaybePercent = None


class PhonicsResults(Record):
    """Results of one academic year of the phonics screening check."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    pupils: MaybePupils = None
    expected_standard: MaybePercent = None
    by_end_of_year_2: MaybePercent = None


class KeyStage1Results(Record):
    """Teacher assessments of one academic year at the end of key stage 1."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    pupils: MaybePupils = None
    reading: MaybePercent = None
    writing: MaybePercent = None
    mathematics: MaybePercent = None
    science: MaybePercent = None
    speaking_and_listening: MaybePercent = None


class KeyStage2Results(Record):
    """Results of one academic year at the end of key stage 2; progress scores are scaled-score points."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    eligible_pupils: MaybePupils = None
    eligible_boys: MaybePupils = None
    eligible_girls: MaybePupils = None
    english_and_mathematics_level_4_plus: MaybePercent = None
    english_expected_progress: MaybePercent = None
    rwm_level_4_plus: MaybePercent = None
    rwm_level_5_plus: MaybePercent = None
    reading_level_4_plus: MaybePercent = None
    writing_level_4_plus: MaybePercent = None
    mathematics_level_4_plus: MaybePercent = None
    reading_expected_progress: MaybePercent = None
    writing_expected_progress: MaybePercent = None
    mathematics_expected_progress: MaybePercent = None
    average_points: MaybeAveragePoints = None
    reading_value_added_upper: MaybeValueAdded = None
    writing_value_added_upper: MaybeValueAdded = None
    mathematics_value_added_upper: MaybeValueAdded = None
    rwm_expected_standard: MaybePercent = None
    rwm_higher_standard: MaybePercent = None
    reading_expected_standard: MaybePercent = None
    writing_expected_standard: MaybePercent = None
    grammar_expected_standard: MaybePercent = None
    mathematics_expected_standard: MaybePercent = None
    science_expected_standard: MaybePercent = None
    reading_higher_standard: MaybePercent = None
    writing_higher_standard: MaybePercent = None
    grammar_higher_standard: MaybePercent = None
    mathematics_higher_standard: MaybePercent = None
    reading_scaled_score: MaybeScaledScore = None
    grammar_scaled_score: MaybeScaledScore = None
    mathematics_scaled_score: MaybeScaledScore = None
    reading_progress_score: MaybeScore | NoneKnown = None
    writing_progress_score: MaybeScore | NoneKnown = None
    mathematics_progress_score: MaybeScore | NoneKnown = None
    reading_progress_upper: MaybeScore | NoneKnown = None
    writing_progress_upper: MaybeScore | NoneKnown = None
    mathematics_progress_upper: MaybeScore | NoneKnown = None
    reading_progress_lower: MaybeScore = None
    writing_progress_lower: MaybeScore = None
    mathematics_progress_lower: MaybeScore = None
    reading_progress_band: Band | Missing | Disputed | None = None
    writing_progress_band: Band | Missing | Disputed | None = None
    mathematics_progress_band: Band | Missing | Disputed | None = None
    reading_progress_coverage: MaybePercent = None
    writing_progress_coverage: MaybePercent = None
    mathematics_progress_coverage: MaybePercent = None
    reading_teacher_assessment: MaybePercent = None
    reading_test: MaybePercent = None
    mathematics_teacher_assessment: MaybePercent = None
    mathematics_test: MaybePercent = None
    boys_rwm: MaybePercent = None
    girls_rwm: MaybePercent = None
    eligible_disadvantaged: MaybePupils = None
    disadvantaged_rwm: MaybePercent = None
    eligible_other: MaybePupils = None
    other_rwm: MaybePercent = None
    eligible_sen: MaybePupils = None
    sen_rwm: MaybePercent = None
    eligible_looked_after: MaybePupils = None
    looked_after_rwm: MaybePercent = None


class KeyStage4Results(Record):
    """Results of one academic year at the end of key stage 4; Progress 8 is in grades for each subject."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    pupils: MaybePupils = None
    five_good_gcses: MaybePercent = None
    disadvantaged_pupils: MaybePupils = None
    disadvantaged_five_good_gcses: MaybePercent = None
    other_pupils: MaybePupils = None
    other_five_good_gcses: MaybePercent = None
    english_expected_progress: MaybePercent = None
    mathematics_expected_progress: MaybePercent = None
    progress_8: MaybeProgress8 | NoneKnown = None
    progress_8_upper: MaybeProgress8 | NoneKnown = None
    progress_8_lower: MaybeProgress8 = None
    progress_8_band: Band | Missing | Disputed | None = None
    progress_8_coverage: MaybePercent = None
    chose_progress_8: MaybeYesNo = None
    attainment_8: MaybeAttainment8 = None
    english_and_mathematics: MaybePercent = None
    enters_ebacc: MaybePercent = None
    achieves_ebacc: MaybePercent = None
    boys_progress_8: MaybeProgress8 = None
    girls_progress_8: MaybeProgress8 = None
    value_added_upper: MaybeBestEight = None


class Targets(Record):
    """Targets agreed for the end of one academic year. They are known from `agreed`."""

    agreed: Day | None = None
    ks1_reading: MaybePercent = None
    ks1_writing: MaybePercent = None
    ks1_mathematics: MaybePercent = None
    ks2_reading: MaybePercent = None
    ks2_writing: MaybePercent = None
    ks2_mathematics: MaybePercent = None
    ks2_science: MaybePercent = None
    ks4_progress_8: MaybeProgress8 = None
    returned: MaybeYesNo = None


class Attendance(Record):
    """Attendance over one academic year."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    overall: MaybePercent = None
    persistent_absence: MaybePercent = None


class Exclusions(Record):
    """Exclusions over one academic year."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    permanent: MaybePupils = None
    fixed_period_rate: MaybeCount = None


class Census(Record):
    """The school census of January of one academic year."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    pupils: MaybeRoll = None
    sen_plan: MaybePercent = None
    sen_support: MaybePercent = None
    other_first_language: MaybePercent = None
    free_school_meals: MaybeRoll = None
    free_school_meals_ever: MaybePercent = None


class Staffing(Record):
    """Staff over one academic year."""

    published: Day | None = None
    teachers: MaybeCount = None
    teachers_left: MaybeCount = None
    new_headteacher: MaybeYesNo = None


class Teaching(Record):
    """The quality of teaching, as observed over one academic year."""

    published: Day | None = None
    good_or_better: MaybePercent = None
    outstanding: MaybePercent = None
    requires_improvement_or_better: MaybePercent = None


class Finance(Record):
    """The accounts, in pounds, of the financial year that ends on 31 March of one academic year."""

    published: Day | None = None
    of_predecessor: Urn | None = None
    income: MaybePounds = None
    expenditure: MaybePounds = None
    in_year_balance: MaybePounds = None
    balance: MaybePounds = None
    budget_share: MaybePounds = None


class Complaints(Record):
    """Complaints over one academic year."""

    published: Day | None = None
    received: MaybeCount = None
    upheld: MaybeCount = None


class Governance(Record):
    """The governing body over one academic year."""

    published: Day | None = None
    vacancies: MaybeCount = None
    meetings_of_improvement_committee: MaybeCount = None
