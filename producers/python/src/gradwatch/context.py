"""Who this process is, as its launcher says in the environment."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gradwatch import limits

_RUN_IDS = (
    ("GRADWATCH_RUN_ID", ""),
    ("RUN_ID", ""),
    ("WANDB_RUN_ID", ""),
    ("SLURM_ARRAY_JOB_ID", "slurm-"),
    ("SLURM_JOB_ID", "slurm-"),
    ("TORCHELASTIC_RUN_ID", ""),
)
_DIGITS = 10
_NO_ID = ("none",)  # what torchrun says where nobody named the run
_RESTARTS = ("SLURM_RESTART_COUNT", "TORCHELASTIC_RESTART_COUNT")
_RANKS = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK")
_WORLD_SIZES = ("WORLD_SIZE", "SLURM_NTASKS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE")
_TAGS = {
    "slurm_job": "SLURM_JOB_ID",
    "slurm_node": "SLURMD_NODENAME",
    "partition": "SLURM_JOB_PARTITION",
    "cluster": "SLURM_CLUSTER_NAME",
}


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the environment says of this process.

    Attributes:
        run_id: ``GRADWATCH_RUN_ID``, ``RUN_ID``, ``WANDB_RUN_ID``, the job of SLURM (``slurm-``JOB, an array's task
            after a dash) or the run of torchrun; made up from host and time where nobody says.
        made_up: whether the run id was made up. Ranks of one training would make up different ones.
        attempt: ``GRADWATCH_ATTEMPT``, else how often SLURM and torchrun restarted it, added up.
        rank: 0 to ``world_size`` - 1; 0 where nobody says.
        world_size: number of processes that train together; 1 where nobody says.
        project: ``GRADWATCH_PROJECT``.
        tags: host and job, for the run's tags.

    """

    run_id: str
    made_up: bool
    attempt: int
    rank: int
    world_size: int
    project: str
    tags: Mapping[str, str]

    @staticmethod
    def of(environment: Mapping[str, str] | None = None) -> RunContext:
        """Read the environment; a value that is no number counts as not said, as a launcher's slip is no bug of ours.

        Raises:
            ValueError: ``GRADWATCH_RUN_ID``, ``GRADWATCH_ATTEMPT`` or ``GRADWATCH_PROJECT`` cannot be used.

        """
        env = os.environ if environment is None else environment
        run_id = _run_id(env)
        host = socket.gethostname() or "host"
        tags = {"host": host} | {tag: env[name] for tag, name in _TAGS.items() if env.get(name)}
        world_size = max(1, _first(env, _WORLD_SIZES, 1))
        rank = _first(env, _RANKS, 0)
        return RunContext(
            run_id=run_id or f"{limits.cut(host, 100)}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}",
            made_up=run_id is None,
            attempt=_attempt(env),
            rank=rank if rank < world_size else 0,
            world_size=world_size,
            project=limits.check_project(env.get("GRADWATCH_PROJECT") or limits.DEFAULT_PROJECT),
            tags=tags,
        )


def _run_id(env: Mapping[str, str]) -> str | None:
    for name, prefix in _RUN_IDS:
        said = env.get(name, "").strip()
        if not said or said.lower() in _NO_ID:
            continue
        task = env.get("SLURM_ARRAY_TASK_ID", "") if name == "SLURM_ARRAY_JOB_ID" else ""
        run_id = prefix + said + ("-" + task if task else "")
        try:
            return limits.check_run_id(run_id)
        except ValueError as e:
            if name == "GRADWATCH_RUN_ID":
                raise ValueError(f"GRADWATCH_RUN_ID: {e}") from None
    return None


def _attempt(env: Mapping[str, str]) -> int:
    said = env.get("GRADWATCH_ATTEMPT")
    if said:
        attempt = _number(said)
        if attempt is None:
            raise ValueError(f"GRADWATCH_ATTEMPT is {said[:80]!r}, must be an integer of at least 0")
        return attempt
    return sum(_number(env.get(name)) or 0 for name in _RESTARTS)


def _first(env: Mapping[str, str], names: tuple[str, ...], otherwise: int) -> int:
    numbers = (_number(env.get(name)) for name in names)
    return next((number for number in numbers if number is not None), otherwise)


def _number(text: str | None) -> int | None:
    if not text or not text.isdecimal() or len(text) > _DIGITS:
        return None
    number = int(text)
    return number if number <= limits.MAX_ATTEMPT else None
