"""Answer a question about the sources with exact quotations, or say that it is not in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from coach.config import content_root
from coach.library.abstain import (
    AbstentionModel,
    Signals,
    Vocabulary,
    content_stems,
    form_of_text,
    load_abstention,
    read_signals,
)
from coach.library.answer_texts import AnswerTexts, load_answer_texts
from coach.library.choose import Keys, choose_quotes
from coach.library.embed import clean_text
from coach.library.gaps import Gap, Gaps, load_gaps
from coach.library.guide import load_guide_content
from coach.library.keyword import stem_words
from coach.library.passage import Passage
from coach.library.quote import Quote, is_exact
from coach.library.retrieve import Found, Hit, Library, load_content
from coach.library.themes import ThemeHit

if TYPE_CHECKING:
    # Chroma takes most of a second to import: not for a command that only wants the types.
    from coach.library.index import PassageIndex

QUOTES_MAX = 3
# Hits that are looked at for quotations.
HITS_READ = 8
# Sections named when there is no answer.
NEARBY_MAX = 2


@dataclass(frozen=True)
class Answer:
    """What the sources say to a question: quotations, or none and one sentence that says so.

    `nearby` holds the sections nearest to a question without an answer, `gap` the id of a known gap it asks for,
    `dropped` how many quotations were not found verbatim in their passage and left out. `link` is a sentence
    between the first two, of a language model when one may write it.
    """

    q: str
    answerable: bool
    answer: str
    quotes: tuple[Quote, ...] = ()
    nearby: tuple[str, ...] = ()
    gap: str = ""
    dropped: int = 0
    link: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the sources hold something on a text: the hits, its themes, the chance (0 to 1), a gap it asks for."""

    hits: tuple[Hit, ...] = ()
    themes: tuple[ThemeHit, ...] = ()
    chance: float = 0.0
    answerable: bool = False
    gap: Gap | None = None


@dataclass(frozen=True)
class Rules:
    """The data files an answer is made with."""

    model: AbstentionModel
    gaps: Gaps
    texts: AnswerTexts


@dataclass(frozen=True)
class Contents:
    """What is known of a whole library: its words, and the digest passages by what they lead to."""

    vocabulary: Vocabulary
    keys: Keys


def answer(library: Library, question: str) -> Answer:
    """Return at most three exact quotations that answer the question, or say that the sources hold no answer.

    Any text is taken as a question, also an empty one or one that gives orders; none is obeyed.
    """
    rules, contents = load_rules(), contents_of(library)
    verdict = judge(library, question, k=HITS_READ)
    if not verdict.answerable:
        return _absent(question, verdict, rules=rules)
    stems = content_stems(clean_text(question), model=rules.model)
    hits = [hit for hit in verdict.hits if hit.passage.id not in rules.gaps.passages]
    chosen = choose_quotes(hits, stems=stems, keys=contents.keys, vocabulary=contents.vocabulary)
    quotes, dropped = _through_the_gate(library, chosen)
    if not quotes:
        return replace(_absent(question, verdict, rules=rules), dropped=dropped)
    shown = _with_notes(quotes[:QUOTES_MAX], caveats=_caveats(library, question, gaps=rules.gaps), texts=rules.texts)
    return Answer(
        q=question, answerable=True, answer=rules.texts.lead(shown[0], question=question), quotes=shown, dropped=dropped
    )


def judge(library: Library, text: str, *, k: int) -> Verdict:
    """Search and decide whether the sources hold an answer; the text is embedded once."""
    found = library.find(text, k=k)
    if not found.hits:
        return Verdict(themes=found.themes)
    rules, contents = load_rules(), contents_of(library)
    signals = signals_of(text, found=found, vocabulary=contents.vocabulary, model=rules.model)
    form = form_of_text(text, account=found.advice.account)
    chance = rules.model.chance(signals, form=form, fingerprint=library.embedder.fingerprint)
    gap = rules.gaps.asked_for(text, best_key=_best_key(found.hits[0], keys=contents.keys))
    return Verdict(
        hits=found.hits,
        themes=found.themes,
        chance=chance,
        answerable=chance >= rules.model.threshold and gap is None,
        gap=gap,
    )


