"""The regions of the chart and the runs of the spine: where the page begins, and what it shows together."""

from __future__ import annotations

from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.errors import FactError
from myotome.facts.tables import rows

HERE = "myotome.web.bedside"


def region_tables() -> dict[str, list[dict[str, Any]]]:
    """Each table by its name, rows in table order.

    Raises:
        FactError: a row names a muscle or a level that the anatomy does not know.
    """
    body = anatomy()
    regions = _rows("region", "id", "of", "plates", "beside", "like", "spine")
    runs = _rows("run", "id", "levels")
    strange = {name for one in regions for name in one["beside"]} - body.muscles.keys()
    strange |= {name for one in runs for name in one["levels"]} - body.segments.keys()
    if strange:
        raise FactError(f"regions.toml: {', '.join(sorted(strange))} stand in no table of the anatomy. Mend the names.")
    return {"regions": regions, "runs": runs}


def _rows(table: str, *names: str) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names} for _, row, _ in rows(HERE, "regions", table)]
