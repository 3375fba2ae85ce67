"""A network and its losses -> trained weights, with checkpoints from which training goes on as if never stopped.

All that is random in a step comes from the seed, the stage's name and the step's number. So a checkpoint needs
no state of the random generators, and data come in the same order whether or not training was interrupted.
"""

from __future__ import annotations

import logging
import os
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

log = logging.getLogger(__name__)

_WARM_UP = 0.06  # share of the steps in which the learning rate rises
_WEIGHT_DECAY = 0.01
_LONGEST_GRADIENT = 1.0
_STEPS_PER_LOG_LINE = 100

Losses = Callable[[int], Iterator[torch.Tensor]]  # a step's number -> parts whose sum is the step's loss


@dataclass(frozen=True)
class Plan:
    """One stage of training."""

    name: str
    steps: int
    rate: float  # highest learning rate
    seed: int


@dataclass(frozen=True)
class Keeper:
    """Where checkpoints are kept, how often they are written, and when training must pause."""

    folder: Path
    save_every: float = 600.0  # seconds
    stop_at: float = float("inf")  # time.monotonic() at which to write a checkpoint and pause

    def partial(self, stage: str) -> Path:
        """The file with the state of a stage that is under way."""
        return self.folder / f"{stage}.partial.pt"

    def finished(self, stage: str) -> Path:
        """The file with the weights of a stage that is over."""
        return self.folder / f"{stage}.pt"


class PausedError(Exception):
    """The time was up before the last step; a checkpoint is written."""


def step_seed(plan: Plan, step: int) -> int:
    """Return the number that seeds everything random in one step."""
    return zlib.crc32(f"{plan.seed} {plan.name} {step}".encode())


def rate_at(plan: Plan, step: int) -> float:
    """Return the learning rate of a step, from 0: up to the highest in a line, then down to a hundredth of it."""
    warm = max(1, int(plan.steps * _WARM_UP))
    return plan.rate * min((step + 1) / warm, max(0.01, (plan.steps - step) / max(1, plan.steps - warm)))


def fit(model: torch.nn.Module, losses: Losses, plan: Plan, keeper: Keeper) -> None:
    """Train the network in place, from the stage's checkpoint if there is one; write the finished weights.

    Raises PausedError when `keeper.stop_at` comes first, ValueError when a loss is no number.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=_WEIGHT_DECAY)
    step, history, seconds = _restore(model, optimizer, keeper.partial(plan.name))
    model.train()
    started = saved = time.monotonic()
    unread: list[torch.Tensor] = []  # reading each loss at once would make an accelerator wait
    while step < plan.steps:
        unread.append(_one_step(model, optimizer, losses, plan, step))
        step += 1
        now = time.monotonic()
        is_due = now - saved >= keeper.save_every or now >= keeper.stop_at
        if is_due or step % _STEPS_PER_LOG_LINE == 0 or step == plan.steps:
            history += _read(unread, plan, step)
            unread.clear()
            log.info("%s: step %d of %d, loss %.3f", plan.name, step, plan.steps, np.mean(history[-100:]))
        if is_due and step < plan.steps:
            spent = seconds + now - started
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            write(state | {"step": step, "losses": history, "seconds": spent}, keeper.partial(plan.name))
            saved = time.monotonic()
            if now >= keeper.stop_at:
                raise PausedError(f"{plan.name}: paused after step {step} of {plan.steps}")
    model.eval()
    spent = seconds + time.monotonic() - started
    finished = {"model": model.state_dict(), "losses": history, "seconds": spent}
    write(finished, keeper.finished(plan.name))
    keeper.partial(plan.name).unlink(missing_ok=True)


def _one_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, losses: Losses, plan: Plan, step: int
) -> torch.Tensor:
    """Change the weights once; return the loss before."""
    torch.manual_seed(step_seed(plan, step))
    for group in optimizer.param_groups:
        group["lr"] = rate_at(plan, step)
    optimizer.zero_grad()
    total = torch.zeros((), device=next(model.parameters()).device)
    for loss in losses(step):
        loss.backward()
        total += loss.detach()
    torch.nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_GRADIENT)
    optimizer.step()
    return total


def _read(losses: list[torch.Tensor], plan: Plan, step: int) -> list[float]:
    numbers = torch.stack(losses).tolist() if losses else []
    if not np.isfinite(numbers).all():
        raise ValueError(f"{plan.name}: a loss before step {step} is no number; try a lower {plan.name}_rate")
    return numbers


def _restore(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, path: Path
) -> tuple[int, list[float], float]:
    """Load a checkpoint's state, if there is one; return its step, its losses and the seconds spent so far."""
    if not path.exists():
        return 0, [], 0.0
    state = read(path)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    log.info("going on from %s, step %d", path.name, state["step"])
    return state["step"], state["losses"], state["seconds"]


def write(state: dict[str, Any], path: Path) -> None:
    """Write a checkpoint so that the file is the old or the new one at every moment."""
    aside = path.with_suffix(".new")
    torch.save(state, aside)
    os.replace(aside, path)


def read(path: Path) -> dict[str, Any]:
    """Return a checkpoint's state, its tensors on the processor."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state
