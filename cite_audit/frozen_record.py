"""`dataclass(frozen=True, slots=True)`, made by one compilation instead of six, and that at the first object.

Before Python 3.13 the standard decorator compiles every method of every class by itself, 1 ms a class: for the eighty
records of an offline command as long as reading a report of a hundred notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

__all__ = ["frozen_record"]

_Class = TypeVar("_Class", bound=type)


@overload
def frozen_record(cls: _Class, /) -> _Class: ...
@overload
def frozen_record(*, kw_only: bool = False) -> Callable[[_Class], _Class]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen_record(cls: Any = None, /, *, kw_only: bool = False) -> Any:
    """A class as a dataclass with slots whose fields cannot be set: equal, hashed and pickled by its fields.

    What `dataclasses` has for dataclasses (`replace`, `fields`, `asdict`, `field`) works. Setting a field raises
    FrozenInstanceError, deriving a class TypeError.
    """
    return _make_record(cls, kw_only) if cls else lambda cls: _make_record(cls, kw_only)


def _make_record(cls: type, kw_only: bool) -> type:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or `dataclass` writes a signature, which takes longer than all else
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    all_fields = fields(made)
    names = tuple(each.name for each in all_fields)
    shown_names = tuple(each.name for each in all_fields if each.repr)
    read_compared = attrgetter(*(each.name for each in all_fields if each.compare))

    def describe(self: Any) -> str:
        return f"{made.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown_names)})"

    def is_equal(self: Any, other: object) -> Any:
        return read_compared(self) == read_compared(other) if other.__class__ is made else NotImplemented

    def get_state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def set_state(self: Any, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    made.__getstate__, made.__setstate__ = get_state, set_state
    made.__setattr__, made.__delattr__ = _refuse_value, _refuse_deletion
    made.__init__ = _defer_init(made, all_fields, has_checks=hasattr(made, "__post_init__"))
    made.__init_subclass__ = classmethod(_refuse_subclass)
    shared_methods = {"__repr__": describe, "__eq__": is_equal, "__hash__": lambda self: hash(read_compared(self))}
    for name, method in shared_methods.items():
        if not cls.__dict__.get(name):  # a class that defines its equality alone has None as its hash
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _refuse_value(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _refuse_subclass(cls: type, /, is_unfrozen: bool = False, **_: object) -> None:
    if not is_unfrozen:
        raise TypeError(f"a record has no subclasses: {cls.__name__}")


def _defer_init(made: Any, all_fields: tuple[Field[Any], ...], *, has_checks: bool) -> Callable[..., None]:
    """An `__init__` that is compiled for the first object: most commands make none of most classes."""

    def compile_first(self: object, *values: object, **named_values: object) -> None:
        made.__init__ = _compile_init(made, all_fields, has_checks=has_checks)
        made.__init__(self, *values, **named_values)

    return compile_first


def _compile_init(made: type, all_fields: tuple[Field[Any], ...], *, has_checks: bool) -> Callable[..., None]:
    """`__init__` with a parameter for each field, in the order of the fields, those by keyword alone last.

    While its fields are set, a record is of a class that lets them be: to go past `__setattr__` for each of twenty
    fields (`object.__setattr__`, as in `dataclasses`) takes five times as long.
    """
    plain_methods = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}  # both, or none is quick
    unfrozen = type(made.__name__, (made,), {"__slots__": (), **plain_methods}, is_unfrozen=True)
    scope: dict[str, Any] = {"_set": object.__setattr__, "_Unfrozen": unfrozen, "_Record": made, "_MISSING": MISSING}
    for each in all_fields:
        scope[f"_make_{each.name}"], scope[f"_default_{each.name}"] = each.default_factory, each.default
    positional = [_write_parameter(each) for each in all_fields if each.init and not each.kw_only]
    by_keyword = [_write_parameter(each) for each in all_fields if each.init and each.kw_only]
    parameters = ["self", *positional, *(["*", *by_keyword] if by_keyword else [])]
    lines = [f"self.{each.name} = {value}" for each in all_fields if (value := _write_value(each))]
    lines = ["_set(self, '__class__', _Unfrozen)", *lines, "self.__class__ = _Record"]
    body = "\n ".join([*lines, "self.__post_init__()"] if has_checks else lines)
    exec(f"def __init__({', '.join(parameters)}):\n {body}", scope)  # noqa: S102  # of names alone, as in `dataclasses`
    return scope["__init__"]  # type: ignore[no-any-return]


def _write_parameter(each: Field[Any]) -> str:
    if each.default is not MISSING:
        return f"{each.name}=_default_{each.name}"
    return each.name if each.default_factory is MISSING else f"{each.name}=_MISSING"


def _write_value(each: Field[Any]) -> str:
    """What a field is set to; empty for one that `__post_init__` sets."""
    if each.default_factory is not MISSING:
        made = f"_make_{each.name}()"
        return f"{made} if {each.name} is _MISSING else {each.name}" if each.init else made
    if each.init:
        return each.name
    return f"_default_{each.name}" if each.default is not MISSING else ""
