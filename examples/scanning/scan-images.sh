#!/bin/sh
# Scans every image of this engine with Trivy, and puts the reports where docksill finds them. For docksill-scan.timer beside it.
# Needs trivy, docker and docksill on the path, and the right to use the engine's socket.
set -u
folder=${1:-/var/lib/docksill/scans}
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
failed=0

for image in $(docker image ls --quiet --no-trunc | sort -u); do
        if trivy image --quiet --format json --list-all-pkgs --output "$work/report.json" "$image" &&
                docksill scan add --folder "$folder" --image "$image" "$work/report.json"; then
                continue
        fi
        echo "not scanned: $image" >&2
        failed=1
done

# Reports on images that are gone are of no use to anybody.
find "$folder" -name '*.json' -mtime +90 -delete
exit "$failed"
