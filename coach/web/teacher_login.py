"""How a teacher comes in and goes: password, single sign-on when it is configured, another password, log out."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from coach.errors import CoachError, DeskError, NotYours, TooFew
from coach.records.desk import Desk
from coach.web.desk_pages import DeskPages
from coach.web.entry import (
    COOKIE,
    PATH,
    Entered,
    Foreign,
    LoggedOut,
    Sent,
    TooLarge,
    end_session,
    is_secure,
    keep_session,
    read_form,
    text_of,
)
from coach.web.single_sign_on import CALLBACK_PATH, STATE_COOKIE, SignOnFailed, SingleSignOn


class LoginPages:
    """Everything under /docent outside a group."""

    def __init__(self, desk: Desk, pages: DeskPages, *, sign_on: SingleSignOn | None) -> None:
        self._desk = desk
        self._pages = pages
        self._texts = pages.teacher_texts
        self._sign_on = sign_on

    def router(self) -> APIRouter:
        """Return the routes; those of single sign-on only when it is configured."""
        router = APIRouter()
        router.add_api_route("/docent", self.groups, methods=["GET"])
        router.add_api_route("/docent/inloggen", self.ask, methods=["GET"])
        router.add_api_route("/docent/inloggen", self.log_in, methods=["POST"])
        router.add_api_route("/docent/uitloggen", self.log_out, methods=["POST"])
        router.add_api_route("/docent/wachtwoord", self.ask_password, methods=["GET"])
        router.add_api_route("/docent/wachtwoord", self.change_password, methods=["POST"])
        if self._sign_on is not None:
            router.add_api_route("/docent/oidc", self.leave_for_sign_on, methods=["GET"])
            router.add_api_route(CALLBACK_PATH, self.come_back, methods=["GET"])
        return router

    def elsewhere(self) -> APIRouter:
        """Return the route of every other address here, for behind all others."""
        router = APIRouter()
        router.add_api_route("/docent/{rest:path}", self.nothing, methods=["GET"])
        return router

    def nothing(self, visit: Entered, rest: str) -> Response:
        """Say that there is no such page; one slash too many is forgiven."""
        if rest != rest.rstrip("/") or not rest:
            return RedirectResponse(f"/docent/{rest}".rstrip("/"), status_code=303)
        raise NotYours(self._texts["errors"]["no_page"])

    def groups(self, visit: Entered) -> Response:
        """Show the groups of the teacher."""
        found = self._desk.review.groups(visit.teacher)
        return self._pages.show("teacher_groups.html", {"t": self._texts, "visit": visit, "groups": found})

    def ask(self) -> Response:
        """Show the form to log in."""
        return self.login_page()

    def log_in(self, request: Request, form: Sent) -> Response:
        """Check name and password."""
        try:
            token = self._desk.teachers.log_in(text_of(form, "name"), text_of(form, "password"))
        except DeskError as error:
            return self.login_page(error=str(error), name=text_of(form, "name"), status=401)
        self._desk.teachers.log_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/docent", status_code=303)
        keep_session(response, token, secure=is_secure(request))
        return response

    def log_out(self, request: Request, visit: Entered) -> Response:
        """End the session."""
        self._desk.teachers.log_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/docent/inloggen", status_code=303)
        end_session(response)
        return response

    def ask_password(self, visit: Entered) -> Response:
        """Show the form for another password."""
        return self._password_page(visit)

    def change_password(self, visit: Entered) -> Response:
        """Change the password; the teacher logs in anew."""
        current, new = text_of(visit.form, "current"), text_of(visit.form, "new")
        try:
            self._desk.teachers.change_password(visit.teacher.id, current=current, new=new)
        except DeskError as error:
            return self._password_page(visit, error=str(error))
        response = self.login_page(said=self._texts["password"]["done"])
        end_session(response)
        return response

    def leave_for_sign_on(self, request: Request) -> Response:
        """Send the browser to the institution."""
        assert self._sign_on is not None  # noqa: S101  # the route exists only with it
        try:
            address, state = self._sign_on.begin()
        except SignOnFailed:
            return self._sign_on_failed()
        response = RedirectResponse(address, status_code=303)
        # Lax: it has to come along when the institution sends the browser back.
        response.set_cookie(
            STATE_COOKIE,
            state,
            path="/docent/oidc",
            max_age=600,
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
        return response

    def come_back(self, request: Request) -> Response:
        """Log in who comes back from the institution.

        A page instead of a redirect: the session's cookie is strict, and goes along only from a page of this site.
        """
        assert self._sign_on is not None  # noqa: S101  # the route exists only with it
        try:
            state = request.cookies.get(STATE_COOKIE, "")
            person = self._sign_on.finish(dict(request.query_params), state=state)
            token = self._desk.teachers.log_in_by_subject(
                person.subject, principal=person.principal, may_create=self._sign_on.may_create
            )
        except SignOnFailed:
            return self._sign_on_failed()
        except DeskError as error:
            return self.login_page(error=str(error), status=401)
        response = self._pages.show("teacher_onward.html", {"t": self._texts})
        response.delete_cookie(STATE_COOKIE, path="/docent/oidc", httponly=True, samesite="lax")
        keep_session(response, token, secure=is_secure(request))
        return response

    def login_page(
        self, *, error: str = "", said: str = "", name: str = "", written: str = "", status: int = 200
    ) -> Response:
        """Return the form to log in, with what there is to say and what was written and not kept."""
        values = {"error": error, "said": said, "name": name, "written": written, "sso": self._sign_on is not None}
        return self._pages.show("teacher_login.html", {"t": self._texts, **values}, status=status)

    def _sign_on_failed(self) -> Response:
        return self.login_page(error=self._texts["login"]["sso_failed"], status=401)

    def _password_page(self, visit: Entered, *, error: str = "") -> Response:
        status = 400 if error else 200
        return self._pages.show(
            "teacher_password.html", {"t": self._texts, "visit": visit, "error": error}, status=status
        )


def add_refusals(app: FastAPI, pages: DeskPages, login: LoginPages, *, minimum: int) -> None:
    """Let every error of the pages become a page that says what is the matter, and gives back what was written."""
    texts = pages.teacher_texts

    async def logged_out(request: Request, error: Exception) -> Response:
        said = texts["login"]["again"] if request.cookies.get(COOKIE) else ""
        return login.login_page(said=said, written=await _written(request), status=401)

    def too_few(request: Request, error: Exception) -> Response:
        return pages.show("teacher_few.html", {"t": texts, "group": str(error), "minimum": minimum})

    def told(status: int, said: str = "") -> Callable[[Request, Exception], Awaitable[Response]]:
        async def tell(request: Request, error: Exception) -> Response:
            if not request.url.path.startswith(PATH):
                # A student's: for a person, the guard puts the page of that frame in its place.
                return JSONResponse({"detail": said or str(error)}, status_code=500 if status == 400 else status)
            values = {"t": texts, "said": said or str(error), "written": await _written(request)}
            return pages.show("teacher_refused.html", values, status=status)

        return tell

    app.add_exception_handler(LoggedOut, logged_out)
    app.add_exception_handler(TooFew, too_few)
    app.add_exception_handler(NotYours, told(404))
    app.add_exception_handler(Foreign, told(403, texts["errors"]["foreign"]))
    app.add_exception_handler(TooLarge, told(413, texts["errors"]["too_large"]))
    app.add_exception_handler(CoachError, told(400))


async def _written(request: Request) -> str:
    """Return the reply to a student in a form that was refused, so that it is not lost; "" when there is none."""
    try:
        return text_of(await read_form(request), "comment")
    except CoachError:
        return ""
