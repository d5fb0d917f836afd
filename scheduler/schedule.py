"""The table of ticks. APScheduler only ticks; the database is the schedule."""

from collections.abc import Set as AbstractSet

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.calendar import LOCAL
from core.pacing import Pacer
from handlers.runtime import Runtime
from scheduler.ticks import clean_up, meter, tick

TICK_SECONDS = 15


def build_schedule(runtime: Runtime, pacer: Pacer, held: AbstractSet[int]) -> AsyncIOScheduler:
    """The scheduler, not started. A late tick still comes, several late ones come as one."""
    scheduler = AsyncIOScheduler(
        timezone=LOCAL, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(tick, "interval", (runtime, pacer, held), seconds=TICK_SECONDS, id="tick")
    scheduler.add_job(clean_up, "cron", (runtime,), hour=3, id="clean_up")
    scheduler.add_job(meter, "interval", (runtime,), hours=1, id="meter")
    return scheduler
