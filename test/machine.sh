# shellcheck shell=bash disable=SC2034 # the lists are for who sources this
# machine.sh: makes a bare Debian 12 machine able to build and test, and builds. Sourced by run.sh and examples/quickstart.sh.

machine_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What building takes. Commands and libraries alike are looked for as packages; the tools below by their command, since they
# may be there from elsewhere (docker-ce's dockerd is as good as docker.io's).
machine_build=(gcc libc6-dev meson ninja-build pkg-config libmicrohttpd-dev libjansson-dev libyaml-dev libpcre2-dev libssl-dev
        libcurl4-openssl-dev libsystemd-dev zlib1g-dev)
machine_engine=(dockerd=docker.io busybox=busybox-static curl=curl jq=jq)
machine_test=(libcmocka-dev valgrind=valgrind python3=python3 shellcheck=shellcheck clang-format-14 ps=procps strace=strace
        logrotate=logrotate openssl=openssl rsyslogd=rsyslog systemd-analyze=systemd zsh=zsh fish=fish scdoc=scdoc mandoc=mandoc python3-jsonschema python3-yaml xmllint=libxml2-utils)
machine_clients=(docker-compose python3-docker npm=npm)
machine_diff=(go=golang-go golang-github-docker-docker-dev golang-gocapability-dev python3=python3)
machine_fuzz=(clang=clang libclang-rt-14-dev) # clang alone brings no run-time of its sanitizers
machine_browser=(chromium=chromium)
machine_packages=(dpkg-buildpackage=dpkg-dev dh=debhelper lintian=lintian rpmbuild=rpm rpmlint=rpmlint blhc=blhc)
machine_fleet=(ansible-playbook=ansible-core ansible-lint=ansible-lint python3-apt)
machine_debian=(debootstrap=debootstrap unshare=util-linux)
machine_bench=(h2load=nghttp2-client taskset=util-linux python3=python3)

# True if the package is installed; for COMMAND=PACKAGE if the command is there.
machine_has() {
        case $1 in
        *=*) PATH=$PATH:/usr/sbin:/sbin command -v "${1%%=*}" >/dev/null ;;
        *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
        esac
}

# machine_missing ITEM…: the packages that are to be installed, on one line.
machine_missing() {
        local item missing=()

        for item in "$@"; do
                machine_has "$item" || missing+=("${item#*=}")
        done
        printf '%s' "${missing[*]}"
}

# machine_install ITEM…: what is missing, with apt-get; says so, and nothing when all is there.
machine_install() {
        local missing log

        read -ra missing <<<"$(machine_missing "$@")"
        [ ${#missing[@]} -gt 0 ] || return 0
        if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
                printf 'missing: %s\nInstall them, or run this as root on Debian, and it does.\n' "${missing[*]}" >&2
                return 1
        fi
        printf 'installing with apt-get: %s\n' "${missing[*]}"
        [[ " ${missing[*]} " != *' docker.io '* ]] ||
                printf '(Debian starts a Docker service with docker.io; what runs here is another, of our own.)\n'
        log=$(mktemp)
        # The first try is without an update: on most machines the lists are there.
        if machine_apt_get install "${missing[@]}" >"$log" 2>&1 ||
                { machine_apt_get update && machine_apt_get install "${missing[@]}"; } >"$log" 2>&1; then
                rm "$log"
                return
        fi
        cat "$log" >&2
        rm "$log"
        return 1
}

machine_apt_get() {
        local what=$1
        shift
        DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "$what" "$@"
}

# machine_compile DIR TARGETS OPTION…: a build folder with exactly these meson options, brought up to date. Prints only failures.
machine_compile() {
        local dir=$1 targets=$2 log
        shift 2

        log=$(mktemp)
        # shellcheck disable=SC2086 # several targets
        if machine_configure "$dir" "$@" >"$log" 2>&1 && ninja -C "$dir" $targets >"$log" 2>&1; then
                rm "$log"
                # Under sudo the folder belongs to who called: their next build must not need root.
                [ -z "${SUDO_UID:-}" ] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$dir"
                return
        fi
        grep -vE '^\[[0-9]+/[0-9]+\] (Compiling|Linking|Generating)' "$log" | tail -n 60 >&2
        rm "$log"
        return 1
}

# Set up only when the options changed or the folder is broken; ninja itself sees changed build files.
machine_configure() {
        local dir=$1 wanted how=()
        shift

        wanted="$machine_top $*"
        if [ -f "$dir/build.ninja" ]; then
                [ "$(cat "$dir/docksill-options" 2>/dev/null)" != "$wanted" ] || return 0
                how=(--reconfigure)
        fi
        meson setup "${how[@]}" "$dir" "$machine_top" "$@" || meson setup --wipe "$dir" "$machine_top" "$@" || return
        printf '%s\n' "$wanted" >"$dir/docksill-options"
}

# What the engine suite, the measurements and the quick start use.
machine_compile_release() {
        machine_compile "$machine_top/build" all --buildtype=release -Db_lto=true -Dtests=false
}
