"""The texts people agree to: every version stays readable, and says whether it still counts."""

import hashlib

import pytest

from accounts import consents
from accounts.models import LegalText

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_terms(tmp_path):
    """The terms were changed once, in Chinese and English."""
    for text in LegalText.objects.filter(version=1):
        (tmp_path / f"{text.kind}.{text.language}.md").write_text(f"# {text.title}\n\n{text.body}", "utf-8")
    (tmp_path / "terms.zh-hans.md").write_text("# 用户协议\n\n第二版的内容。", "utf-8")
    (tmp_path / "terms.en.md").write_text("# Terms\n\nThe second words.", "utf-8")
    consents.load(folder=tmp_path)


def test_the_newest_version_is_shown_with_all_of_them(client, second_terms):
    page = client.get("/legal/terms/").content.decode()
    assert "第二版的内容" in page and 'href="/legal/terms/1/"' in page and "已被" not in page
    assert hashlib.sha256("# 用户协议\n\n第二版的内容。".encode()).hexdigest() in page
    assert LegalText.objects.get(kind="terms", version=1, language="zh-hans").sha256 in page


def test_an_old_version_says_so_and_is_not_for_search_engines(client, second_terms):
    answer = client.get("/en/legal/terms/1/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "no longer in force: version 2" in page and "The second words" not in page
    assert "noindex" in page and 'href="/en/legal/terms/"' in page
    assert answer["Cache-Control"].startswith("public")


def test_the_newest_version_has_an_address_that_stays(client, second_terms):
    page = client.get("/legal/terms/2/").content.decode()
    assert "第二版的内容" in page and "noindex" not in page


@pytest.mark.parametrize("path", ["/legal/terms/9/", "/legal/nothing/", "/legal/nothing/1/", "/legal/terms/0/"])
def test_what_was_never_written_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_language_without_the_text_reads_english_and_says_so(client):
    page = client.get("/rw/legal/terms/").content.decode()
    assert '<html lang="rw"' in page and 'class="prose" lang="en"' in page


def test_every_text_is_listed(client):
    page = client.get("/legal/").content.decode()
    assert all(f'href="/legal/{kind}/"' in page for kind in ("consumer_notice", "privacy", "terms", "seller_rules"))
