"""What may be written down about an error that nobody foresaw: its kind and place, never its message.

The message of an exception can hold what a student typed.
"""

import traceback
from pathlib import Path

_PLACES_MAX = 6


def describe(error: BaseException) -> str:
    """Return the kind of the error and the innermost places it came from, as file:line function."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES_MAX:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__} at {' > '.join(places) or 'an unknown place'}"
