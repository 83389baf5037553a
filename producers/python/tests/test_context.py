"""What launchers say of a process."""

from __future__ import annotations

import pytest

from gradwatch import RunContext

SLURM = {"SLURM_JOB_ID": "77", "SLURM_PROCID": "3", "SLURM_NTASKS": "8", "SLURMD_NODENAME": "gpu-7"}
TORCHRUN = {"TORCHELASTIC_RUN_ID": "bert", "TORCHELASTIC_RESTART_COUNT": "2", "RANK": "5", "WORLD_SIZE": "16"}


@pytest.mark.parametrize(
    ("environment", "run_id"),
    [
        ({"SLURM_JOB_ID": "77"}, "slurm-77"),
        ({"SLURM_JOB_ID": "79", "SLURM_ARRAY_JOB_ID": "77", "SLURM_ARRAY_TASK_ID": "2"}, "slurm-77-2"),
        (TORCHRUN, "bert"),
        (TORCHRUN | SLURM, "slurm-77"),
        (TORCHRUN | SLURM | {"WANDB_RUN_ID": "x1y2"}, "x1y2"),
        (SLURM | {"RUN_ID": "mine", "WANDB_RUN_ID": "x1y2"}, "mine"),
        (SLURM | {"GRADWATCH_RUN_ID": " ours ", "RUN_ID": "mine"}, "ours"),
        (SLURM | {"RUN_ID": "a\nb"}, "slurm-77"),
        (SLURM | {"RUN_ID": "x" * 300}, "slurm-77"),
        (SLURM | {"RUN_ID": "  "}, "slurm-77"),
    ],
)
def test_a_run_is_called_as_its_launcher_calls_it(environment: dict[str, str], run_id: str) -> None:
    context = RunContext.of(environment)

    assert (context.run_id, context.made_up) == (run_id, False)


@pytest.mark.parametrize("environment", [{}, {"TORCHELASTIC_RUN_ID": "none"}])
def test_a_name_is_made_up_where_nobody_gives_one(environment: dict[str, str]) -> None:
    one, other = RunContext.of(environment), RunContext.of(environment)

    assert one.made_up
    assert one.run_id != other.run_id


@pytest.mark.parametrize(
    ("environment", "attempt"),
    [
        ({}, 0),
        ({"SLURM_RESTART_COUNT": "2"}, 2),
        ({"TORCHELASTIC_RESTART_COUNT": "3"}, 3),
        ({"SLURM_RESTART_COUNT": "2", "TORCHELASTIC_RESTART_COUNT": "3"}, 5),
        ({"SLURM_RESTART_COUNT": "2", "GRADWATCH_ATTEMPT": "1"}, 1),
        ({"SLURM_RESTART_COUNT": "many"}, 0),
        ({"SLURM_RESTART_COUNT": "-1"}, 0),
        ({"SLURM_RESTART_COUNT": ""}, 0),
        ({"SLURM_RESTART_COUNT": "9" * 5_000}, 0),
        ({"SLURM_RESTART_COUNT": "2147483648"}, 0),
    ],
)
def test_restarts_are_attempts(environment: dict[str, str], attempt: int) -> None:
    assert RunContext.of(environment).attempt == attempt


@pytest.mark.parametrize(
    ("environment", "rank", "world_size"),
    [
        ({}, 0, 1),
        (SLURM, 3, 8),
        (TORCHRUN, 5, 16),
        (SLURM | TORCHRUN, 5, 16),
        ({"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"}, 1, 2),
        ({"PMI_RANK": "1", "PMI_SIZE": "2"}, 1, 2),
        ({"SLURM_NTASKS": "8"}, 0, 8),
        ({"RANK": "x", "WORLD_SIZE": "y"}, 0, 1),
        ({"RANK": "-1", "WORLD_SIZE": "0"}, 0, 1),
        ({"RANK": "9" * 5_000, "WORLD_SIZE": "9" * 5_000}, 0, 1),
        ({"RANK": "5", "WORLD_SIZE": "4"}, 0, 4),
        (SLURM | {"RANK": "5"}, 5, 8),
    ],
)
def test_ranks_are_those_of_the_innermost_launcher(environment: dict[str, str], rank: int, world_size: int) -> None:
    context = RunContext.of(environment)

    assert (context.rank, context.world_size) == (rank, world_size)


def test_tags_say_where_a_run_is() -> None:
    tags = RunContext.of(SLURM | {"SLURM_JOB_PARTITION": "a100", "SLURM_CLUSTER_NAME": "north"}).tags

    assert tags.keys() == {"host", "slurm_job", "slurm_node", "partition", "cluster"}
    assert (tags["slurm_job"], tags["partition"], tags["cluster"]) == ("77", "a100", "north")


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"GRADWATCH_RUN_ID": "a\nb"}, "GRADWATCH_RUN_ID: run id at 1 is control character"),
        ({"GRADWATCH_ATTEMPT": "two"}, "GRADWATCH_ATTEMPT is 'two', must be an integer of at least 0"),
        ({"GRADWATCH_ATTEMPT": "9" * 5_000}, "GRADWATCH_ATTEMPT is '999"),
        ({"GRADWATCH_PROJECT": "Vision"}, "project is 'Vision'"),
    ],
)
def test_what_is_said_to_us_must_be_right(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        RunContext.of(environment)
