"""The three people of the journey, each in a browser of their own, with the verbs of their part in the story.

They press what is written on the page in their own language: `said("Add to cart")` is that text as translated, so a
word that was left in English stops them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from catalog import illustrations, vocabulary
from marketplace.demo import samples
from sandbox.testing import Sandbox

from .outside import code_sent_to, eventually

CATCH_UP = 25
# The same word in both languages.
BORROWED = {("rw", "TIN")}


class Person:
    """Somebody with a browser, a language and perhaps a phone. Remembers whatever the browser complained about."""

    language = "en"

    def __init__(self, context: BrowserContext, *, site: str, outside: Sandbox, phone: str = "") -> None:
        self.site, self.outside, self.phone = site, outside, phone
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        watch(self.page, self.complaints, hosts={urlsplit(site).netloc, urlsplit(outside.url).netloc})

    def said(self, msgid: str, context: str = "") -> str:
        """A text of ours as this person reads it."""
        with translation.override(self.language):
            text = pgettext(context, msgid) if context else gettext(msgid)
        translated = self.language == "en" or text != msgid or (self.language, msgid) in BORROWED
        assert translated, f"not translated into {self.language}: {msgid}"
        return text

    def go(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(self.site + path)
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"

    def press(self, msgid: str, *, context: str = "") -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.said(msgid, context), exact=True).click()

    def follow(self, msgid: str, *, within: Locator | None = None) -> None:
        """Follow a link."""
        (within or self.page.locator("main")).get_by_role("link", name=self.said(msgid), exact=True).first.click()

    def write(self, **answers: str) -> None:
        """Write into fields, by their name."""
        for name, answer in answers.items():
            self.page.locator(f'main [name="{name}"]').fill(answer)

    def chooses(self, **answers: str) -> None:
        """Choose one of the answers that a field offers, be it a list or chips."""
        for name, answer in answers.items():
            field = self.page.locator(f'main [name="{name}"]')
            if field.first.evaluate("field => field.tagName") == "SELECT":
                field.select_option(answer)
            else:
                self.page.locator(f'main [name="{name}"][value="{answer}"]').check()

    def label_of(self, name: str, msgid: str) -> None:
        """The field of this name is labelled so, in this person's language."""
        expect(self.page.get_by_label(re.compile(rf"^\s*{re.escape(self.said(msgid))}")).first).to_have_attribute(
            "name", name
        )

    def sees(self, text: str) -> None:
        """The text stands on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def reads(self, msgid: str, *, context: str = "") -> None:
        """A text of ours stands on the page."""
        self.sees(self.said(msgid, context))

    def waits_for(self, wanted: Locator) -> None:
        """Look again and again until the workers have caught up."""
        for _look in range(CATCH_UP):
            try:
                return expect(wanted).to_be_visible(timeout=600)
            except AssertionError:
                self.page.reload()
        return expect(wanted).to_be_visible()

    def sign_in(self) -> None:
        """By the code that comes to the phone."""
        self.label_of("handle", "Mobile number or e-mail")
        self.write(handle=self.phone)
        self.press("Get code")
        self.label_of("code", "Code")
        self.write(code=code_sent_to(self.outside, self.phone))
        self.press("Continue")


class Seller(Person):
    """Mukamana, who weaves in Huye, on a small phone, in Kinyarwanda."""

    language = "rw"
    shop = "Abahuza Basketry"
    product = "Agaseke k'amahoro ka cm 24"

    def applies(self) -> None:
        """Chooses her language, proves her number, fills in the one page and sends photos of her papers."""
        self.go("/sell/apply/")
        self.page.get_by_role("button", name="Ikinyarwanda").first.click()
        self.sign_in()
        self.page.get_by_role("radio", name=self.said("Cooperative")).check()
        self.write(
            name=self.shop,
            legal_name="Abahuza Cooperative",
            national_id="1198570012345167",
            sector="Ngoma",
            place_note="Inyuma y'isoko rikuru",
            momo_number="0788123456",
        )
        self.page.locator('[name="district_code"]').select_option(label="Huye")
        for name, title in (("id_card", "IDENTITY CARD"), ("certificate", "COOPERATIVE CERTIFICATE")):
            self._attaches(name, samples.paper(title, (self.shop,)))
        self.page.locator('[name="agree"]').check()
        self.press("Send")
        self.reads("We have your application. We check it within 2 working days and send you a message.")

    def lists_a_basket(self) -> None:
        """Once approved: what kind, what of, what she wants for it, two photos; then off to be reviewed."""
        self.waits_for(self.page.get_by_text(self.said("Your shop is open. You can sell now.")))
        self.follow("Add a product")
        basket = vocabulary.types()["peace-basket"]
        self.page.locator("main").get_by_role("link", name="Uduseke", exact=True).click()
        self.page.locator("main").get_by_role("link", name=basket.name.rw, exact=True).click()
        self.reads("May be sent to China")
        self.chooses(**{"fact-material": "sweetgrass", "fact-technique": "coiled"})
        self.chooses(**{"fact-material": "sisal"})
        self.write(
            **{"v0-opt-height": "24", "v0-receive": "24000", "v0-weight": "330", "v0-stock": "3"},
            **{"v0-length": "28", "v0-width": "14", "v0-height": "14"},
            name=self.product,
            description="Agaseke kabohwe n'intoki mu ishinge n'ubudodo, kamara iminsi itanu kabohwa.",
        )
        self.press("Save and add photos")
        photos = [
            {
                "name": f"{view}.jpg",
                "mimeType": "image/jpeg",
                "buffer": illustrations.draw("agaseke", "it", view, pixels=480),
            }
            for view in ("front", "turned")
        ]
        self.page.locator('[name="photos"]').set_input_files(photos)
        self.press("Send the photos")
        self.follow("Continue")
        self.sees("香蒲草")
        self.press("Send for review")
        self.reads("Sent. We look at it within a day and send you a message.")

    def hears_of(self, number: str) -> None:
        """By SMS, as soon as the buyer has paid."""
        eventually(lambda: any(number in message["text"] for message in self.outside.sms_to(self.phone)))

    def accepts(self) -> None:
        """Says yes to the order that waits for her."""
        self.go("/sell/")
        self.page.locator("main .task a.button").first.click()
        self.reads("You see the address after you accept.")
        self.press("Accept order")

    def packs(self, *, grams: int) -> None:
        """Closes the box, weighs and measures it, and waits for the papers."""
        self.go("/sell/")
        self.page.locator("main .task a.button").first.click()
        self.page.locator('[name$="-weight"]').fill(str(grams))
        for side, size in (("length", "30"), ("width", "16,5"), ("height", "16")):
            self.page.locator(f'[name$="-{side}"]').fill(size)
        self.press("Packed and weighed")
        self.waits_for(self.page.get_by_role("link", name=self.said("Download"), exact=True).nth(2))

    def downloads_the_papers(self) -> list[bytes]:
        """Every paper of the parcel."""
        papers = []
        for link in self.page.get_by_role("link", name=self.said("Download"), exact=True).all():
            with self.page.expect_download() as coming:
                link.click()
            papers.append(coming.value.path().read_bytes())
        return papers

    def hands_over(self) -> None:
        """Leaves the parcel at the post counter."""
        self.press("The post has it")
        self.reads("Thank you. We follow the parcel from here and tell the buyer.")

    def finds_money(self, state: str) -> None:
        """The money page says how it stands with the one earning."""
        self.go("/sell/money/")
        self.waits_for(self.page.locator("main .status", has_text=self.said(state)).first)

    def asks_for_the_money(self) -> None:
        """Does not wait for the next run."""
        self.press("Pay me now")

    def _attaches(self, name: str, image: bytes) -> None:
        file = {"name": f"{name}.png", "mimeType": "image/png", "buffer": image}
        self.page.locator(f'[name="{name}"]').set_input_files(file)


class Moderator(Person):
    """Mugisha, who decides about shops and listings, at a desk, in English."""

    def signs_in(self, email: str, password: str) -> None:
        """At the admin's own door."""
        self.go("/admin/")
        self.page.locator('[name="username"]').fill(email)
        self.page.locator('[name="password"]').fill(password)
        self.page.locator('[type="submit"]').click()

    def approves(self, shop: str) -> None:
        """Reads the application and opens the shop."""
        self.go("/admin/sellers/moderationcase/")
        self.page.locator("#result_list").get_by_role("link", name=shop).first.click()
        self.page.get_by_role("link", name="Approve", exact=True).click()
        self.page.get_by_role("button", name="Decide").click()
        self.sees("Decided. The seller is told.")

    def publishes(self, product: str, *, name_zh: str, customs: str) -> None:
        """Gives it a Chinese name by hand, reads the words for customs, puts it on sale."""
        self.go("/admin/catalog/product/")
        self.page.locator("#result_list .field-name a").first.click()
        self.sees(product)
        form = self.page.url
        self.writes("title", name_zh)
        self.page.goto(form)
        expect(self.page.locator('[name="customs_description"]')).to_have_value(re.compile(customs))
        self.page.get_by_role("button", name="Save and publish").click()
        self.sees("Published. The seller is told.")

    def writes(self, field: str, chinese: str) -> None:
        """A Chinese text of the product before them, on its own page."""
        self.page.locator(f'.glance a[href$="/{field}/zh/"]').click()
        self.page.locator('[name="body"]').fill(chinese)
        self.page.get_by_role("button", name="Save as mine").click()
        self.sees("Saved. Below is what changed.")


