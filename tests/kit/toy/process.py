"""A service as a process without its application: a runner by the environment's settings, until SIGTERM.

`python -m toy.process [NAME]`: an installed service by its name, the toy without one.
"""

import asyncio
import signal
import sys

import uvloop

from chassis.logging import configure_logging
from chassis.runner import Runner
from chassis.settings import load_settings
from ruche.services import load
from toy.service import TOY


async def main(name: str = "") -> None:
    service = load(name) if name else TOY
    settings = load_settings(log_level="error")
    configure_logging(settings, service.name)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    runner = Runner(service, settings)
    await runner.start()
    await stopped.wait()
    await runner.stop()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:2]))
