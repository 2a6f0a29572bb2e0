"""The errors a person can do something about; each message says what, which values, what to do next."""


class CoachError(Exception):
    """Base of all errors shown to a person: one line on the command line, one sentence on a page."""


class UsageError(CoachError):
    """A command was given in a way it cannot be; seen by whoever gave it, with exit code 2."""


class SettingsError(CoachError):
    """A setting or environment variable has a value the program cannot use; seen by whoever starts it."""


class ContentError(CoachError):
    """A data file of the project (protocol, catalogue, digest, texts) is wrong; names file and path within it."""


class LibraryError(CoachError):
    """The index cannot be opened, built or searched; seen by whoever runs `coach index` or the server."""


class UnreadableSource(LibraryError):
    """One source file cannot be read; `coach index` names it with the reason and goes on with the others."""


class SessionError(CoachError):
    """A session is unknown, finished or not the caller's; seen by the student."""


class MovedOn(SessionError):
    """An answer was given to a question that is not the newest any more; it is not stored, and seen by the student."""


class RecordsError(CoachError):
    """The records cannot be opened, read or written; seen by whoever runs the server and, mid-session, the student."""


class ModelError(CoachError):
    """The language model gave no usable answer in time; seen by whoever runs `coach doctor`, never by a student."""


class ReleaseError(CoachError):
    """A conversation cannot be released, looked at or withdrawn; seen by the student.

    It holds the name of a sentence in `prompts/texts/release.yaml`, because the page speaks two languages, and
    after too many wrong codes how many minutes to wait.
    """


class DeskError(CoachError):
    """A teacher or an administrator asks for what cannot be done; seen by that teacher or administrator."""


class NotYours(CoachError):
    """A group, a conversation or a set is unknown or another teacher's; one message for both."""


class TooFew(CoachError):
    """A group holds too few conversations to show any of them without pointing at somebody."""
