"""The state: it survives its JSON, and wordings are chosen so that none returns."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from small import begun

from coach.conversation.state import Answer, State, fresh_variants, pick

texts = st.text(max_size=20)
many = st.lists(texts, max_size=4).map(tuple)
states = st.builds(
    State,
    protocol=texts,
    length=st.sampled_from(["kort", "lang"]),
    seed=st.integers(0, 2**32),
    language=st.sampled_from(["nl", "en"]),
    left=many,
    answers=st.lists(st.builds(Answer, step=texts, text=texts, fits=st.booleans()), max_size=3).map(tuple),
    kept=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    signs=many,
    used=many,
    asked=many,
    free=st.booleans(),
    faded=st.booleans(),
    paused=texts,
)


@given(states)
def test_a_state_survives_its_json(state: State) -> None:
    assert State.from_json(json.loads(json.dumps(state.as_json()))) == state


def test_what_an_older_or_newer_version_wrote_is_read_as_far_as_it_is_known() -> None:
    data = {"protocol": "4g", "length": "kort", "seed": 1, "iets_nieuws": [1]}
    assert State.from_json(data) == State(protocol="4g", length="kort", seed=1)


def test_everything_told_comes_oldest_first() -> None:
    assert begun(answers=(Answer("a", "eerst"), Answer("b", "toen", fits=False))).said_before() == ("eerst", "toen")


@given(st.integers(1, 12), st.integers(0, 2**32), st.lists(st.integers(0, 12), max_size=12))
def test_no_wording_returns_before_all_were_said(count: int, seed: int, before: list[int]) -> None:
    variants = tuple(f"zin {number}" for number in range(count))
    state = begun(seed=seed, avoid=tuple(f"lijst.{number}" for number in before))
    said = []
    for _ in variants:
        text, state = pick(variants, name="lijst", state=state)
        said.append(text)
    assert sorted(said) == sorted(variants)
    assert fresh_variants(variants, name="lijst", state=state) == ()
    assert len(set(state.used)) == count
    assert pick(variants, name="lijst", state=state)[0] in variants


@given(st.integers(2, 12), st.integers(0, 2**32), st.data())
def test_wordings_of_earlier_sessions_come_last_and_the_latest_of_them_at_the_end(
    count: int, seed: int, data: st.DataObject
) -> None:
    variants = tuple(f"zin {number}" for number in range(count))
    before = data.draw(st.lists(st.integers(0, count - 1), unique=True, max_size=count))
    state = begun(seed=seed, avoid=tuple(f"lijst.{number}" for number in before))
    order = []
    for _ in variants:
        text, state = pick(variants, name="lijst", state=state)
        order.append(variants.index(text))
    assert order[count - len(before) :] == before


def test_the_same_session_says_the_same_again_and_another_begins_elsewhere() -> None:
    variants = tuple("abcdefgh")
    assert pick(variants, name="x", state=begun(seed=5)) == pick(variants, name="x", state=begun(seed=5))
    assert len({pick(variants, name="x", state=begun(seed=seed))[0] for seed in range(8)}) == 8


def test_who_writes_little_gets_the_shorter_questions_and_none_twice() -> None:
    variants = ("een twee drie vier", "een", "een twee drie vier vijf", "een twee")
    short, long = ("rot", "niks gezegd"), (" ".join(["woord"] * 30),)
    said = {text: begun(seed=seed, answers=tuple(Answer("a", text) for text in texts))
            for seed in range(4) for texts in (short, long) for text in (f"{texts[0][:3]}{seed}",)}  # fmt: skip
    picked = {name: pick(variants, name="x", state=state)[0] for name, state in said.items()}
    assert {text for name, text in picked.items() if name.startswith("rot")} <= {"een", "een twee"}
    assert {text for name, text in picked.items() if name.startswith("woo")} == set(variants)
    state, order = said["rot0"], []
    for _ in variants:
        text, state = pick(variants, name="x", state=state)
        order.append(text)
    assert sorted(order) == sorted(variants)


def test_lists_with_other_names_do_not_use_up_each_other() -> None:
    _, state = pick(("a",), name="een", state=begun())
    assert fresh_variants(("a",), name="twee", state=state) == (0,)
    assert fresh_variants(("a",), name="een", state=replace(state, used=())) == (0,)
