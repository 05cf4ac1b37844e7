"""What of the sample council lies within which referral, as in returns that nest it there."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from orchestration.sample_council.returns.standard_codes import answers, open_in, standard

if TYPE_CHECKING:
    import pandas

Tables = Mapping[str, "pandas.DataFrame"]


def referrals(tables: Tables, begun: date, as_at: date) -> "pandas.DataFrame":
    """Those open on or after `begun`, with their number as `id`, their day as `on` and their
    `child`.

    One whose child the case system does not know is of the child that its plan, enquiry or
    assessment names: in a census all of them lie within one Child. Nor may one be closed over an
    assessment that is still open (rule 8867 of the census).
    """
    import pandas

    rows = standard(tables, "ssd_cin_episodes")
    assessments = begun_by(
        tables,
        "ssd_cin_assessments",
        "cina_assessment_start_date",
        "cina_assessment_auth_date",
        as_at,
    )
    unfinished = assessments[assessments["cina_assessment_auth_date"].isna()]["cina_referral_id"]
    finished = ~rows["cine_referral_id"].isin(unfinished)
    rows["cine_close_date"] = rows["cine_close_date"].where(finished)
    rows = open_in(rows, "cine_referral_date", "cine_close_date", begun, as_at)
    named = pandas.concat(
        [
            tables[extract][[f"{prefix}_referral_id", f"{prefix}_person_id"]].set_axis(
                ["id", "child"], axis=1
            )
            for extract, prefix in (
                ("ssd_cp_plans", "cppl"),
                ("ssd_s47_enquiry", "s47e"),
                ("ssd_cin_assessments", "cina"),
            )
        ]
    )
    named = named.dropna().drop_duplicates("id").set_index("id")["child"]
    known = rows["cine_person_id"].isin(tables["ssd_person"]["pers_person_id"])
    told = rows["cine_referral_id"].map(named).fillna(rows["cine_person_id"])
    return rows.assign(
        id=rows["cine_referral_id"],
        child=rows["cine_person_id"].where(known, told),
        on=rows["cine_referral_date"].dt.normalize(),
    )


def placed(
    rows: "pandas.DataFrame", referrals: "pandas.DataFrame", of: str, child: str, starts: str
) -> "pandas.Series[str]":
    """The referral that each row lies within: its own, or else the child's last one
    before it began."""
    import pandas

    own = rows[of].where(rows[of].isin(referrals["id"]))
    asked = rows.assign(row=range(len(rows)))[["row", child, starts]]
    both = asked.merge(referrals, left_on=child, right_on="child")
    both = both[both["on"] <= both[starts]].sort_values("on").drop_duplicates("row", keep="last")
    last = both.set_index("row")["id"].reindex(range(len(rows)))
    return own.fillna(pandas.Series(last.to_numpy(), index=rows.index))


def begun_by(
    tables: Tables, extract: str, starts: str, ends: str, as_at: date
) -> "pandas.DataFrame":
    """Rows begun by `as_at` that do not end before they begin; ends after it are left out, and so
    is a day that stands for nothing."""
    import pandas

    rows = standard(tables, extract)
    rows = rows.assign(**{ends: rows[ends].where(rows[ends] > pandas.Timestamp(1901, 1, 1))})
    rows = rows[~(rows[ends] < rows[starts])]
    return open_in(rows, starts, ends, date(1901, 1, 1), as_at)


def enquiries(tables: Tables, as_at: date) -> tuple["pandas.DataFrame", "pandas.DataFrame"]:
    """Enquiries with the day of the conference that each led to in `icpc_icpc_date`, and the
    conferences without an enquiry."""
    starts, held = "s47e_s47_start_date", "icpc_icpc_date"
    rows = begun_by(tables, "ssd_s47_enquiry", starts, "s47e_s47_end_date", as_at)
    rows = rows.reset_index(drop=True).assign(place=lambda each: range(len(each)))
    conferences = begun_by(tables, "ssd_initial_cp_conference", held, held, as_at)
    both = conferences.merge(rows, left_on="icpc_person_id", right_on="s47e_person_id")
    named = both["icpc_s47_enquiry_id"] == both["s47e_s47_enquiry_id"]
    both = both.assign(named=named)[named | (both[starts] <= both[held])]
    both = both.sort_values(["named", starts]).drop_duplicates("icpc_icpc_id", keep="last")
    both = both[answers(both["icpc_icpc_transfer_in"]).fillna("N") != "Y"]
    alone = conferences[~conferences["icpc_icpc_id"].isin(both["icpc_icpc_id"])]
    # an enquiry has room for one conference: a second one has the enquiry told once more
    return rows.merge(both[["place", held]], on="place", how="left"), alone


def own_plans(tables: Tables, as_at: date) -> "pandas.DataFrame":
    """The council's own plans."""
    starts, ends = "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"
    rows = begun_by(tables, "ssd_cp_plans", starts, ends, as_at)
    return rows[answers(rows["cppl_cp_plan_ola"]).fillna("N") != "Y"]
