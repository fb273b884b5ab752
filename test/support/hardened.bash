# shellcheck shell=bash
# hardened.bash: how a program was compiled and linked, read from the program itself. Sourced behind test/check.sh.

hardened_file() {
        grep -Eq -- "$2" "$1" || { head -n 40 "$1"; return 1; }
}

# Of each function there is one; the program's own start and end are the distribution's.
hardened_pads() {
        local bare

        bare=$(awk '/^[0-9a-f]+ <[a-z0-9_]+(\.[a-z0-9.]+)?>:$/ { name = $2; getline; if ($0 !~ /endbr64/) print name }' "$1" |
                grep -vE '^<(_init|_fini|_start|deregister_tm_clones|register_tm_clones)>:$|\.cold|\.part|\.constprop|\.isra|\.lto_priv' | head)
        [ "$(grep -c endbr64 "$1")" -gt 100 ] || { printf 'few landing pads; without one: %s\n' "$bare"; return 1; }
}

# hardened PROGRAM: a check for each.
hardened() {
        local program=$1 work

        work=$(mktemp -d) || return
        readelf -Wlhdn "$program" >"$work/headers" 2>/dev/null
        readelf -W --dyn-syms "$program" >"$work/symbols"
        objdump -d --no-show-raw-insn "$program" >"$work/code"
        check 'its place in memory is not foreseeable (PIE)' hardened_file "$work/headers" 'Flags:.* PIE'
        check 'what is linked is linked at the start (BIND_NOW)' hardened_file "$work/headers" 'BIND_NOW|Flags: NOW'
        check 'and read-only then (RELRO)' hardened_file "$work/headers" 'GNU_RELRO'
        check 'its stack holds no code' hardened_file "$work/headers" 'GNU_STACK .* RW '
        check 'and is guarded (stack protector)' hardened_file "$work/symbols" ' __stack_chk_fail'
        check 'copies are bounded (FORTIFY)' hardened_file "$work/symbols" ' __(mem|str|v?sn?|v?f)[a-z]+_chk'
        check 'no library is looked for elsewhere' test -z "$(grep -E 'RPATH|RUNPATH' "$work/headers")"
        if [ "$(uname -m)" = x86_64 ]; then
                # shellcheck disable=SC2016 # as objdump writes it
                check 'a large frame is touched page by page (stack clash)' hardened_file "$work/code" 'orq +\$0x0,\(%rsp\)'
                check 'returns may be held against a shadow stack (CET)' hardened_file "$work/headers" 'x86 feature:.*SHSTK'
                check 'jumps lead where code means them to (CET)' hardened_pads "$work/code"
                if readelf -nW "$(gcc -print-file-name=Scrt1.o)" 2>/dev/null | grep -q IBT; then
                        check 'which is said where the start files do' hardened_file "$work/headers" 'x86 feature:.*IBT'
                fi
        fi
        rm -rf "$work"
}
