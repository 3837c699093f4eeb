"""How a workspace's models lie over the installation's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.documents import (
    ModelEntry,
    ModelsDocument,
    ProviderEntry,
    effective_models,
)

BASE = ModelsDocument(
    active="a",
    providers={"p": ProviderEntry(kind="openai"), "q": ProviderEntry(kind="openai")},
    models={
        "a": ModelEntry(provider="p", model="one"),
        "b": ModelEntry(provider="q", model="two"),
    },
)


def test_without_a_workspace_everything_is_the_installations() -> None:
    found = effective_models(BASE)
    assert {key: model.origin for key, model in found.models.items()} == {
        "a": "installation",
        "b": "installation",
    }
    assert found.active is not None
    assert (found.active.key, found.active_origin) == ("a", "installation")


@pytest.mark.requirement("W8")
def test_a_workspace_adds_replaces_and_removes_by_key() -> None:
    own = ModelsDocument(
        active="c",
        models={
            "a": ModelEntry(provider="p", model="other"),
            "b": None,
            "c": ModelEntry(provider="q", model="three"),
        },
    )
    found = effective_models(BASE, own)
    assert {key: (m.entry.model, m.origin) for key, m in found.models.items()} == {
        "a": ("other", "workspace"),
        "c": ("three", "workspace"),
    }
    assert found.active is not None
    assert (found.active.key, found.active_origin) == ("c", "workspace")


@pytest.mark.parametrize(
    "own",
    [
        ModelsDocument(),
        ModelsDocument(active="gone"),
        ModelsDocument(active="b", models={"b": None}),
        ModelsDocument(active="b", providers={"q": None}),
        ModelsDocument(
            active="b", models={"b": ModelEntry(provider="q", model="x", enabled=False)}
        ),
    ],
    ids=["none", "unknown", "removed", "no provider", "switched off"],
)
def test_active_falls_back_to_the_installations(own: ModelsDocument) -> None:
    found = effective_models(BASE, own)
    assert found.active is not None
    assert (found.active.key, found.active_origin) == ("a", "installation")


def test_nothing_usable_means_none_active_never_another_one() -> None:
    found = effective_models(BASE, ModelsDocument(providers={"p": None}))
    assert found.active is None
    assert found.active_origin is None
    assert not found.models["a"].usable
    assert found.models["b"].usable


KEYS = st.sampled_from(["a", "b", "c"])
PROVIDERS = st.none() | st.just(ProviderEntry(kind="openai"))
ENTRIES = st.none() | st.builds(
    ModelEntry, provider=KEYS, model=st.just("m"), enabled=st.booleans()
)
DOCUMENTS = st.builds(
    ModelsDocument,
    active=st.none() | KEYS,
    providers=st.dictionaries(KEYS, PROVIDERS),
    models=st.dictionaries(KEYS, ENTRIES),
)


@given(DOCUMENTS, DOCUMENTS)
def test_what_is_active_is_always_usable_and_named_by_a_document(
    base: ModelsDocument, own: ModelsDocument
) -> None:
    found = effective_models(base, own)
    assert list(found.models) == sorted(found.models)
    if found.active is not None:
        assert found.active.usable
        assert found.active.key in (base.active, own.active)
    for key, model in own.models.items():
        assert (key in found.models) is (model is not None)
