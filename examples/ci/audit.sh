#!/bin/bash
# Audits what a deploy would bring, and leaves reports for the pipeline: of each compose file, and of the images that they name.
#
#     ./audit.sh [FOLDER]       FOLDER: where reports are left; default reports
#
# compose-NAME.sarif and images.sarif are for code scanning, images.xml is JUnit, images.txt is for people. Exits with 1 if a service would be
# refused by CONFIG (production.yaml), if an image has a finding of FAIL_ON (high) or more, or if something could not be judged. Images are
# pulled and looked at by the engine that docker asks; where there is none, images/*.json are taken, which `docker image inspect` printed
# elsewhere. IMAGES=skip leaves them out.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

DOCKSILL=${DOCKSILL:-docksill}
config=${CONFIG:-production.yaml}
reports=${1:-reports}
failed=0
shopt -s nullglob
mkdir -p "$reports" || exit 1

# said TITLE CODE: 0 is well, 1 a finding; with another code nothing was judged, which must not let the pipeline go on either.
said() {
        if [ "$2" -eq 0 ]; then
                printf 'ok      %s\n' "$1"
                return
        fi
        printf 'NOT OK  %s (exit code %d)\n' "$1" "$2"
        failed=1
}

compose() {
        if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

audit_compose() {
        local name code

        name=$(basename "$1")
        "$DOCKSILL" explain --config "$config" --format json "$1" >"$reports/explained.json" </dev/null
        code=$?
        if [ "$code" -le 1 ]; then
                jq --arg file "$1" --rawfile text "$1" -f sarif.jq "$reports/explained.json" >"$reports/compose-${name%.*}.sarif" || code=70
        fi
        [ "$code" -ne 1 ] || jq -r '.calls[].explained | select(.allow | not).refusal' "$reports/explained.json"
        rm -f "$reports/explained.json"
        said "compose file $1" "$code"
}

# images_of FILE…: the names of the images of these compose files.
images_of() {
        local file

        for file in "$@"; do
                compose -f "$file" config </dev/null | sed -n 's/^ *image: *//p'
        done | tr -d "\"'" | sort -u
}

# inspect FILE IMAGE…: what the engine says of them.
inspect() {
        local name

        for name in "${@:2}"; do
                docker pull --quiet "$name" >&2 || return
        done
        docker image inspect "${@:2}" >"$1"
}

audit_images() {
        local inspected=(images/*.json) images

        if docker version >/dev/null 2>&1; then
                readarray -t images < <(images_of compose/*)
                [ ${#images[@]} -gt 0 ] || { echo 'ok      images: none is named'; return; }
                inspect "$reports/inspected.json" "${images[@]}" || { said 'the images are pulled' 1; return; }
                inspected=("$reports/inspected.json")
        fi
        if [ ${#inspected[@]} -eq 0 ]; then
                said 'images: no engine answers, there is no images/*.json, and IMAGES=skip is not set' 4
                return
        fi
        "$DOCKSILL" audit --config "$config" --inspect "${inspected[0]}" "${inspected[@]:1}" --fail-on "${FAIL_ON:-high}" \
                --output "$reports/images.sarif" --output "$reports/images.xml" --output "$reports/images.txt" --output - </dev/null
        said 'images' $?
        rm -f "$reports/inspected.json"
}

for file in compose/*; do
        audit_compose "$file"
done
[ "${IMAGES:-}" = skip ] || audit_images
exit "$failed"
