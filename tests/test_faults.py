"""What is written down of an error: kind and place, no message."""

from coach.web.faults import describe


def test_kind_and_place_and_no_message() -> None:
    try:
        int("dit typte de student")
    except ValueError as error:
        said = describe(error)
    assert said.startswith("ValueError at test_faults.py:")
    assert "test_kind_and_place" in said
    assert "student" not in said


def test_an_error_that_was_never_raised() -> None:
    assert describe(KeyError("geheim")) == "KeyError at an unknown place"
