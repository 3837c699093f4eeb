"""The judge: deny wins, a person's rule beats the default, reading off the network is free."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.principals import Grant, Right
from mandrake.domain.tools import Effects, JudgedEffects
from mandrake.security.decide import Allow, Ask, Deny, Facts, ToolFacts, decide, is_offered
from mandrake.tenancy.access import OWNER, access_installation

GRANT = access_installation(OWNER)
READ = JudgedEffects(Effects.READ, network=False)
READ_NETWORK = JudgedEffects(Effects.READ, network=True)
WRITE = JudgedEffects(Effects.WRITE, network=True)
IDEMPOTENT = JudgedEffects(Effects.IDEMPOTENT, network=False)


def judged(facts: ToolFacts, grant: Grant = GRANT) -> type[Allow | Ask | Deny]:
    return type(decide(grant, "call_tool", "server.tool", Facts(tool=facts)))


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        (ToolFacts(READ), Allow),
        (ToolFacts(READ_NETWORK), Ask),
        (ToolFacts(IDEMPOTENT), Ask),
        (ToolFacts(WRITE), Ask),
        (ToolFacts(WRITE, configured="auto"), Allow),
        (ToolFacts(READ, configured="ask"), Ask),
        (ToolFacts(READ, configured="ask", remembered=True), Allow),
        (ToolFacts(WRITE, remembered=True), Allow),
        (ToolFacts(WRITE, answered="allow"), Allow),
        (ToolFacts(READ, answered="deny"), Deny),
        (ToolFacts(READ, configured="deny"), Deny),
        (ToolFacts(READ, denied_patterns=("to*",)), Deny),
        (ToolFacts(READ, allowed_patterns=("other",)), Deny),
        (ToolFacts(READ, allowed_patterns=("t?ol",)), Allow),
    ],
)
def test_the_table_of_decisions(facts: ToolFacts, decision: type[Allow | Ask | Deny]) -> None:
    assert judged(facts) is decision


FACTS = st.builds(
    ToolFacts,
    effects=st.sampled_from([READ, READ_NETWORK, IDEMPOTENT, WRITE]),
    configured=st.sampled_from([None, "auto", "ask", "deny"]),
    allowed_patterns=st.sampled_from([(), ("tool",), ("x",)]),
    denied_patterns=st.sampled_from([(), ("tool",)]),
    remembered=st.booleans(),
    answered=st.sampled_from([None, "allow", "deny"]),
)


@given(FACTS)
def test_nothing_overrules_a_denial(facts: ToolFacts) -> None:
    for denial in (
        replace(facts, configured="deny"),
        replace(facts, denied_patterns=("tool",)),
        replace(facts, answered="deny"),
    ):
        assert judged(denial) is Deny


@given(FACTS)
def test_without_the_right_nothing_is_allowed(facts: ToolFacts) -> None:
    reader = replace(GRANT, rights=frozenset({Right.READ}))
    assert judged(facts, reader) is Deny


def test_a_tool_about_which_nothing_is_known_is_denied() -> None:
    assert isinstance(decide(GRANT, "call_tool", "server.tool"), Deny)


def test_a_denied_pattern_beats_an_allowed_one() -> None:
    assert not is_offered("write_file", ("write_*",), ("write_file",))
    assert is_offered("write_dir", ("write_*",), ("write_file",))
