"""Which parameters make a layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from gradwatch import limits

Grouping: TypeAlias = Literal["module", "parameter"] | Callable[[str], str]
"""A layer is a module with its own parameters, each parameter, or what a function makes of a parameter's name."""

_WRAPPERS = re.compile(r"(?:^|(?<=\.))(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")


@dataclass(frozen=True, slots=True)
class Layers:
    """The trainable parameters of a model and the layers they belong to, in the order of their definition.

    Attributes:
        names: of the layers.
        parameters: those that were trainable when this was made.
        parameter_names: of the same, without what wrappers (DDP, FSDP, compile) put before them.
        index: number of each one's layer.
    """

    names: list[str]
    parameters: list[Any]
    parameter_names: list[str]
    index: list[int]

    @staticmethod
    def of(named_parameters: Iterable[tuple[str, Any]], grouping: Grouping = "module") -> Layers:
        """Group parameters; layers beyond the 16,384 of the contract are counted with the last of them."""
        numbers: dict[str, int] = {}
        parameters, parameter_names, index = [], [], []
        for full_name, parameter in named_parameters:
            if not parameter.requires_grad:
                continue
            name = plain_name(full_name)
            layer = _layer(name, grouping)
            number = numbers.setdefault(layer, len(numbers)) if len(numbers) < limits.MAX_LAYERS else len(numbers) - 1
            parameters.append(parameter)
            parameter_names.append(name)
            index.append(number)
        return Layers(list(numbers), parameters, parameter_names, index)


def plain_name(name: str) -> str:
    """A parameter's name without the wrappers' parts: the same layer has the same name however it is wrapped."""
    return _WRAPPERS.sub("", name.removeprefix("module."))


def _layer(name: str, grouping: Grouping) -> str:
    if callable(grouping):
        layer = grouping(name)
        if not isinstance(layer, str):
            raise ValueError(f"grouping makes {layer!r} of {name!r}, must be a layer's name")
        return layer
    if grouping not in ("module", "parameter"):
        raise ValueError(f"grouping is {grouping!r}, must be 'module', 'parameter' or a function of a name")
    if grouping == "parameter":
        return name
    return name.rpartition(".")[0] or name
