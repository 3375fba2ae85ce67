"""The command line of `python -m training transformer` -> an Order, without what is slow to import."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .sizes import SIZES, STAGES, Size

PAUSED = 3  # exit status when the time was up first


@dataclass(frozen=True)
class Order:
    """What the command line asks for."""

    data: Path
    out: Path
    size: Size
    stages: tuple[str, ...] = STAGES
    device: str = "auto"
    resume: bool = False
    minutes: float = float("inf")
    save_minutes: float = 10.0


def read_order(arguments: argparse.Namespace) -> Order:
    """Return the order that the parsed command line gives."""
    given = {field.name: getattr(arguments, field.name) for field in fields(Size)}
    size = replace(
        SIZES[arguments.size], **{name: value for name, value in given.items() if value is not None}
    )
    return Order(
        data=arguments.data,
        out=arguments.out,
        size=size,
        stages=STAGES if arguments.stage == "all" else (arguments.stage,),
        device=arguments.device,
        resume=arguments.resume,
        minutes=arguments.minutes,
        save_minutes=arguments.save_minutes,
    )
