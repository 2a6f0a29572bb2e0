"""Puts the pages of students who release and of teachers who read on the server."""

from fastapi import FastAPI

from coach.app import Coach
from coach.web.desk_pages import DeskPages
from coach.web.limits import Limiter
from coach.web.release_pages import ReleasePages
from coach.web.single_sign_on import open_sign_on
from coach.web.teacher import GroupPages
from coach.web.teacher_login import LoginPages, add_refusals


def add_desk(app: FastAPI, coach: Coach, pages: DeskPages, *, limiter: Limiter) -> None:
    """Add the routes and what is said when one refuses; raises `SettingsError` for half a single sign-on."""
    app.state.desk = coach.desk
    login = LoginPages(coach.desk, pages, sign_on=open_sign_on(coach.settings))
    app.include_router(ReleasePages(coach, pages, limiter=limiter).router())
    app.include_router(login.router())
    app.include_router(GroupPages(coach.desk, pages).router())
    app.include_router(login.elsewhere())
    add_refusals(app, pages, login, minimum=coach.desk.review.minimum)
