# A text as a string of C, a line each, without its indents.
s/^ *//
/^$/d
s/[\\"]/\\&/g
s/.*/"&\\n"/
