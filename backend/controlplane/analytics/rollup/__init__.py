"""Long windows from daily sums: the same answers as the direct questions, at every moment, in less time.

`refresh` adds up the days whose runs have changed; triggers on the table of runs note which. A question takes the
sums of days that were added up and have not changed since, and reads the runs of all others: an answer is exact
whether or not anybody refreshed, and refreshing only makes it fast. Nothing of this costs anything until `refresh`
is called for the first time, which makes the triggers; `disable` drops them.

Runs under way are kept by day in the same way (`levels`), apart from the sums: a run is part of the level from its
start to its end, whenever it was asked for. Percentiles can't be put together from sums, and stay with
`analytics.durations`.
"""

from __future__ import annotations

from controlplane.analytics.rollup.service import Verification, disable, refresh, verify

__all__ = ["Verification", "disable", "refresh", "verify"]
