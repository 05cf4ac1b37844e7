"""The case system's own words for standard codes, and the table that maps them back."""

from collections.abc import Mapping

from orchestration.sample_council.rows import Rows

_SYSTEM = "systemc"
ROLES = "ssd_involvements.invo_professional_role_id"

# column -> standard value -> what the sample council's case system writes
_WORDS: Mapping[str, Mapping[str, str]] = {
    "ssd_cla_episodes.clae_cla_episode_start_reason": {
        "S": "Started to be looked after",
        "P": "Change of placement and carer",
        "L": "Change of legal status only",
        "B": "Change of legal status, placement and carer",
        "T": "Change of placement, same carer",
        "U": "Change of legal status and placement, same carer",
    },
    "ssd_cla_episodes.clae_cla_episode_ceased_reason": {
        "X1": "Episode ceased, new episode begins",
        "E3": "Care taken over by another authority",
        "E4A": "Returned home, planned",
        "E4B": "Returned home, not planned",
        "E5": "Independent living, supported",
        "E6": "Independent living, not supported",
        "E7": "Moved to adult social care",
        "E8": "Ceased for another reason",
        "E11": "Adopted",
        "E41": "Child arrangements order",
        "E45": "Special guardianship, relative",
        "E46": "Special guardianship, foster carer",
    },
    "ssd_legal_status.lega_legal_status": {"other": "Supervision order"},
    "ssd_cla_health.clah_health_check_type": {
        "initial_health": "Initial health assessment",
        "review_health": "Review health assessment",
        "dental": "Dental check",
        "other": "Optician",
    },
    "ssd_cla_health.clah_health_check_status": {
        "Completed": "COMPLETED",
        "Refused": "Declined by young person",
        "Planned": "Planned",
        "Cancelled": "Cancelled",
    },
    "ssd_immigration_status.immi_immigration_status": {
        "UASC": "Unaccompanied asylum-seeking child",
        "other": "Indefinite leave to remain",
    },
    "ssd_missing.miss_missing_episode_type": {"Missing": "M", "Away": "A"},
    "ssd_care_leavers.clea_care_leaver_accommodation": {
        "B": "With parents or relatives",
        "C": "Community home",
        "D": "Semi-independent, transitional",
        "E": "Supported lodgings",
        "G": "Gone abroad",
        "K": "Ordinary lodgings, no formal support",
        "R": "Residence not known",
        "S": "No fixed abode",
        "T": "Foyer",
        "U": "Independent living",
        "V": "Emergency accommodation",
        "W": "Bed and breakfast",
        "X": "In custody",
        "Y": "Other accommodation",
        "Z": "With former foster carers",
    },
    "ssd_care_leavers.clea_care_leaver_accom_suitable": {
        "1": "Accommodation considered suitable",
        "2": "Accommodation considered unsuitable",
    },
    "ssd_care_leavers.clea_care_leaver_activity": {
        "F1": "Higher education, full time",
        "P1": "Higher education, part time",
        "F2": "Other education, full time",
        "P2": "Other education, part time",
        "F4": "Training, full time",
        "P4": "Training, part time",
        "F5": "Employment, full time",
        "P5": "Employment, part time",
        "G4": "Not in employment, illness or disability",
        "G5": "Not in employment, other circumstances",
        "G6": "Not in employment, pregnancy or parenting",
    },
}
# Only the first two are the child's own social worker.
ALLOCATED, ALLOCATED_TOO = "Allocated social worker", "Allocated worker (co-working)"
DUTY, SUPPORT = "Duty social worker", "Family support worker"
REVIEWING, ADVISER = "Independent reviewing officer", "Personal adviser"
UNMAPPED = "Student social worker"
_ROLES = {
    ALLOCATED: "allocated_social_worker",
    ALLOCATED_TOO: "allocated_social_worker",
    DUTY: "other",
    SUPPORT: "other",
    REVIEWING: "other",
    ADVISER: "other",
}


def local(column: str, standard: str) -> str:
    """The case system's word for a standard value of a column ("extract.column")."""
    return _WORDS[column][standard]


def write_code_maps(rows: Rows) -> None:
    """ref_code_maps: every word the case system uses, and the standard value it stands for."""
    for column, words in _WORDS.items():
        for standard, word in words.items():
            if word != standard:
                rows.add(cms=_SYSTEM, column=column, source_value=word, standard_value=standard)
    for role, standard in _ROLES.items():
        rows.add(cms=_SYSTEM, column=ROLES, source_value=role, standard_value=standard)
