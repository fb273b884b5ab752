"""Reads an HTML report as a browser would, as far as a report goes: whether it is well nested, and what it says."""

import collections
import html.parser
import re

VOID = {"meta", "br", "input", "link", "img", "hr"}
# All that a report is made of; in capitals or not, anything else is a stranger's.
TAGS = set("""html head meta title style body header nav main section h1 h2 h3 p a ul ol li dl dt dd div span strong small code br
time figure figcaption table caption thead tbody tr th td details summary form label select option input button output script
svg desc text rect g""".split())
ATTRIBUTES = set("""lang charset http-equiv content name id class href hidden open data-severity data-state data-area tabindex role scope
aria-label aria-labelledby aria-hidden aria-live datetime value type autocomplete viewbox x y width height rx
preserveaspectratio""".split())


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.labels, self.links, self.headings = [], [], [], [], []
        self.count = collections.Counter()
        self.groups = []  # state, severity and how many findings
        self.policy = ""
        self.text = []  # outside of style and script
        self.unnamed = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS, f"<{tag}> is none of ours"
        assert len({name for name, _ in attributes}) == len(attributes), f"<{tag}> has an attribute twice"
        values = dict(attributes)
        assert not set(values) - ATTRIBUTES, f"<{tag}> has {set(values) - ATTRIBUTES}"
        self.count[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        self.labels += values.get("aria-labelledby", "").split()
        if "href" in values:
            assert values["href"].startswith("#"), values["href"]
            self.links.append(values["href"][1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag == "th" and values.get("scope") not in ("row", "col"):
            self.unnamed.append("th without scope")
        if tag in ("input", "select") and "label" not in self.open:
            self.unnamed.append(f"{tag} without label")
        if tag == "svg" and "aria-labelledby" not in values and values.get("aria-hidden") != "true":
            self.unnamed.append("svg without title")
        if tag == "details" and values.get("class") == "group":
            self.groups.append([values["data-state"], values["data-severity"], 0])
        if tag == "li" and self.groups and self.names:
            self.groups[-1][2] += 1
        if tag == "ul":
            self.names = "names" in (values.get("class") or "").split()

    names = False

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert tag not in VOID and self.open and self.open[-1] == tag, f"</{tag}> within {self.open[-3:]}"
        self.open.pop()
        if tag == "ul":
            self.names = False

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data[:80])

    def unknown_decl(self, data):
        raise AssertionError("a section: " + data[:80])


def check(text, report=None):
    """Asserts; @report: the same as docksill.audit/1, with what does not apply only if the page has it."""
    page = Page(text)
    assert text.startswith("<!DOCTYPE html>\n<html lang=")
    assert not re.search("[\0-\x09\x0b-\x1f\x7f\u2028\u202e]", text), "a control character"
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; base-uri 'none'; form-action 'none'",
                        page.policy), page.policy
    assert page.count["script"] == page.count["style"] == page.count["h1"] == page.count["main"] == 1, page.count
    assert page.count["title"] > 0 and page.count["table"] == page.count["caption"]
    assert page.count["details"] == page.count["summary"]
    assert not page.unnamed, page.unnamed[:5]
    assert len(page.ids) == len(set(page.ids)), "an id twice"
    assert set(page.labels + page.links) <= set(page.ids), set(page.labels + page.links) - set(page.ids)
    assert page.headings[0] == 1 and all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:])), page.headings
    if not report:
        return page
    shown = {state for state, _, _ in page.groups}
    wanted = collections.Counter((f["state"], f["severity"] if f["state"] == "fail" else "none") for f in report["findings"]
                                 if f["state"] != "not-applicable" or f["state"] in shown)
    found = collections.Counter()
    for state, severity, n in page.groups:
        found[state, severity] += n
    assert found == wanted, f"{found}, but JSON has {wanted}"
    words = "".join(page.text)
    for fact in report["facts"]:
        assert fact["name"] in words
    for table in report["tables"]:
        assert all(str(cell) in words for row in table["rows"] for cell in row if re.fullmatch("[ -~]*", str(cell)))
    return page
