"""The watch over real PyTorch loops; what it tells is compared with norms taken by hand."""

from __future__ import annotations

import copy
import gc
import json
import math
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import gradwatch.torch as gt  # noqa: E402
from gradwatch import Publisher, RunOutcome  # noqa: E402
from gradwatch._torch import readback  # noqa: E402
from gradwatch._torch.gradients import Gradients  # noqa: E402
from gradwatch._torch.losses import Losses  # noqa: E402
from gradwatch._torch.watch import Watch  # noqa: E402


class Loop:
    """A small regression whose every step is known by hand as well."""

    def __init__(self, path: Path, seed: int = 0, **watch: Any) -> None:
        torch.manual_seed(seed)
        self.path = path
        self.model = torch.nn.Sequential(torch.nn.Linear(6, 9), torch.nn.Tanh(), torch.nn.Linear(9, 1))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9)
        self.watch = gt.watch(self.model, self.optimizer, "loop", local=path, **watch)
        self.norms: list[list[float]] = []
        self.losses: list[float] = []

    def backward(self, parts: int = 1) -> None:
        told = []
        for _ in range(parts):
            x = torch.randn(16, 6)
            loss = ((self.model(x) - x.sum(1, keepdim=True)) ** 2).mean()
            told.append(loss.item())
            (self.watch.loss(loss) / parts).backward()
        self.losses.append(sum(told) / parts)

    def note(self) -> None:
        self.norms.append(by_hand(self.model))

    def step(self, clip: Callable[[], object] | None = None, parts: int = 1) -> None:
        self.optimizer.zero_grad()
        self.backward(parts)
        self.note()
        if clip:
            clip()
        self.optimizer.step()

    def rows(self) -> list[dict[str, Any]]:
        self.watch.close()
        return steps(self.path)


def by_hand(model: Any) -> list[float]:
    """Norms of the two layers from their gradients, in double precision."""
    layers = [model[0], model[2]]
    return [
        math.sqrt(sum(float(p.grad.double().pow(2).sum()) for p in layer.parameters() if p.grad is not None))
        for layer in layers
    ]


