"""A mail server that delivers nowhere and keeps every letter for the control page: the little of RFC 5321 it takes."""

import email
import email.policy
import re
import secrets
import socketserver
import time
from email.message import EmailMessage

from .store import Thing
from .world import World

LARGEST = 10 * 1024 * 1024
ADDRESS = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>", re.IGNORECASE)


class Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to QUIT."""

    server: "MailServer"
    timeout = 30

    def handle(self) -> None:
        """Answer line by line until the client leaves."""
        self.sender, self.recipients = "", list[str]()
        self.say("220 sandbox ESMTP")
        while line := self.rfile.readline(2048):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                return self.say("221 Bye")
            self.obey(verb.upper(), rest)
        return None

    def obey(self, verb: str, rest: str) -> None:
        """One command."""
        found = ADDRESS.match(rest)
        if verb == "EHLO":
            self.say("250-sandbox", "250-8BITMIME", "250-SMTPUTF8", f"250 SIZE {LARGEST}")
        elif verb == "MAIL" and found:
            self.sender, self.recipients = found[1], []
            self.say("250 OK")
        elif verb == "RCPT" and found and found[1]:
            self.recipients.append(found[1])
            self.say("250 OK")
        elif verb == "DATA":
            self.take_letter()
        elif verb in {"HELO", "NOOP", "RSET"}:
            if verb == "RSET":
                self.sender, self.recipients = "", []
            self.say("250 OK")
        else:
            self.say("501 Not understood" if verb in {"MAIL", "RCPT"} else "502 Not known here")

    def take_letter(self) -> None:
        """The letter ends with a line of one dot; other lines that begin with a dot lose it."""
        if not self.recipients:
            return self.say("503 To whom?")
        self.say("354 Go on, end with a dot")
        raw = bytearray()
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            raw += line[1:] if line.startswith(b".") else line
            if len(raw) > LARGEST:
                return self.say("552 Too large")
        keep(self.server.world, self.sender, self.recipients, bytes(raw))
        self.recipients = []
        return self.say("250 Kept")

    def say(self, *lines: str) -> None:
        """Send answer lines."""
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on this machine only."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, world: World, port: int) -> None:
        """Bind; port 0 takes a free one."""
        self.world = world
        super().__init__(("127.0.0.1", port), Conversation)


def keep(world: World, sender: str, recipients: list[str], raw: bytes) -> Thing:
    """File one letter under each of its readers."""
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    mail: Thing = {
        "from": sender,
        "to": recipients,
        "subject": str(letter.get("Subject", "")),
        "text": part_of(letter, "plain"),
        "html": part_of(letter, "html"),
        "attachments": [part.get_filename() or "" for part in letter.iter_attachments()],
        "headers": {name: str(value) for name, value in letter.items()},
        "at": time.time(),
    }
    with world.store.transaction():
        for reader in recipients:
            copy = {**mail, "id": "mail_" + secrets.token_hex(8), "reader": reader.lower()}
            world.store.put("mail", copy, parent=reader.lower())
    return mail


def part_of(letter: EmailMessage, kind: str) -> str:
    """The decoded text of one kind, or an empty text."""
    part = letter.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
