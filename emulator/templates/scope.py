# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the expressions of one deployment can see: its parameters, its variables, where it goes, what is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..base.budget import Budget
from ..base.plain_data import NOT_KEPT, shared
from .expressions import TemplateError, Thunk, inner_text, read_expression
from .functions import check_arguments, plain_function
from .ids import joined_id

__all__ = ["Given", "Later", "Place", "Scope"]

# How many characters can be read in the time that a function takes, and reading a resource.
_CALL_STEPS = 4
_READ_STEPS = 100
Reader = Callable[[str, str, bool], Any]
_OWN = frozenset(
    (
        *("if", "parameters", "variables", "copyindex", "resourceid", "subscriptionresourceid"),
        *("resourcegroup", "subscription", "deployment", "reference"),
    )
)


class Later(Exception):
    """The value is known only while the deployment runs."""


class Place(NamedTuple):
    """Where a deployment goes; `group` and `subscription` are what the functions of these names return."""

    name: str
    group_id: str
    group: dict[str, Any]
    subscription: dict[str, Any]


@shared
@dataclasses.dataclass(frozen=True)
class Given:
    """What all expressions of a deployment see: where it goes, and parameters and variables by name in lower case."""

    place: Place
    parameters: dict[str, Any]
    variables: dict[str, Any]


@dataclasses.dataclass
class Scope:
    """Evaluates the values of a template.

    `read` gets a resource that `reference` names; without it that raises Later. `copy` is the number of a copy.
    `references` takes down what is referred to, with the api-version. `budget` is the request's.
    """

    given: Given
    read: Reader | None = dataclasses.field(default=None, metadata=NOT_KEPT)
    copy: int | None = None
    references: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    busy: tuple[str, ...] = dataclasses.field(default=(), metadata=NOT_KEPT)
    budget: Budget = dataclasses.field(default_factory=Budget, metadata=NOT_KEPT)

    @property
    def place(self) -> Place:
        """Where the deployment goes."""
        return self.given.place

    def value(self, node: Any, *, lenient: bool = False) -> Any:
        """Return a JSON value with all expressions in it evaluated; raises TemplateError, BudgetError and Later.

        `lenient` leaves those as they are whose value is known only while the deployment runs.
        """
        self.budget.spend(1)
        if isinstance(node, dict):
            if isinstance(node.get("copy"), list):
                raise TemplateError("Loops over properties and variables ('copy') are not supported by this emulator")
            return {self._key(key, lenient=lenient): self.value(item, lenient=lenient) for key, item in node.items()}
        if isinstance(node, list):
            return [self.value(item, lenient=lenient) for item in node]
        if not isinstance(node, str):
            return node
        text = inner_text(node)
        if text is None:
            return node[1:] if node.startswith("[[") else node
        try:
            return read_expression(text, self.budget)(self._function)
        except RecursionError as error:
            raise TemplateError("The language expression is nested too deep") from error
        except Later:
            if not lenient:
                raise
            return node

    def _key(self, key: str, *, lenient: bool) -> str:
        """Return the name of a property, which can be an expression: identities are named so by their IDs."""
        found = self.value(key, lenient=lenient)
        if not isinstance(found, str):
            raise TemplateError(f"The template property name '{key}' must be a text")
        return found

    def early(self, node: Any) -> Any:
        """Return a value that must be known before the deployment runs; raises TemplateError."""
        try:
            return self.value(node)
        except Later as error:
            raise TemplateError("The template function 'reference' is not expected at this location") from error

    def text(self, node: Any, what: str) -> str:
        """Return a text that must be known before the deployment runs; raises TemplateError."""
        found = self.early(node)
        if not isinstance(found, str) or not found:
            raise TemplateError(f"The template {what} must be a text that is not empty")
        return found

    def _function(self, name: str, arguments: Sequence[Thunk]) -> Any:
        own = getattr(self, f"_{name.lower()}", None) if name.lower() in _OWN else None
        found = own(arguments) if own else plain_function(name, [argument() for argument in arguments])
        return self.budget.seen(found, _CALL_STEPS)

    def _if(self, arguments: Sequence[Thunk]) -> Any:
        check_arguments("if", [None] * len(arguments), ("any",) * 3)
        condition = arguments[0]()
        check_arguments("if", [condition], ("truth",))
        # The other one is not evaluated, as it may be wrong.
        return arguments[1]() if condition else arguments[2]()

    def _parameters(self, arguments: Sequence[Thunk]) -> Any:
        return self._named(arguments, self.given.parameters, "parameter")

    def _variables(self, arguments: Sequence[Thunk]) -> Any:
        found = self._named(arguments, self.given.variables, "variable")
        key = str(arguments[0]()).lower()
        if key in self.busy:
            raise TemplateError(f"The template variable '{key}' refers to itself")
        return dataclasses.replace(self, busy=(*self.busy, key)).value(found)

    def _named(self, arguments: Sequence[Thunk], items: dict[str, Any], what: str) -> Any:
        values = [argument() for argument in arguments]
        check_arguments(f"{what}s", values, ("text",))
        if values[0].lower() in items:
            return items[values[0].lower()]
        aka = f"https://aka.ms/arm-template/#{what}s"
        raise TemplateError(f"The template {what} '{values[0]}' is not found. Please see {aka} for usage details")

    def _copyindex(self, arguments: Sequence[Thunk]) -> Any:
        values = [argument() for argument in arguments]
        # copyIndex(name), copyIndex(offset), copyIndex(name, offset); a name can only be the one loop's here.
        numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        if self.copy is None or len(values) > 2 or len(numbers) > 1:
            raise TemplateError("The template function 'copyIndex' is not expected at this location")
        return self.copy + sum(numbers)

    def _resourceid(self, arguments: Sequence[Thunk]) -> str:
        values = [argument() for argument in arguments]
        check_arguments("resourceId", values, ("text", "text"), "text")
        start = next((index for index, value in enumerate(values) if "/" in value), None)
        if start is None or start > 2:
            raise TemplateError("The template function 'resourceId' needs a fully qualified resource type")
        subscription, group = self.place.group_id.split("/")[2::2]
        if start:
            group = values[start - 1]
            subscription = values[0] if start == 2 else subscription
        return joined_id(f"/subscriptions/{subscription}/resourceGroups/{group}", values[start], values[start + 1 :])

    def _subscriptionresourceid(self, arguments: Sequence[Thunk]) -> str:
        values = [argument() for argument in arguments]
        check_arguments("subscriptionResourceId", values, ("text", "text"), "text")
        prefix = f"/subscriptions/{self.place.group_id.split('/')[2]}"
        if "/" not in values[0]:
            prefix, values = f"/subscriptions/{values[0]}", values[1:]
        return joined_id(prefix, values[0], values[1:])

    def _resourcegroup(self, arguments: Sequence[Thunk]) -> Any:
        check_arguments("resourceGroup", list(arguments), ())
        return self.place.group

    def _subscription(self, arguments: Sequence[Thunk]) -> Any:
        check_arguments("subscription", list(arguments), ())
        return self.place.subscription

    def _deployment(self, arguments: Sequence[Thunk]) -> Any:
        check_arguments("deployment", list(arguments), ())
        return {"name": self.place.name}

    def _reference(self, arguments: Sequence[Thunk]) -> Any:
        values = [argument() for argument in arguments]
        check_arguments("reference", values, ("text",), "text")
        version = values[1] if len(values) > 1 else ""
        if self.read is None:
            self.references.append((values[0], version))
            raise Later
        self.budget.spend(_READ_STEPS)
        return self.read(values[0], version, len(values) > 2 and values[2].lower() == "full")
