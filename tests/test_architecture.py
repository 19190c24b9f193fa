"""The shape of the house, held by reading its source: layers' doors, one way to queue, one way to change a status."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
APPS = ("kernel", "accounts", "sellers", "catalog", "orders", "logistics", "payments", "marketplace")
EDGES = {"storefront", "dashboard", "api", "forms", "admin", "urls", "tasks", "webhooks"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
WRITES = {"update", "bulk_update", "bulk_create", "update_or_create"}
SCRIPTS = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.I)
HANDLERS = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|style)\s*=", re.I)
STYLES = re.compile(r"<style\b", re.I)
FOREIGN = re.compile(r"(?:src|href|action|srcset|poster|data)\s*=\s*[\"']\s*(?:https?:)?//", re.I)
SOMEBODYS_FOLDER = re.compile(r"(?<![\w./:}-])/(?:work|home|Users|mnt)/\w+")
URL_TAG = re.compile(r"{%\s*url\s+[\"']([^\"']+)[\"']")


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), _parsed(path)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, by its full name."""
    here = path.parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = ".".join([*base, *(node.module.split(".") if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_nobody_goes_through_another_apps_edges():
    """Pages, forms, admin and tasks of an app are its own; the roof alone takes `urls`, to mount them."""
    wrong = []
    for path, tree in modules(*APPS):
        app = path.parts[0]
        for name in imports(path, tree):
            owner, _dot, rest = name.partition(".")
            edge = rest.partition(".")[0]
            mounting = path == Path("marketplace/urls.py") and edge == "urls"
            if owner in APPS and owner != app and edge in EDGES and not mounting and not _is_kernel_base(name):
                wrong.append(f"{path} imports {name}")
    assert not wrong, "\n".join(wrong)


def _is_kernel_base(name: str) -> bool:
    """What kernel offers to every app's admin is a base to build on, not a page."""
    return name.startswith("kernel.staff")


def test_nobody_imports_upwards():
    wrong = []
    for path, tree in modules(*APPS):
        rank = APPS.index(path.parts[0])
        for name in imports(path, tree):
            owner = name.partition(".")[0]
            if owner in APPS and APPS.index(owner) > rank:
                wrong.append(f"{path} imports {name}")
            if owner in {"sandbox", "tests"}:
                wrong.append(f"{path} imports {name}, which is not the product")
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_imports_stand_at_the_top():
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in modules(*APPS, "sandbox")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and path.name not in ALLOWED_INSIDE
    ]
    assert not wrong, "\n".join(wrong)


# An app's `ready` imports its checks when Django is up; the runner's test wiring needs what only tests install.
ALLOWED_INSIDE = {"apps.py", "wiring.py"}


def test_only_the_relay_talks_to_the_broker():
    wrong = []
    for path, tree in modules(*APPS):
        if path.parts[0] == "kernel":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"}:
                if path != Path("marketplace/celery.py"):
                    wrong.append(f"{path}:{node.lineno} .{node.attr}")
    assert not wrong, "\n".join(wrong)


def test_a_status_moves_by_move_alone():
    """No `row.status = …` and no `update(status=…)` on anything that has a life, outside `kernel.lifecycle`."""
    wrong = []
    for path, tree in modules(*APPS):
        if path == Path("kernel/lifecycle.py"):
            continue
        for node in ast.walk(tree):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            flat = [it for target in targets for it in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(it, ast.Attribute) and it.attr == "status" for it in flat):
                wrong.append((path, node.lineno, ast.unparse(node)))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                if any(word.arg == "status" for word in node.keywords):
                    wrong.append((path, node.lineno, ast.unparse(node)))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and "'status'" in ast.unparse(node):
                wrong.append((path, node.lineno, ast.unparse(node)))
    mine = {(str(path), text.split("(")[0]) for path, _line, text in wrong}
    undeclared = [f"{path}:{line} {text}" for path, line, text in wrong if (str(path), text.split("(")[0]) not in PLAIN]
    assert not undeclared, "\n".join(undeclared)
    assert mine >= PLAIN, "these places are gone"


# Rows whose status is a plain column, without a life: a message's, a picture's, an idempotent answer's. And one that
# shows the caller, in its own copy, what `move` did to the locked row.
PLAIN = {
    ("accounts/messages.py", "message.status = status"),
    ("catalog/listing.py", "product.status = fresh.status"),
    ("catalog/pictures.py", "Picture.objects.filter"),
    ("kernel/idempotency.py", "IdempotencyKey.objects.filter"),
}


def test_tasks_are_asked_for_by_ids_alone():
    """A job carries ids, never a row or somebody's data: seen here without running what asks for it."""
    wrong = [
        f"{path}:{node.lineno} {ast.unparse(word.value)}"
        for path, tree in modules(*APPS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "work.later"
        for word in node.keywords
        if word.arg not in {"due", "once", None}
        and not re.search(r"(_id|pk|digest|key)\b|\bid\b|\[:\d+\]|\bname\b", f"{word.arg}")
    ]
    assert not wrong, "\n".join(wrong)


# Templates ------------------------------------------------------------------------------------------------------------


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"
        else:
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def pages() -> list[Path]:
    return [path for path in TEMPLATES if path.suffix in {".html", ".txt", ".svg"}]


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_is_sound(path):
    text = path.read_text(encoding="utf-8")
    get_template(str(path.relative_to(ROOT / "templates")))
    known = set(names())
    assert {name for name in URL_TAG.findall(text) if name not in known} == set(), "no such address"
    without_comments = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", "", text, flags=re.S)
    for what, pattern in (("script", SCRIPTS), ("style", STYLES), ("attribute", HANDLERS), ("host", FOREIGN)):
        found = pattern.search(without_comments)
        assert not found, f"an inline or foreign {what}: {found.group(0)[:100]}"


def test_styles_and_scripts_ask_nobody_else():
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in sorted((ROOT / "static").rglob("*"))
        if path.suffix in {".css", ".js"} and "vendor" not in path.parts
        for found in re.finditer(r"(?:url\(|@import|fetch\()\s*[\"']?(?:https?:)?//[^\s\"')]+", path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_house_stands_alone():
    """Nothing names a folder of somebody's machine, and nothing is read from beside the house."""
    wrong = []
    for folder in (*APPS, "sandbox", "templates", "static", "tests", "docs", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".html", ".css", ".js", ".json", ".txt", ".toml", ".csv"}:
                found = SOMEBODYS_FOLDER.findall(path.read_text(encoding="utf-8", errors="replace"))
                wrong += [f"{path.relative_to(ROOT)}: {word}" for word in found]
    assert not wrong, "\n".join(wrong)