def steps(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [row for row in rows if "event" not in row]


def assert_norms(rows: list[dict[str, Any]], norms: list[list[float]]) -> None:
    assert len(rows) == len(norms)
    for row, expected in zip(rows, norms, strict=True):
        assert row["layer_grad_norms"] == pytest.approx(expected, rel=1e-5)
        assert row["grad_norm"] == pytest.approx(math.hypot(*expected), rel=1e-6)


@pytest.fixture(params=["at hand", "on a device"])
def where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a device, numbers go the way of one vector that is copied to the host."""
    if request.param == "on a device":
        monkeypatch.setattr(readback, "at_hand", lambda _: False)


@pytest.mark.usefixtures("where")
def test_tells_norms_loss_and_rate_of_each_step(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    for _ in range(5):
        loop.step()
    rows = loop.rows()
    assert_norms(rows, loop.norms)
    assert [row["step"] for row in rows] == [0, 1, 2, 3, 4]
    assert [row["loss"] for row in rows] == pytest.approx(loop.losses, rel=1e-6)
    assert {row["learning_rate"] for row in rows} == {0.01}
    assert "clip_threshold" not in rows[0]


def test_norms_are_those_before_clipping_and_the_threshold_is_told(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    for _ in range(3):
        loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.05))
        assert math.hypot(*by_hand(loop.model)) == pytest.approx(0.05, rel=1e-3)
    rows = loop.rows()
    assert_norms(rows, loop.norms)
    assert {row["clip_threshold"] for row in rows} == {0.05}


IMPORTS_BY_NAME = """
import sys
import torch
from torch.nn.utils import clip_grad_norm_
import gradwatch.torch
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
gradwatch.torch.watch(model, optimizer, "named", local=sys.argv[1])
model(torch.ones(1, 3)).sum().backward()
clip_grad_norm_(model.parameters(), max_norm=0.05)
optimizer.step()
"""


def test_norms_are_those_before_clipping_where_the_function_was_imported_by_name(tmp_path: Path) -> None:
    path = tmp_path / "named.jsonl"
    subprocess.run([sys.executable, "-c", IMPORTS_BY_NAME, str(path)], check=True, timeout=120)
    assert steps(path)[0]["grad_norm"] == pytest.approx(2)
    assert json.loads(path.read_text("utf-8").splitlines()[-1])["event"] == "end"


def test_norms_are_those_before_clipping_by_value(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.step(lambda: torch.nn.utils.clip_grad_value_(loop.model.parameters(), 0.001))
    rows = loop.rows()
    assert_norms(rows, loop.norms)
    assert "clip_threshold" not in rows[0]


def test_norms_are_those_before_clipping_by_hand_where_the_loop_says_so(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")

    def clip() -> None:
        loop.watch.gradients()
        for parameter in loop.model.parameters():
            parameter.grad.mul_(0.01)

    loop.step(clip)
    assert_norms(loop.rows(), loop.norms)


def test_clipping_does_what_it_did_without_a_watch(tmp_path: Path) -> None:
    def trained(watched: bool) -> list[Any]:
        torch.manual_seed(3)
        model = torch.nn.Linear(4, 2)
        optimizer = torch.optim.Adam(model.parameters())
        if watched:
            gt.watch(model, optimizer, "bits", local=tmp_path / "bits.jsonl", details_every=2)
        for _ in range(7):
            optimizer.zero_grad()
            model(torch.randn(8, 4)).pow(2).sum().backward()
            norm = torch.nn.utils.clip_grad_norm_((p for p in model.parameters()), 0.5)
            optimizer.step()
        return [norm, *model.parameters()]

    for plain, watched in zip(trained(False), trained(True), strict=True):
        assert torch.equal(plain, watched)


@pytest.mark.usefixtures("where")
def test_accumulated_gradients_are_one_step_with_the_mean_loss(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    for _ in range(2):
        loop.step(parts=4)
    rows = loop.rows()
    assert_norms(rows, loop.norms)
    assert [row["loss"] for row in rows] == pytest.approx(loop.losses, rel=1e-6)


@pytest.mark.usefixtures("where")
def test_losses_that_the_loop_divided_are_added_up(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.watch.loss(1.5, divided=True)
    loop.watch.loss(2.0, divided=True)
    loop.optimizer.step()
    assert [row["loss"] for row in loop.rows()] == [3.5]


def test_a_loss_that_is_told_stands_before_the_one_in_an_output(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", criterion=(criterion := torch.nn.MSELoss()))
    loss = criterion(loop.model(torch.randn(4, 6)), torch.zeros(4, 1))
    loop.watch.loss(loss + 1).backward()
    loop.optimizer.step()
    assert [row["loss"] for row in loop.rows()] == pytest.approx([loss.item() + 1], rel=1e-6)


def test_clipping_to_infinity_is_no_clipping(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), math.inf))
    assert "clip_threshold" not in loop.rows()[0]


def test_an_update_that_the_loop_leaves_out_is_told_as_skipped_with_its_own_norm(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    for corrupt in (False, True, False):
        loop.optimizer.zero_grad()
        loop.backward()
        if corrupt:
            loop.model[0].weight.grad[0, 0] = math.nan
        loop.note()
        norm = torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.05)
        if torch.isfinite(norm):
            loop.optimizer.step()
    rows = loop.rows()
    assert [row.get("update_skipped", False) for row in rows] == [False, True, False]
    assert math.isnan(rows[1]["grad_norm"])
    assert [row["loss"] for row in rows] == pytest.approx(loop.losses, rel=1e-6)
    assert_norms([rows[0], rows[2]], [loop.norms[0], loop.norms[2]])


def test_the_whole_norm_alone_has_no_layers(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", layers=False)
    loop.step()
    (row,) = loop.rows()
    assert "layer_grad_norms" not in row
    assert row["grad_norm"] == pytest.approx(math.hypot(*loop.norms[0]), rel=1e-6)


def parts(model: Any) -> list[list[Any]]:
    return [list(model[0].parameters()), list(model[2].parameters())]


@pytest.mark.parametrize(
    "clip",
    [
        lambda model, _: torch.nn.utils.clip_grad_value_(model.parameters(), 0.001),
        lambda model, _: [torch.nn.utils.clip_grad_norm_(part, 0.001) for part in parts(model)],
        lambda model, _: torch.nn.utils.clip_grad_norm_(model.parameters(), 0.001, norm_type=math.inf),
        lambda model, other: torch.nn.utils.clip_grad_norm_([*model.parameters(), other], 0.001),
    ],
    ids=["by value", "part by part", "by another norm", "with more than is watched"],
)
@pytest.mark.parametrize("layers", [True, False])
def test_norms_are_those_before_clipping_however_it_clips(clip: Any, layers: bool, tmp_path: Path) -> None:
    other = torch.nn.Parameter(torch.zeros(1))
    loop = Loop(tmp_path / "run.jsonl", layers=layers, details_every=0)
    for _ in range(2):
        other.grad = torch.full((1,), 1e6)
        loop.step(lambda: clip(loop.model, other))
    told = [row["grad_norm"] for row in loop.rows()]
    assert told == pytest.approx([math.hypot(*norms) for norms in loop.norms], rel=1e-5)


def test_micro_batches_that_are_clipped_one_by_one_are_one_step(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    for _ in range(3):
        loop.optimizer.zero_grad()
        for _ in range(4):
            loop.backward()
            last = by_hand(loop.model)
            torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.5)
        loop.norms.append(last)
        loop.optimizer.step()
    rows = loop.rows()
    assert_norms(rows, loop.norms)
    assert not any("update_skipped" in row for row in rows)


def test_a_forward_pass_between_clipping_and_step_is_no_step(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")

    def clip_and_look() -> None:
        torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.5)
        loop.model(torch.randn(2, 6))

    for _ in range(3):
        loop.step(clip_and_look)
    assert_norms(loop.rows(), loop.norms)


COPIES = [
    copy.deepcopy,
    lambda model: torch.optim.swa_utils.AveragedModel(model).module,
    lambda model: pickle.loads(pickle.dumps(model)),
]


@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "averaged", "pickled"])
def test_a_watched_model_can_be_copied_and_its_copy_is_not_watched(copied: Any, tmp_path: Path) -> None:
    criterion = torch.nn.MSELoss()
    loop = Loop(tmp_path / "run.jsonl", criterion=criterion)
    twin = copied(loop.model)
    assert isinstance(copied(criterion) if copied is copy.deepcopy else criterion, torch.nn.MSELoss)
    x = torch.randn(3, 6)
    assert torch.equal(twin(x), loop.model(x))
    twin(x).sum().backward()
    loop.step()
    (row,) = loop.rows()
    assert_norms([row], loop.norms)
    assert row["loss"] == pytest.approx(loop.losses[0], rel=1e-6)


def test_a_saved_model_is_read_where_we_are_not_installed(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    saved = pickle.dumps(loop.model)
    assert b"gradwatch._torch" not in saved


def test_a_model_that_is_thrown_away_with_its_optimizer_is_freed(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.step()
    model = weakref.ref(loop.model)
    loop.watch.publisher.close()
    del loop
    gc.collect()
    assert model() is None


def test_two_watches_of_one_model_both_hear_of_clipping(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    second = gt.watch(loop.model, loop.optimizer, "again", local=tmp_path / "again.jsonl")
    loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.05))
    second.close()
    assert_norms(loop.rows(), loop.norms)
    assert_norms(steps(tmp_path / "again.jsonl"), loop.norms)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"grouping": "foo"}, "grouping is 'foo'"),
        ({"grouping": lambda name: None}, "grouping makes None"),
        ({"details_every": -1}, "details_every is -1"),
        ({"first_step": -3}, "first_step is -3"),
        ({"clip_threshold": "q"}, "could not convert"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings: dict[str, Any], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=complaint):
        Loop(tmp_path / "run.jsonl", **settings)


def test_a_model_with_nothing_to_train_is_refused(tmp_path: Path) -> None:
    model = torch.nn.Linear(2, 1).requires_grad_(False)
    with pytest.raises(ValueError, match="no parameter that is trained"):
        gt.watch(model, torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1), "r", local=tmp_path / "r.jsonl")


def test_the_whole_norm_alone_is_that_which_clipping_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Loop(tmp_path / "run.jsonl", layers=False, details_every=0)
    monkeypatch.setattr(loop.watch, "_take_gradients", lambda *_: pytest.fail("took it again"))
    loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.05))
    (row,) = loop.rows()
    assert row["grad_norm"] == pytest.approx(math.hypot(*loop.norms[0]), rel=1e-6)


def test_the_whole_norm_is_of_all_gradients_where_only_some_were_clipped(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", layers=False, details_every=0)
    loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model[0].parameters(), 1e9))
    (row,) = loop.rows()
    assert row["grad_norm"] == pytest.approx(math.hypot(*loop.norms[0]), rel=1e-6)


@pytest.mark.usefixtures("where")
def test_details_come_every_so_many_steps(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", details_every=3)
    weights = []
    for _ in range(4):
        before = [p.detach().clone() for p in loop.model.parameters()]
        loop.step()
        weights.append((before, [p.detach().clone() for p in loop.model.parameters()]))
    rows = loop.rows()
    assert [i for i, row in enumerate(rows) if "layer_weight_norms" in row] == [0, 3]
    for i in (0, 3):
        before, after = weights[i]
        moved = [b - a for a, b in zip(before, after, strict=True)]
        for name, tensors in (("layer_weight_norms", after), ("layer_update_norms", moved)):
            expected = [
                math.hypot(*(float(t.norm()) for t in tensors[:2])),
                math.hypot(*(float(t.norm()) for t in tensors[2:])),
            ]
            assert rows[i][name] == pytest.approx(expected, rel=1e-5)
    assert rows[0]["layer_zero_fractions"] == [0, 0]
    assert rows[0]["grad_abs_max"] > 0


@pytest.mark.usefixtures("where")
def test_zero_fractions_and_gradients_that_are_not_there(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", details_every=1)
    loop.optimizer.zero_grad()
    loop.backward()
    loop.model[2].weight.grad[0, :3] = 0
    loop.model[0].bias.grad = None
    loop.note()
    loop.optimizer.step()
    (row,) = loop.rows()
    assert_norms([row], loop.norms)
    assert row["layer_zero_fractions"] == pytest.approx([0, 3 / 10])


@pytest.mark.usefixtures("where")
def test_a_histogram_holds_every_component_in_its_power_of_two(tmp_path: Path) -> None:
    taken = []
    publisher = Publisher("h", local=tmp_path / "h.jsonl")
    publisher.publish = lambda step, body, at=None: taken.append(body)  # type: ignore[method-assign]
    parameter = torch.nn.Parameter(torch.zeros(8))
    model = torch.nn.ParameterList([parameter])
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    gt.watch(model, optimizer, publisher=publisher, details_every=1)
    parameter.grad = torch.tensor([0.0, 1.0, -1.5, 2.0, 0.25, -0.49, 1e-30, float("nan")])
    optimizer.step()
    histogram = taken[0].histogram
    counts = {histogram.min_exponent + i: n for i, n in enumerate(histogram.counts) if n}
    assert counts == {-60: 1, -2: 2, 0: 2, 1: 1}
    assert (histogram.zeros, histogram.nonfinite) == (1, 1)


def test_a_histogram_of_a_large_model_samples_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradwatch._torch import histogram

    monkeypatch.setattr(histogram, "SAMPLE", 100)
    counts = histogram.log2_counts([torch.ones(150), torch.full((150,), 4.0), torch.zeros(30)])
    told = histogram.histogram_of(counts.tolist())
    assert told is not None
    assert told.min_exponent == 0
    assert told.counts == [152, 0, 152]
    assert told.zeros == 32


def test_the_largest_component_is_of_all_tensors() -> None:
    from gradwatch._torch.norms import largest_component

    assert largest_component([torch.tensor([1.0, -7.0]), torch.tensor([[3.0]]), torch.zeros(0)]).item() == 7


@pytest.mark.usefixtures("where")
def test_names_the_tensors_that_hold_nan_or_infinity(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.step()
    loop.optimizer.zero_grad()
    loop.backward()
    loop.model[2].weight.grad[0, :4] = math.inf
    loop.optimizer.step()
    row = loop.rows()[1]
    assert row["nonfinite_count"] == 4
    assert row["metrics"] == {"nonfinite/2.weight": 4}
    assert math.isfinite(row["layer_grad_norms"][0])
    assert row["layer_grad_norms"][1] == math.inf


def test_layers_have_their_plain_names_however_the_model_is_wrapped() -> None:
    from gradwatch._torch.layers import Layers, plain_name

    assert plain_name("module._orig_mod.block.0._fsdp_wrapped_module.attention.weight") == "block.0.attention.weight"
    model = torch.nn.ModuleDict({"a": torch.nn.Linear(2, 2), "b": torch.nn.Linear(2, 2, bias=False)})
    model["a"].bias.requires_grad_(False)
    assert Layers.of(model.named_parameters()).names == ["a", "b"]
    assert Layers.of(model.named_parameters(), "parameter").names == ["a.weight", "b.weight"]
    assert Layers.of(model.named_parameters(), lambda name: "all").names == ["all"]


def test_a_step_with_a_closure_tells_the_gradients_that_came_within_it(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")

    def closure() -> float:
        loop.optimizer.zero_grad()
        loop.backward()
        loop.note()
        return loop.losses[-1]

    for _ in range(2):
        loop.optimizer.step(closure)
    assert_norms(loop.rows(), loop.norms)


def test_a_step_with_a_closure_tells_what_it_did_to_the_weights(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl", details_every=1)
    before = [parameter.detach().clone() for parameter in loop.model.parameters()]
    loop.optimizer.step(loop.backward)
    moved = [float((new - old).double().pow(2).sum()) for new, old in zip(loop.model.parameters(), before, strict=True)]
    expected = [math.sqrt(moved[0] + moved[1]), math.sqrt(moved[2] + moved[3])]
    assert min(expected) > 0
    assert loop.rows()[0]["layer_update_norms"] == pytest.approx(expected, rel=1e-3)


def test_schedulers_made_after_the_watch_still_work(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    scheduler = torch.optim.lr_scheduler.StepLR(loop.optimizer, 1, gamma=0.5)
    for _ in range(3):
        loop.step()
        scheduler.step()
    assert [row["learning_rate"] for row in loop.rows()] == [0.01, 0.005, 0.0025]


def test_a_restored_optimizer_goes_on_counting(tmp_path: Path) -> None:
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(7):
        model(torch.ones(1, 2)).sum().backward()
        optimizer.step()
    restored = torch.optim.Adam(model.parameters())
    restored.load_state_dict(optimizer.state_dict())
    watch = gt.watch(model, restored, "resumed", local=tmp_path / "r.jsonl", attempt=1)
    restored.step()
    watch.close()
    assert [(row["step"], row["attempt"]) for row in steps(tmp_path / "r.jsonl")] == [(7, 1)]


def test_a_criterion_tells_the_loss_in_training_and_not_in_evaluation(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model, criterion = torch.nn.Linear(3, 1), torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watch = gt.watch(model, optimizer, "c", local=tmp_path / "c.jsonl", criterion=criterion)
    x = torch.randn(4, 3)
    loss = criterion(model(x), x.sum(1, keepdim=True))
    loss.backward()
    model.eval()
    criterion(model(100 * x), torch.zeros(4, 1))
    optimizer.step()
    watch.close()
    assert steps(tmp_path / "c.jsonl")[0]["loss"] == pytest.approx(loss.item())


class FakeScaler:
    """A GradScaler's contract, as PyTorch's own needs a GPU before 2.3: scales, unscales, skips, updates."""

    def __init__(self, scale: float) -> None:
        self._scale = torch.tensor(scale)
        self._unscaled = self._overflowed = False

    def scale(self, loss: Any) -> Any:
        return loss * self._scale

    def unscale_(self, optimizer: Any) -> None:
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"]]
        for gradient in gradients:
            gradient.div_(self._scale)
        self._unscaled = True
        self._overflowed = not all(bool(torch.isfinite(gradient).all()) for gradient in gradients)

    def step(self, optimizer: Any) -> None:
        if not self._unscaled:
            self.unscale_(optimizer)
        if not self._overflowed:
            optimizer.step()

    def update(self) -> None:
        if self._overflowed:
            self._scale = self._scale / 2
        self._unscaled = self._overflowed = False


SCALERS: list[Callable[[], Any]] = [lambda: FakeScaler(256.0)]
if hasattr(torch, "amp") and hasattr(torch.amp, "GradScaler"):
    SCALERS.append(lambda: torch.amp.GradScaler("cpu", init_scale=256.0))


@pytest.mark.parametrize("clipped", [False, True])
@pytest.mark.parametrize("scalers", SCALERS, ids=["contract", "real"][: len(SCALERS)])
def test_steps_that_the_scaler_skips_are_told_with_its_scale_and_norms_as_they_are_unscaled(
    scalers: Callable[[], Any], clipped: bool, tmp_path: Path
) -> None:
    scaler = scalers()
    loop = Loop(tmp_path / "run.jsonl", scaler=scaler)
    for overflow in (False, True, False):
        loop.optimizer.zero_grad()
        x = torch.randn(16, 6)
        loss = loop.watch.loss(loop.model(x).pow(2).mean())
        loss.backward()
        loop.note()
        loop.optimizer.zero_grad()
        scaler.scale(loop.model(x).pow(2).mean()).backward()
        if overflow:
            loop.model[0].weight.grad[0, 0] = math.inf
        if clipped:
            scaler.unscale_(loop.optimizer)
            torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.01)
        scaler.step(loop.optimizer)
        scaler.update()
    rows = loop.rows()
    assert [row["step"] for row in rows] == [0, 1, 2]
    assert [row.get("update_skipped", False) for row in rows] == [False, True, False]
    assert [row["loss_scale"] for row in rows] == [256, 256, 128]
    assert math.isinf(rows[1]["grad_norm"])
    assert_norms([rows[0], rows[2]], [loop.norms[0], loop.norms[2]])


BREAKABLE = [(Watch, "_take_gradients"), (Watch, "_report"), (Losses, "tell"), (Gradients, "copy_of_weights")]


def test_nothing_that_the_watch_does_wrong_reaches_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trained(broken: bool) -> list[Any]:
        loop = Loop(tmp_path / f"{broken}.jsonl", details_every=1)
        if broken:
            for owner, name in BREAKABLE:
                monkeypatch.setattr(owner, name, lambda *_a, **_k: 1 / 0)
        for _ in range(3):
            loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.5))
        loop.watch.close(RunOutcome.FAILED)
        return list(loop.model.parameters())

    for plain, broken in zip(trained(False), trained(True), strict=True):
        assert torch.equal(plain, broken)


def test_a_closed_watch_hears_nothing_more(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "run.jsonl")
    loop.step()
    loop.watch.close()
    loop.step(lambda: torch.nn.utils.clip_grad_norm_(loop.model.parameters(), 0.5))
    assert len(steps(loop.path)) == 1


def test_half_precision_norms_do_not_overflow() -> None:
    from gradwatch._torch.norms import LayerNorms

    large = torch.full((64,), 30_000.0, dtype=torch.float16)
    norms = LayerNorms([0, 0], 1).of([large, torch.full((4,), 3.0, dtype=torch.bfloat16)])
    assert norms[0].item() == pytest.approx(math.hypot(240_000, 6), rel=1e-3)


def test_layers_whose_squares_overflow_single_precision_stay_finite() -> None:
    from gradwatch._torch.norms import LayerNorms

    large = torch.full((1,), 1.5e19)
    norms = LayerNorms([0, 0], 1).of([large, large])
    assert norms.tolist() == pytest.approx([1.5e19 * math.sqrt(2)] * 2, rel=1e-6)


def test_sparse_gradients_count_each_row_once(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = torch.nn.Embedding(10, 3, sparse=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watch = gt.watch(model, optimizer, "sparse", local=tmp_path / "s.jsonl", details_every=1)
    model(torch.tensor([1, 1, 4])).pow(2).sum().backward()
    expected = float(model.weight.grad.to_dense().norm())
    optimizer.step()
    watch.close()
    assert steps(tmp_path / "s.jsonl")[0]["grad_norm"] == pytest.approx(expected)


def test_other_ranks_do_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "2")
    loop = Loop(tmp_path / "run.jsonl")
    monkeypatch.setattr(loop.watch, "_take_gradients", lambda *_: pytest.fail("worked"))
    loop.step()
    assert loop.watch.step == 1
    assert not loop.path.exists()


def test_tensors_that_change_their_kind_are_looked_at_again() -> None:
    from gradwatch._torch.norms import LayerNorms

    norms = LayerNorms([0, 1], 2)
    ones = torch.ones(4)
    assert norms.of([ones, 2 * ones]).tolist() == pytest.approx([2, 4, math.hypot(2, 4)])
    assert norms.of([ones, None]).tolist() == pytest.approx([2, 0, 2])
    assert norms.of([ones, torch.ones(2, 2).to_sparse()]).tolist() == pytest.approx([2, 2, math.hypot(2, 2)])
    large = torch.full((64,), 30_000.0, dtype=torch.float16)
    assert norms.of([large, large]).tolist() == pytest.approx(
        [240_000, 240_000, math.hypot(240_000, 240_000)], rel=1e-3
    )


def test_half_precision_from_one_step_to_the_next_does_not_overflow() -> None:
    from gradwatch._torch.norms import LayerNorms

    norms = LayerNorms([0, 1], 2)
    norms.of([torch.ones(4), torch.ones(4)])
    large = torch.full((64,), 30_000.0, dtype=torch.float16)
    assert norms.of([large, large])[0].item() == pytest.approx(240_000, rel=1e-3)
