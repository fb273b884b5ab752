#!/usr/bin/env bash
# Every kind of bad file in the place of each that a reload reads, under load, and SIGHUPs in a row: no answer is wrong.
exec "$(dirname "$0")/../faults/reload.py" --short
