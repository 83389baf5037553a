"""Publishes the steps of a neural-network training to Gradwatch and takes its clip advice.

>>> import gradwatch.torch                              # doctest: +SKIP
>>> watch = gradwatch.torch.watch(model, optimizer)     # doctest: +SKIP
"""

from gradwatch._clipping import ClipEngagement, clip_factor
from gradwatch.advisor import Advisor, AdvisorStats
from gradwatch.context import RunContext
from gradwatch.events import (
    ClipMode,
    Log2Histogram,
    NormStage,
    RunOutcome,
    StepCompleted,
    TrainingEvent,
)
from gradwatch.publisher import Publisher, PublisherStats

__version__ = "0.1.0.dev0"

__all__ = [
    "Advisor",
    "AdvisorStats",
    "ClipEngagement",
    "ClipMode",
    "Log2Histogram",
    "NormStage",
    "Publisher",
    "PublisherStats",
    "RunContext",
    "RunOutcome",
    "StepCompleted",
    "TrainingEvent",
    "clip_factor",
]