class Buyer(Person):
    """Lin in Hangzhou, on a phone, in Chinese; with JavaScript off where the context has none."""

    language = "zh-hans"

    def finds(self, words: str, *, product: str) -> None:
        """Searches, and opens what she wanted."""
        self.go("/")
        self.page.locator('header [name="q"]').fill(words)
        self.page.locator('header [name="q"]').press("Enter")
        card = self.page.locator("main a.card", has_text=product).first
        self.waits_for(card)
        card.click()
        expect(self.page.locator("h1")).to_have_text(product)

    def puts_it_in_the_cart(self) -> None:
        """And goes to the checkout, where she is asked who she is."""
        self.press("Add to cart")
        self.page.locator('header nav a[href="/cart/"]').click()
        with translation.override(self.language):
            check_out = gettext("Check out (%(n)s)") % {"n": 1}
        self.page.get_by_role("link", name=check_out).click()

    def adds_an_address(self) -> None:
        """A consignee in China; the lists follow each other, with a script or with a button."""
        self.follow("Add address")
        # The script, where there is one, first fetches the regions and then takes its button away.
        self.page.wait_for_load_state("networkidle")
        self.write(recipient="林夏", phone="13800138000", street="文三路138号3幢502室", postcode="310012")
        for level, place in (("province", "浙江省"), ("city", "杭州市"), ("district", "西湖区")):
            choices = self.page.locator(f'[name="{level}_code"]')
            if not choices.locator("option", has_text=place).count():
                self.press("Show cities and districts")
            choices.select_option(label=place)
        self.press("Save")

    def orders(self) -> None:
        """Reads the one price, says who orders, ticks the notice, submits."""
        for line in ("Goods total", "Freight", "Import tax", "To pay"):
            self.reads(line)
        self.total = self.page.locator(".totals .grand dd").inner_text().strip()
        self.write(orderer="林夏")
        self.page.locator('[name="agree_notice"]').check()
        self.press("Submit order")

    def pays(self, method: str) -> None:
        """On the payment company's page, and comes back."""
        assert self.page.url.startswith(self.outside.url), self.page.url
        assert self.total.lstrip("¥") in self.page.locator(".amount").inner_text()
        self.page.locator(f'[name="method"][value="{method}"]').check()
        self.page.locator('[name="deed"][value="pay"]').click()
        self.waits_for(self.page.get_by_text(self.said("Payment successful. The makers have been told.")).first)

    def follows_the_parcel(self) -> None:
        """To her door, each step with the clock of its place and with her own."""
        timeline = self.page.locator(".timeline")
        delivered = self.page.locator(".timeline li.now", has_text=self.said("Delivered", "timeline"))
        self.waits_for(delivered.first)
        for stage in ("Order placed", "Left Kigali", "In customs"):
            expect(timeline.get_by_text(self.said(stage), exact=True).first).to_be_visible()
        with translation.override(self.language):
            clocks = gettext("%(local)s local time (%(own)s Beijing time)").partition("%(own)s")[2].strip()
        assert clocks.strip("）)") in timeline.inner_text()

    def confirms_receipt(self) -> None:
        """The seller's money is free from now on; what came may be reviewed."""
        self.waits_for(self.page.get_by_role("button", name=self.said("Confirm receipt"), exact=True))
        self.press("Confirm receipt")
        self.waits_for(self.page.locator("main .status", has_text=self.said("To review", "orders")).first)


def watch(page: Page, complaints: list[str], *, hosts: set[str]) -> None:
    """Note console errors, broken scripts, answers of 500, and every request to a host that is not ours."""

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.netloc not in hosts:
            complaints.append(f"{page.url}: asked {url}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            complaints.append(f"{response.status} {response.url}")

    listen: Callable[..., Any] = page.on
    listen("request", lambda request: asked(request.url))
    listen("response", answered)
    listen("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    listen("console", lambda message: message.type == "error" and complaints.append(f"{page.url}: {message.text}"))
