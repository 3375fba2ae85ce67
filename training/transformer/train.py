"""An Order -> the stages that it names, their checkpoints, an encoder and a cross-encoder."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import Any

import torch
from transformers.utils.logging import disable_progress_bar

from ..pairs import SOURCES, file_path
from ..records import fingerprint
from .loop import Keeper, PausedError
from .order import PAUSED, Order
from .saving import (
    machine_name,
    recipe_record,
    save_cross_encoder,
    save_encoder,
    stage_record,
    write_json,
)
from .sizes import Size
from .stages import TRAIN, Workshop

log = logging.getLogger(__name__)


def pick_device(name: str) -> torch.device:
    """Return the device called auto, cpu or cuda; ValueError where there is no such accelerator."""
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device cuda: PyTorch finds no CUDA device here; take --device auto or cpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def data_fingerprints(folder: Path, size: Size) -> dict[str, str]:
    """Return the SHA-256 of each training file that is there; FileNotFoundError where there is none."""
    names = {name for share in size.recipe().mixture for name, _ in SOURCES[share.source]}
    paths = [file_path(folder, name) for name in sorted(names)]
    found = {path.name: fingerprint(path) for path in paths if path.exists()}
    if not found:
        raise FileNotFoundError(
            f"{folder} holds no training file; expected some of {[p.name for p in paths]}"
        )
    return found


def check_begun(order: Order, keeper: Keeper, record: dict[str, Any]) -> None:
    """Raise ValueError where the checkpoints in the folder belong to another recipe, or were not expected."""
    path = keeper.folder / "recipe.json"
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        differing = differences(before, json.loads(json.dumps(record)))
        if differing:
            raise ValueError(
                f"{keeper.folder} was begun with other settings ({'; '.join(differing)}): "
                "take the same ones, or another --out"
            )
    begun = [name for name in order.stages if keeper.partial(name).exists() or keeper.finished(name).exists()]
    if begun and not order.resume:
        raise ValueError(
            f"{keeper.folder} already holds checkpoints of {', '.join(begun)}: add --resume to go on from them, "
            "or take another --out"
        )
    write_json(record, path)


def differences(before: dict[str, Any], now: dict[str, Any], path: str = "") -> list[str]:
    """Return in words where two records of the same form differ."""
    found: list[str] = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += differences(old, new, f"{path}{key}.")
        elif old != new:
            found.append(f"{path}{key}: {old} then, {new} now")
    return found


def train(order: Order) -> None:
    """Run the stages that are not finished; write the networks whose weights are there.

    Raises PausedError when the time is up first; the same order with `resume` goes on then.
    """
    started = time.monotonic()
    disable_progress_bar()  # of loading and saving; the steps are logged
    device = pick_device(order.device)
    record = recipe_record(order.size, data_fingerprints(order.data, order.size))
    folder = order.out / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(folder, save_every=order.save_minutes * 60, stop_at=started + order.minutes * 60)
    check_begun(order, keeper, record)
    shop = Workshop(order.data, order.size, device, keeper)
    for name in order.stages:
        if not keeper.finished(name).exists():
            log.info("stage %s on %s", name, machine_name(device))
            TRAIN[name](shop)
        write_network(shop, name, record, order.out)


def write_network(shop: Workshop, stage: str, record: dict[str, Any], out: Path) -> None:
    """Write what a finished stage has trained, with the record of all that led to it."""
    if stage == "mlm":
        return  # by itself of no use
    if stage == "contrastive" and shop.keeper.finished("hard").exists():
        return  # a better encoder is there
    weights = shop.weights(stage, for_stage="saving")
    if stage == "cross":
        folder, cross = out / "cross-encoder", shop.cross_encoder()
        cross.load_state_dict(weights)
        save_cross_encoder(cross.cpu(), shop.tokenizer, shop.size, folder)
    else:
        folder, bert = out / "encoder", shop.encoder()
        bert.load_state_dict(weights)
        save_encoder(bert.cpu(), shop.tokenizer, shop.size, folder)
    path = ("mlm", "contrastive", stage) if stage != "contrastive" else ("mlm", stage)
    whole = record | {
        "vocabulary": shop.tokenizer.get_vocab_size(),
        "stages": {name: stage_record(shop.keeper, name) for name in path},
        "machine": machine_name(shop.device),
    }
    write_json(whole, folder / "training.json")


def run(order: Order) -> int:
    """Train as ordered; return the exit status."""
    try:
        train(order)
    except PausedError as paused:
        log.info("%s: the same command with --resume goes on", paused)
        return PAUSED
    except (FileNotFoundError, ValueError) as error:
        log.error("%s", error)
        return 2
    return 0
