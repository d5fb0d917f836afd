"""Plans that came as files: each is read beside the transactions, then laid out for review in one."""

import asyncio

from handlers import plan_files
from handlers.runtime import Runtime


async def read_plans(runtime: Runtime) -> None:
    """Read every plan whose file has come. Done twice, the second finds nothing to do."""
    for draft_id in await runtime.database.read(plan_files.waiting):
        await _read(runtime, draft_id)


async def _read(runtime: Runtime, draft_id: int) -> None:
    service = runtime.service
    plan = await runtime.database.write(lambda tx: plan_files.begin_reading(service, tx, draft_id))
    if plan is None:
        return
    found = await asyncio.to_thread(plan_files.read, plan)
    now = runtime.clock.now()
    await runtime.database.write(lambda tx: plan_files.was_read(service, tx, plan, found, now))
