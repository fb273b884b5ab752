#!/usr/bin/env python3
"""Makes a manual page: fills in what the program itself knows, and has scdoc write it.

    page.py DOCKSILL VERSION SCDOC PAGE.scd >PAGE

A line of the source that is one of these is replaced:

    @commands@         every command; those with a page of their own in a sentence
    @command NAME@     a command with its options; the members of a family one by one
    @facts@ @operations@ @codes@ @keys@      the tables of the program, whole

and @version@ wherever it stands.
"""
import json
import pathlib
import re
import subprocess
import sys


def ask(docksill, *arguments):
    return json.loads(subprocess.run([docksill, *arguments, "--format", "json"], check=True, stdout=subprocess.PIPE).stdout)


def plain(text):
    """Text in which nothing is markup, on one line."""
    text = re.sub(r"([\\*_`|])", r"\\\1", " ".join((text or "").split()))
    return re.sub(r"^([#;+.'-])", r"\\\1", text)


def sentence(text):
    """Without its last stop, so that more can follow."""
    return plain(text).rstrip(".")


def term(name, *lines):
    """A name, and indented below it what it is."""
    yield name
    for i, line in enumerate(line for line in lines if line):
        if i:
            yield ""
        yield "\t" + line
    yield ""


def options(command):
    for row in command["options"]:
        argument = " _" + plain(row["argument"]) + "_" if row["argument"] else ""
        yield from term("*--" + plain(row["name"]) + "*" + argument, plain(row["doc"]))


def synopsis(command):
    arguments = plain(command["arguments"])
    return "*docksill " + plain(command["name"]) + "* [_OPTION_…]" + (" " + arguments if arguments else "")


def one_command(command):
    yield synopsis(command)
    yield ""
    yield plain(command["summary"])
    if command["doc"]:
        yield ""
        yield plain(command["doc"])
    yield ""
    yield from options(command)


def members(command):
    return command.get("commands", [command])


def command_section(commands, name):
    """For a page of its own: a family's members below headings."""
    for command in members(next(c for c in commands if c["name"] == name)):
        if command["name"] != name:
            yield "## " + plain(command["name"])
            yield ""
        yield from one_command(command)


def commands_section(commands, pages):
    """All: what has no page of its own is told here."""
    for command in commands:
        page = "docksill-" + command["name"]
        if page in pages:
            yield from term("*docksill " + plain(command["name"]) + "*", plain(command["summary"]),
                            "See *" + page + "*(1).")
            continue
        for member in members(command):
            yield from term(synopsis(member), plain(member["summary"]), plain(member["doc"]),
                            *("*--" + plain(o["name"]) + "*" + (" _" + plain(o["argument"]) + "_" if o["argument"] else "") +
                              ": " + plain(o["doc"]) + "." for o in member["options"]))


def fact(row, name):
    what = [row["type"]]
    if row["confidential"]:
        what.append("confidential")
    if row["bound"]:
        what.append("bound")
    if row["default"]:
        what.append("default " + row["default"])
    if row["off"]:
        what.append("when off " + row["off"])
    doc = row["doc"] or ""
    if row["values"] and "|" not in doc:
        doc += ": " + " | ".join(row["values"])
    yield from term("*" + plain(name) + "*", sentence(doc[:1].upper() + doc[1:]) + ".",
                    plain(", ".join(what)[:1].upper() + ", ".join(what)[1:]) + "." +
                    (" From " + plain(row["from"]) + "." if row["from"] else ""))


def facts_section(docksill):
    for row in ask(docksill, "facts", "list")["facts"]:
        yield from fact(row, row["name"])
        for element in row.get("elements", []):
            yield from fact(element, row["name"] + "[]." + element["name"])


def operations_section(docksill):
    for row in ask(docksill, "operations", "list")["operations"]:
        yield from term("*" + plain(row["id"]) + "*", plain(row["method"]) + " " + plain(row["path"]),
                        sentence(row["doc"][:1].upper() + row["doc"][1:]) + ". Body: " + plain(row["body"]) +
                        "; judged by: " + plain(row["judged_by"]) + ".")


def codes_section(docksill):
    for row in ask(docksill, "explain-code")["codes"]:
        yield from term("*" + plain(row["code"]) + "*", sentence(row["meaning"][:1].upper() + row["meaning"][1:]) + ".",
                        "Remedy: " + sentence(row["remedy"]) + ".", "Wrong: " + plain(row["example"]["wrong"]),
                        "Right: " + plain(row["example"]["right"]))


def keys_section(docksill):
    for row in ask(docksill, "config", "keys")["keys"]:
        what = " | ".join(row["choices"]) or row["type"]
        yield from term("*" + plain(row["name"]) + "*: _" + plain(what) + "_",
                        plain(row["doc"]) + (" (required)" if row["required"] else ""))


def filled(source, docksill, version):
    commands = ask(docksill, "commands", "list")["commands"]
    pages = {page.name.split(".")[0] for page in source.parent.glob("*.1.scd")}
    tables = {
        "@commands@": lambda: commands_section(commands, pages),
        "@facts@": lambda: facts_section(docksill),
        "@operations@": lambda: operations_section(docksill),
        "@keys@": lambda: keys_section(docksill),
        "@codes@": lambda: codes_section(docksill),
    }
    for line in source.read_text(encoding="utf-8").replace("@version@", version).splitlines():
        named = re.fullmatch(r"@command ([a-z-]+)@", line)
        if line in tables:
            yield from tables[line]()
        elif named:
            yield from command_section(commands, named[1])
        else:
            yield line


BLOCK = re.compile(r"\.(SH|SS|P|PP|RE|RS|TS)\b")
HEAD = re.compile(r"\.(TH|SH|SS|P|PP|RS)\b")


def size(text):
    """As mandoc counts: what is not ASCII is \\[u2026] to it."""
    return sum(1 if ord(c) < 128 else 8 for c in text)


def folded(line):
    """Filled text on lines that fit; none may begin as a request does."""
    if line.startswith(".") or size(line) <= 79:
        return [line]
    lines = [""]
    for word in line.split(" "):
        if lines[-1] and size(lines[-1]) + 1 + size(word) > 79 and word:
            lines.append("\\&" + word if word[0] in ".'" else word)
        else:
            lines[-1] += (" " if lines[-1] else "") + word
    return lines


def tidy(page):
    """What mandoc's lint asks for: scdoc begins a paragraph before each block, empty ones too, and none behind an indented one."""
    lines = page.splitlines()
    kept, literal = [], False
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else ".SH"
        if re.match(r"\.P\b", line) and (BLOCK.match(following) or HEAD.match(kept[-1])):
            continue
        if line.startswith(".TH "):
            name, rest = line[4:].split(" ", 1)
            line = ".TH " + name.upper() + " " + rest
        literal = line.startswith(".nf") or (literal and not line.startswith(".fi"))
        kept += [line] if literal else folded(line)
        if line.startswith(".RE") and not following.startswith("."):
            kept.append(".P")
    return "\n".join(kept) + "\n"


def main():
    docksill, version, scdoc, source = sys.argv[1:]
    text = "\n".join(filled(pathlib.Path(source), docksill, version))
    text = re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"
    made = subprocess.run([scdoc], input=text, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(tidy(made.stdout))


main()
