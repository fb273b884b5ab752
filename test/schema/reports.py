#!/usr/bin/env python3
"""Reads reports back as other programs do.

    test/schema/reports.py FOLDER   the files of cli-report-formats --write FOLDER, or of docksill audit --output

JSON against report.json beside this; CSV by its header; SARIF by what code scanning asks for, and by its JSON Schema where
SARIF_SCHEMA names that file; JUnit by xmllint and junit.xsd; HTML by page.py beside this, its counts against the JSON of the same
name; OSCAL by oscal.json beside this, its references, and by the true schema where OSCAL_SCHEMA names that file. Prints what is wrong, and last "N passed, N failed".
"""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

import jsonschema

import page

HERE = pathlib.Path(__file__).parent
COLUMNS = ("area,kind,subject,subject_id,rule,title,state,severity,points,message,where,file,line,instances,count,since,known,"
           "why,fix,fix_compose,controls,fingerprint,last").split(",")


def check_json(path):
    schema = json.loads((HERE / "report.json").read_text())
    report = json.loads(path.read_text())
    jsonschema.Draft7Validator(schema).validate(report)
    assert sum(report["states"].values()) >= len(report["findings"]), "fewer states than findings"
    known = {check["id"] for check in report["checks"]}
    assert all(finding["rule"] in known for finding in report["findings"]), "a finding of no check"


def check_csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows[0] == COLUMNS, rows[0]
    for row in rows[1:]:
        assert len(row) == len(COLUMNS), row
        assert all(not re.match("[=+@-]", cell) for cell in row), row
        assert all(re.fullmatch("[0-9]+", row[COLUMNS.index(name)]) for name in ("points", "line", "instances", "count")), row
        assert not any(re.search("[\0-\x1f\x7f\u202e]", cell) for cell in row), row


def check_sarif(path):
    log = json.loads(path.read_text())
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
        assert "security" in rule["properties"]["tags"]
        assert 0 < float(rule["properties"].get("security-severity", 1)) <= 10
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") if result["kind"] == "fail" else result["level"] == "none"
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        uri = urllib.parse.urlparse(place["artifactLocation"]["uri"])
        assert not uri.scheme and not uri.netloc and uri.path and uri.path[0] != "/", uri
        assert re.fullmatch("[A-Za-z0-9/._%-]+", uri.path) and ".." not in uri.path.split("/"), uri
        assert place["region"]["startLine"] >= 1
        assert result["partialFingerprints"]
    if os.environ.get("SARIF_SCHEMA"):
        schema = json.loads(pathlib.Path(os.environ["SARIF_SCHEMA"]).read_text())
        jsonschema.validators.validator_for(schema)(schema).validate(log)


def check_junit(path):
    subprocess.run(["xmllint", "--noout", "--schema", HERE / "junit.xsd", path], check=True, capture_output=True, text=True)


def check_html(path):
    beside = path.with_suffix(".json")
    page.check(path.read_text(encoding="utf-8"), json.loads(beside.read_text()) if beside.exists() else None)


def check_oscal(path):
    document = json.loads(path.read_text())
    jsonschema.Draft7Validator(json.loads((HERE / "oscal.json").read_text())).validate(document)
    whole = document["assessment-results"]
    result = whole["results"][0]
    items = [item["uuid"] for item in result["local-definitions"].get("inventory-items", [])]
    observations = [observation["uuid"] for observation in result.get("observations", [])]
    findings = result.get("findings", [])
    own = [whole["uuid"], result["uuid"], whole["back-matter"]["resources"][0]["uuid"],
           result["local-definitions"]["components"][0]["uuid"], *items, *observations, *(f["uuid"] for f in findings)]
    assert len(own) == len(set(own)), "a UUID twice"
    assert whole["import-ap"]["href"][1:] in own
    for observation in result.get("observations", []):
        assert all(subject["subject-uuid"] in items for subject in observation.get("subjects", []))
    for finding in findings:
        status = finding["target"]["status"]
        assert finding["origins"][0]["actors"][0]["actor-uuid"] in own
        assert (status["state"] == "satisfied") == (status["reason"] == "pass")
        assert all(related["observation-uuid"] in observations for related in finding.get("related-observations", []))
        assert status["reason"] not in ("pass", "fail") or finding["related-observations"], finding["target"]
    beside = path.with_name(path.name.replace(".oscal.json", ".json"))
    if beside.exists():
        report = json.loads(beside.read_text())
        told = sum("subjects" in observation for observation in result.get("observations", []))
        assert told in (len(report["findings"]), sum(f["state"] != "not-applicable" for f in report["findings"])), told
        assert len(items) == len(report["subjects"])
    if os.environ.get("OSCAL_SCHEMA"):
        # Python knows no classes of Unicode.
        text = pathlib.Path(os.environ["OSCAL_SCHEMA"]).read_text().replace(r"\\p{L}", "[A-Za-z]").replace(r"\\p{N}", "[0-9]")
        jsonschema.Draft7Validator(json.loads(text), format_checker=jsonschema.FormatChecker()).validate(document)


CHECKS = {".oscal.json": check_oscal, ".html": check_html, ".json": check_json, ".csv": check_csv, ".sarif": check_sarif, ".sarif.json": check_sarif, ".xml": check_junit}


def main():
    passed = failed = 0
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        check = CHECKS.get(re.sub(r"^[^.]*", "", path.name))
        if not check:
            continue
        try:
            check(path)
            passed += 1
        except subprocess.CalledProcessError as error:
            failed += 1
            print(f"{path.name}: {error.stderr}")
        except Exception as error:  # any of them is a finding
            failed += 1
            print(f"{path.name}: {type(error).__name__}: {str(error)[:500]}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


sys.exit(main())
