"""The pages that people log in by, /login, and look after their own log-ins, keys and password by, /account."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from web.access.accounts import AccountError, Accounts, BadPassword, normal_name
from web.access.audit import Action, record
from web.access.devices import device_of
from web.access.doors import SESSION_COOKIE
from web.access.keys import LONGEST_NOTE, KeyRefused, Keys
from web.access.passwords import SHORTEST, warm_up
from web.access.people import NOBODY, Person, Role, address_of, person_of
from web.access.rates import Attempts
from web.access.refusals import refusal
from web.access.sessions import Sessions
from web.access.texts import ACCESS_TEXTS, AccessTexts
from web.records.people import Clock, User
from web.rooms.views import language_of, page
from web.services import Services

Text = Annotated[str, Form()]


def account_router(services: Services, sessions: Sessions, keys: Keys, *, now: Clock) -> APIRouter:
    """Return the routes of both pages."""
    warm_up()
    desk = AccountDesk(services, sessions, keys, now)
    router = APIRouter()
    for path, answer, method in (
        ("/login", desk.ask, "GET"),
        ("/login", desk.log_in, "POST"),
        ("/logout", desk.log_out, "POST"),
        ("/account", desk.show, "GET"),
        ("/account/password", desk.change_password, "POST"),
        ("/account/sessions/{session_id}/end", desk.end_session, "POST"),
        ("/account/sessions/end", desk.end_others, "POST"),
        ("/account/keys", desk.make_key, "POST"),
        ("/account/keys/{key_id}/revoke", desk.revoke_key, "POST"),
    ):
        router.add_api_route(path, answer, methods=[method], response_model=None)
    return router


class AccountDesk:
    """What each of the routes does; everything that changes something leaves a line in the audit log."""

    def __init__(self, services: Services, sessions: Sessions, keys: Keys, now: Clock) -> None:
        self.database, self.web = services.database, services.config.web
        self.accounts = Accounts(services.database, now=now)
        self.sessions, self.keys, self.now = sessions, keys, now
        self.attempts = Attempts()

    # -- in and out -----------------------------------------------------------------------------------------

    def ask(self, request: Request, next: str = "/", after: str = "") -> Response:
        if person_of(request).session_id:
            return RedirectResponse(local_path(next), 303)
        texts = self._texts(request)
        told = {"out": texts.logged_out, "ended": texts.ended}.get(after, "")
        return self._login_page(request, next, told=told)

    def log_in(self, request: Request, name: Text = "", password: Text = "", next: Text = "/") -> Response:
        texts = self._texts(request)
        user, wait = self._checked(request, name, password)
        if wait:
            words = texts.locked.format(wait=texts.wait(wait))
            response = self._login_page(request, next, name=name, error=words, status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        if user is None:
            return self._login_page(request, next, name=name, error=texts.refused, status=401)
        before = person_of(request)
        if before.session_id:  # a log-in never goes on under its old token
            self.sessions.end(before.name, before.session_id)
        self.sessions.forget_ended()
        self._record(_as(user, request), Action.LOG_IN)
        return self._with_cookie(request, RedirectResponse(local_path(next), 303), user.name)

    def log_out(self, request: Request) -> Response:
        person = person_of(request)
        self.sessions.end(person.name, person.session_id)
        self._record(person, Action.LOG_OUT)
        response = RedirectResponse("/login?after=out", 303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
        return response

    def _checked(self, request: Request, name: str, password: str) -> tuple[User | None, int]:
        """Return whose password this is, if anybody's, and the seconds to wait where too many were wrong."""
        name, address = normal_name(name)[:100], address_of(request)
        wait = self.attempts.wait(name, address)
        if wait:
            if self.attempts.is_news(address):
                self._record(
                    Person("", Role.READER, address=address), Action.LOG_IN_LOCKED, self._known(name)
                )
            return None, wait
        self.attempts.begin(name, address)
        user = self.accounts.check(name, password)
        if user is None:
            self.attempts.failed(name, address)
            self._record(Person("", Role.READER, address=address), Action.LOG_IN_FAILED, self._known(name))
        else:
            self.attempts.succeeded(name, address)
        return user, 0

    def _known(self, name: str) -> str:
        # What is typed as a name may be a password: only the names of people are kept.
        try:
            return self.accounts.find(name).name
        except AccountError:
            return ""

    # -- the account ----------------------------------------------------------------------------------------

    def show(self, request: Request, done: str = "") -> Response:
        return self._account_page(request, told=self._texts(request).done.get(done, ""))

    def change_password(
        self, request: Request, password: Text = "", new: Text = "", again: Text = ""
    ) -> Response:
        person, texts = person_of(request), self._texts(request)
        if not person.session_id:
            return self._needs_session(request)
        user, wait = self._checked(request, person.name, password)
        if wait:
            return self._account_page(request, error=texts.locked.format(wait=texts.wait(wait)), status=429)
        if user is None:
            return self._account_page(request, error=texts.wrong_now, status=422)
        if new != again:
            return self._account_page(request, error=texts.not_the_same, status=422)
        try:
            self.accounts.set_password(person.name, new)
        except BadPassword as error:
            return self._account_page(request, error=texts.faults[error.fault], status=422)
        self._record(person, Action.PASSWORD_CHANGED, person.name)
        return self._with_cookie(request, RedirectResponse("/account?done=password", 303), person.name)

    def end_session(self, request: Request, session_id: int) -> Response:
        person = person_of(request)
        if not person.session_id:
            return self._needs_session(request)
        if self.sessions.end(person.name, session_id):
            self._record(person, Action.SESSION_ENDED, str(session_id))
        return RedirectResponse("/account?done=session", 303)

    def end_others(self, request: Request) -> Response:
        person = person_of(request)
        if not person.session_id:
            return self._needs_session(request)
        self.sessions.end_others(person.name, person.session_id)
        self._record(person, Action.SESSION_ENDED, "", "all others")
        return RedirectResponse("/account?done=session", 303)

    def make_key(self, request: Request, note: Text = "") -> Response:
        person = person_of(request)
        if not person.session_id:
            return self._needs_session(request)
        note = note.strip()[:LONGEST_NOTE]
        try:
            key = self.keys.make(person.name, note)
        except KeyRefused:
            return self._account_page(request, error=self._texts(request).too_many_keys, status=422)
        self._record(person, Action.KEY_MADE, note)
        return self._account_page(request, new_key=key)

    def revoke_key(self, request: Request, key_id: int) -> Response:
        person = person_of(request)
        if not person.session_id:
            return self._needs_session(request)
        try:
            held = self.keys.revoke(key_id, name=person.name)
        except KeyRefused:  # the other tab was faster
            return RedirectResponse("/account", 303)
        self._record(person, Action.KEY_REVOKED, held.note)
        return RedirectResponse("/account?done=key", 303)

    # -- what all of them need ------------------------------------------------------------------------------

    def _texts(self, request: Request) -> AccessTexts:
        return ACCESS_TEXTS[language_of(request, default=self.web.language)]

    def _login_page(
        self,
        request: Request,
        next: str,
        *,
        name: str = "",
        told: str = "",
        error: str = "",
        status: int = 200,
    ) -> Response:
        return self._page(
            request, "login.html", status, next=local_path(next), name=name[:100], told=told, error=error
        )

    def _account_page(
        self, request: Request, *, told: str = "", error: str = "", new_key: str = "", status: int = 200
    ) -> Response:
        person = person_of(request)
        if not person.session_id:
            return self._needs_session(request)
        texts = self._texts(request)
        held = [
            (item, device_of(item.agent) or texts.unknown_device) for item in self.sessions.of(person.name)
        ]
        return self._page(
            request, "account.html", status, person=person, told=told, error=error, new_key=new_key, sessions=held,
            keys=self.keys.of(person.name), shortest=SHORTEST,
        )  # fmt: skip

    def _page(self, request: Request, template: str, status: int, **shown: Any) -> Response:
        language = language_of(request, default=self.web.language)
        return page(
            request, template, current="account", language=language, status=status, access=ACCESS_TEXTS[language],
            **shown,
        )  # fmt: skip

    def _needs_session(self, request: Request) -> Response:
        return refusal(request, "needs_session", language=self.web.language)

    def _with_cookie(self, request: Request, response: Response, name: str) -> Response:
        """Return the response with the cookie of a new log-in, which ends with the browser at the latest."""
        agent = request.headers.get("user-agent", "")
        token = self.sessions.start(name, address=address_of(request), agent=agent)
        response.set_cookie(
            SESSION_COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https"
        )
        return response

    def _record(self, person: Person, action: Action, object: str = "", detail: str = "") -> None:
        record(self.database, person, action, object, detail, now=self.now)


def local_path(path: str) -> str:
    """Return a path of this server as it is, "/" for anything that would lead elsewhere or back to the log-in."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    # Browsers take \ for /, and leave out tabs and line breaks.
    leads_on = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    is_here = leads_on and not parts.scheme and not parts.netloc
    return path if is_here and parts.path not in ("/login", "/logout") else "/"


def _as(user: User, request: Request) -> Person:
    return replace(NOBODY, name=user.name, role=Role(user.role), address=address_of(request))
