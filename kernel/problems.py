"""Errors of the API as RFC 9457 problem bodies: one shape for every no, a code for programs and words for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from .refusals import Refusal

MEDIA_TYPE = "application/problem+json"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. A Refusal answers with its own status, anything unforeseen stays a 500."""
    if isinstance(error, Refusal):
        set_rollback()
        return _problem(error.status, error.code, str(error), wait=getattr(error, "retry_after", None))
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        problem = _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", _first_sentence(answer.data))
        problem.data["errors"] = answer.data
        return problem
    problem = _problem(answer.status_code, _code(error), str(answer.data.get("detail", "")))
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in answer.headers:
            problem[header] = answer.headers[header]
    return problem


def _problem(status: int, code: str, detail: str, *, wait: int | None = None) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    headers = {"Retry-After": str(wait)} if wait else None
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    if isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        return codes if isinstance(codes, str) else error.default_code
    return "error"


def _first_sentence(errors: Any) -> str:
    """The first message in DRF's nest of lists and dicts, for readers that show one line."""
    while isinstance(errors, dict | list) and errors:
        errors = next(iter(errors.values())) if isinstance(errors, dict) else errors[0]
    return str(errors) if errors else ""
