"""Publishers for tests: what they hand over can be held back, and seen as Java would read it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gradwatch import Publisher, wire
from gradwatch.context import RunContext
from gradwatch.events import TrainingEvent

AMPLE = 120.0
"""Seconds for what takes a moment."""

ALONE = RunContext("run", made_up=False, attempt=0, rank=0, world_size=1, project="default", tags={})


class HeldSink:
    """Takes events as bytes, once it is told to."""

    def __init__(self, *, held: bool = False) -> None:
        self.values: list[bytes] = []
        self.asked = threading.Event()
        self._free = threading.Event()
        self._codec = wire.codec("TrainingEvent")
        self._told: Callable[[bool], None] = lambda taken: None
        if not held:
            self._free.set()

    def __call__(self, told: Callable[[bool], None]) -> HeldSink:
        self._told = told
        return self

    def let_go(self) -> None:
        self._free.set()

    def send(self, event: TrainingEvent) -> bool:
        self.asked.set()
        assert self._free.wait(AMPLE)
        self.values.append(wire.encode_event(event))
        self._told(True)
        return True

    def poll(self) -> None:
        pass

    def flush(self, seconds: float) -> None:
        pass

    def close(self) -> None:
        pass

    def read(self) -> list[dict[str, Any]]:
        return [self._codec.decode(value) for value in self.values]

    def bodies(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and fields of the bodies; a name is told by what only this body has."""
        return [(_name(datum["body"]), datum["body"]) for datum in self.read()]


def _name(body: dict[str, Any]) -> str:
    marks = {
        "layer_names": "RunStarted", "grad_norm": "StepCompleted", "uri": "CheckpointSaved",
        "made_at_step": "AdviceApplied", "outcome": "RunEnded", "loss": "EvaluationCompleted",
    }  # fmt: skip
    return next((name for field, name in marks.items() if field in body), "Heartbeat")


def publishing(*, sink: HeldSink | None = None, **settings: Any) -> tuple[Publisher, HeldSink]:
    """A publisher of run "run" with such a sink in Kafka's place."""
    sink = sink or HeldSink()
    settings.setdefault("context", ALONE)
    publisher = Publisher(settings.pop("run_id", "run"), handle_sigterm=False, **settings)
    publisher._outbox.connect = sink
    return publisher, sink
