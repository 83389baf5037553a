"""Where an optimizer's step begins and ends, and where PyTorch's functions clip gradients."""

from __future__ import annotations

import functools
import sys
import types
import weakref
from collections.abc import Callable, Iterable, Sequence
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


class Clips(Protocol):
    """Hears of clipping."""

    def before_clip(self, max_norm: Any) -> None:
        """Gradients are about to be clipped by their global norm (None: by value)."""

    def after_clip(self, parameters: Sequence[Any], norm: Any) -> None:
        """They were; their global L2 norm was this before."""


_clipped: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""Watches by the id of each parameter they watch."""

_originals: dict[str, Any] = {}


def on_clip(parameters: Iterable[Any], hears: Clips) -> None:
    """Call back before PyTorch's functions clip any of these parameters.

    They are replaced wherever a module that is loaded holds them, so that a training that has imported one by name is
    heard as well. A replaced function does what it did before, with the same result.
    """
    for parameter in parameters:
        _clipped[id(parameter)] = hears
    if not _originals:
        for name in ("clip_grad_norm_", "clip_grad_value_", "clip_grads_with_norm_"):
            original = getattr(torch.nn.utils, name, None)
            if original is not None:
                _originals[name] = original
                _replace(original, _heard(original, by_value=name == "clip_grad_value_"))


def _heard(original: Any, by_value: bool) -> Any:
    @functools.wraps(original)
    def clip(parameters: Any, *args: Any, **kwargs: Any) -> Any:
        clipped = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)  # it may be a generator
        hears = _clipped.get(id(clipped[0])) if clipped else None
        if hears is None:
            return original(clipped, *args, **kwargs)
        max_norm = None if by_value else args[0] if args else kwargs.get("max_norm")
        quietly(hears.before_clip, max_norm)
        result = original(clipped, *args, **kwargs)
        norm_type = args[1] if len(args) > 1 else kwargs.get("norm_type", 2.0)
        if isinstance(result, torch.Tensor) and norm_type == 2:
            quietly(hears.after_clip, clipped, result)
        return result

    return clip


def _replace(original: Any, by: Any) -> None:
    for module in list(sys.modules.values()):
        if isinstance(module, types.ModuleType):
            for name in [name for name, value in list(vars(module).items()) if value is original]:
                setattr(module, name, by)