def signals_of(text: str, *, found: Found, vocabulary: Vocabulary, model: AbstentionModel) -> Signals:
    """Return the signals of a text, given what a search for it found."""
    return read_signals(
        clean_text(text),
        nearness=found.nearness,
        subject=found.advice.subject,
        vocabulary=vocabulary,
        model=model,
    )


@cache
def load_rules() -> Rules:
    """Read the data files once; a `ContentError` names what is wrong in which."""
    corpus = content_root() / "corpus"
    return Rules(
        model=load_abstention(corpus / "abstention.yaml"),
        gaps=load_gaps(corpus / "gaps.yaml"),
        texts=load_answer_texts(content_root() / "prompts" / "texts" / "answers.yaml"),
    )


def contents_of(library: Library) -> Contents:
    """Gather them once for as long as the index is open: its passages cannot change while it is held."""
    if library.index not in _CONTENTS:
        vocabulary = Vocabulary(library.keyword, spoken=_spoken_stems())
        _CONTENTS[library.index] = Contents(vocabulary=vocabulary, keys=Keys(library.index.digest()))
    return _CONTENTS[library.index]


@cache
def _spoken_stems() -> frozenset[str]:
    """Return the stems of what students write about this subject: the keys, and the exemplars of the themes."""
    themes, keys = load_guide_content({passage.id for passage in load_content()[1]})
    texts = [*(key.text for key in keys), *(text for theme in themes for text in theme.exemplars)]
    return frozenset(stem for text in texts for stem in stem_words(text))


_CONTENTS: "WeakKeyDictionary[PassageIndex, Contents]" = WeakKeyDictionary()


def _best_key(hit: Hit, *, keys: Keys) -> str:
    """Return the id of the digest passage that was found best: the hit itself, or the key to it."""
    if hit.passage.form == "digest":
        return hit.passage.id
    key = keys.by_anchor(hit.passage, hit.anchor)
    return key.id if key else ""


def _through_the_gate(
    library: Library, chosen: Sequence[tuple[Quote, Passage | None]]
) -> tuple[list[tuple[Quote, Passage | None]], int]:
    """Keep the quotations that stand verbatim in the stored passage; return them and how many do not."""
    kept = []
    for quote, key in chosen:
        stored = library.passage(quote.passage_id)
        if stored is not None and is_exact(quote.text, stored.text):
            kept.append((quote, key))
    return kept, len(chosen) - len(kept)


def _caveats(library: Library, question: str, *, gaps: Gaps) -> tuple[str, ...]:
    """Return the caveats on what the question is about, as the digest words them."""
    passages = [library.passage(passage_id) for passage_id in gaps.caveats_on(question)]
    return tuple(passage.note for passage in passages if passage is not None and passage.note)


def _with_notes(
    quotes: Sequence[tuple[Quote, Passage | None]], *, caveats: tuple[str, ...], texts: AnswerTexts
) -> tuple[Quote, ...]:
    """Put beside each quotation what it is about when it is not Dutch, and its caveats; the first has all of them."""
    return tuple(
        replace(quote, note=texts.note(quote, key=key, remarks=() if number else caveats))
        for number, (quote, key) in enumerate(quotes)
    )


def _absent(question: str, verdict: Verdict, *, rules: Rules) -> Answer:
    """Say that there is no answer, and what is there nearby; nothing is quoted as if it were one."""
    sections = dict.fromkeys(hit.passage.section for hit in verdict.hits if hit.passage.section)
    nearby = tuple(sections)[:NEARBY_MAX]
    return Answer(
        q=question,
        answerable=False,
        answer=rules.texts.absence(says=verdict.gap.says if verdict.gap else "", nearby=nearby),
        nearby=nearby,
        gap=verdict.gap.id if verdict.gap else "",
    )
