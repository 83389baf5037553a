"""Where an optimizer's step begins and ends, and where PyTorch's functions clip gradients."""

from __future__ import annotations

import functools
import sys
import types
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from gradwatch._log import SparseLog

_LOG = SparseLog()


def on_step(optimizer: Any, before: Callable[[bool], None], after: Callable[[], None]) -> Callable[[], None]:
    """Call back around each step of an optimizer; ``before`` hears whether gradients come from a closure inside it.

    Returns:
        What takes the hooks away again.
    """
    if hasattr(optimizer, "register_step_pre_hook"):  # PyTorch 2.0

        def pre_hook(_optimizer: Any, args: Any, kwargs: Any) -> None:
            quietly(before, _closure(args[1:], kwargs))  # the optimizer itself is the first of them

        def post_hook(_optimizer: Any, _args: Any, _kwargs: Any) -> None:
            quietly(after)

        handles = [optimizer.register_step_pre_hook(pre_hook), optimizer.register_step_post_hook(post_hook)]

        def remove_hooks() -> None:
            for handle in handles:
                handle.remove()

        return remove_hooks
    step = optimizer.step
    watching = True

    @functools.wraps(step)
    def watched(_self: Any, *args: Any, **kwargs: Any) -> Any:
        if watching:
            quietly(before, _closure(args, kwargs))
        result = step(*args, **kwargs)
        if watching:
            quietly(after)
        return result

    # A bound method, as schedulers take its __self__ and __func__ apart.
    optimizer.step = types.MethodType(watched, optimizer)

    def remove() -> None:
        nonlocal watching
        watching = False  # others may have wrapped it since: it stays, and does nothing

    return remove


def _closure(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return (args[0] if args else kwargs.get("closure")) is not None


def quietly(call: Callable[..., Any], *args: Any) -> None:
    """Call what must not end a training, whatever it does."""
    try:
        call(*args)
    except Exception as e:  # also the device's, such as out of memory
        _LOG.tell(f"{getattr(call, '__qualname__', 'gradwatch')} failed, the step goes on", f"{type(e).__name__}: {e}")


def on_zero_grad(optimizer: Any, call: Callable[[], None]) -> Callable[[], None]:
    """Call back before an optimizer empties its gradients; returns what takes the hook away again."""
    zero_grad = optimizer.zero_grad
    watching = True

    @functools.wraps(zero_grad)
    def watched(_self: Any, *args: Any, **kwargs: Any) -> Any:
        if watching:
            quietly(call)
        return zero_grad(*args, **kwargs)

    optimizer.zero_grad = types.MethodType(watched, optimizer)  # as with step

    def remove() -> None:
        nonlocal watching
        watching = False

    return remove


def on_update(scaler: Any, hear: Callable[[], None]) -> Callable[[], None]:
    """Call back at each update of a loss scaler."""
    update = scaler.update

    def heard(_self: Any, *args: Any, **kwargs: Any) -> Any:
        quietly(hear)
        return update(*args, **kwargs)

    scaler.update = types.MethodType(heard, scaler)

    def remove() -> None:
        scaler.update = update

    return remove


def on_output(module: Any, watch: Any, method: str) -> Callable[[], None]:
    """Call a watch's method with a module and its output; returns what takes the hook away again.

    A copy of the module, pickled or not, is not watched: the hook stays behind.
    """
    handle = module.register_forward_hook(_OutputHook(watch, method))

    def remove() -> None:
        handle.remove()

    return remove


class _OutputHook:
    """A forward hook that holds nothing: the module may be copied, saved and thrown away."""

    def __init__(self, watch: Any, method: str) -> None:
        self._watch = weakref.ref(watch)
        self._method = method

    def __call__(self, module: Any, _inputs: Any, output: Any) -> None:
        watch = self._watch()
        if watch is not None:
            quietly(getattr(watch, self._method), module, output)

    def __reduce__(self) -> tuple[Any, ...]:
        # What a copy has instead: of Python's own library, so that a saved model is read where we are not installed.
        # It takes any arguments and does nothing, unless somebody audits the process.
        return functools.partial, (sys.audit, "gradwatch.unwatched")


class Clips(Protocol):
    """Hears of clipping."""

    def before_clip(self, clipping: Clipping) -> None:
        """Gradients are about to be clipped."""

    def after_clip(self, clipping: Clipping, norm: Any) -> None:
        """They were, by their global L2 norm, which was this before."""


@dataclass(frozen=True, slots=True)
class Clipping:
    """A call that clips.

    Attributes:
        parameters: whose gradients it clips.
        max_norm: the threshold of their global norm; None: of another kind.
        tells_norm: whether it returns their global L2 norm.
    """

    parameters: Sequence[Any]
    max_norm: Any
    tells_norm: bool


_clipped: dict[int, weakref.WeakSet[Any]] = {}
"""Watches by the id of each parameter they watch, and keep."""

_originals: dict[str, Any] = {}


def on_clip(parameters: Iterable[Any], hears: Clips) -> None:
    """Call back before PyTorch's functions clip any of these parameters.

    They are replaced wherever a module that is loaded holds them, so that a training that has imported one by name is
    heard as well. A replaced function does what it did before, with the same result.
    """
    for known in [known for known, watches in _clipped.items() if not watches]:
        del _clipped[known]
    for parameter in parameters:
        _clipped.setdefault(id(parameter), weakref.WeakSet()).add(hears)
    if not _originals:
        for name in ("clip_grad_norm_", "clip_grad_value_", "clip_grads_with_norm_"):
            original = getattr(torch.nn.utils, name, None)
            if original is not None:
                _originals[name] = original
                _replace(original, _heard(original, name))


def _heard(original: Any, name: str) -> Any:
    @functools.wraps(original)
    def clip(parameters: Any, *args: Any, **kwargs: Any) -> Any:
        clipped = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)  # it may be a generator
        watches = {watch for parameter in clipped[:1] for watch in _clipped.get(id(parameter), ())}
        if not watches:
            return original(clipped, *args, **kwargs)
        clipping = _clipping(name, clipped, args, kwargs)
        for watch in watches:
            quietly(watch.before_clip, clipping)
        result = original(clipped, *args, **kwargs)
        if clipping.tells_norm and isinstance(result, torch.Tensor):
            for watch in watches:
                quietly(watch.after_clip, clipping, result)
        return result

    return clip


def _clipping(name: str, clipped: Sequence[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Clipping:
    max_norm = None if name == "clip_grad_value_" else args[0] if args else kwargs.get("max_norm")
    norm_type = args[1] if len(args) > 1 else kwargs.get("norm_type", 2.0)
    return Clipping(clipped, max_norm, name == "clip_grad_norm_" and norm_type == 2)


def _replace(original: Any, by: Any) -> None:
    for module in list(sys.modules.values()):
        if isinstance(module, types.ModuleType):
            for name in [name for name, value in list(vars(module).items()) if value is original]:
                setattr(module, name, by)
