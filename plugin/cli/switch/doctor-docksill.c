#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/engine/request.h"
#include "docksill/serve/server-limits.h"
#include "doctor.h"
#include "watched.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DAY           (INT64_C(24) * 3600 * 1000000)
#define SOON          (14 * DAY)
#define NAMES_SHOWN   5
#define ROOM_LEAST    (16ull * 1024 * 1024) /* bytes for records */
#define CLOCK_EARLIER 60                    /* seconds */

DEFINE_CLEANUP(DIR *, closedir);

static void look_at_socket(struct doctor *d) {
        bool registered = daemon_json_names(&d->r.file, d->r.plugin);
        char path[PATH_MAX];
        struct stat st;

        if (!doctor_path(d, d->r.socket, path, sizeof(path)))
                return;
        if (stat(path, &st) < 0 || !S_ISSOCK(st.st_mode)) {
                doctor_find(d, "socket-missing",
                            registered ? "Start docksill (systemctl start docksill.socket docksill) before dockerd is "
                                         "started or reloaded, or run docksill disable."
                                       : "Start docksill: systemctl start docksill.socket docksill.",
                            registered ? "there is no socket at %s, and dockerd does not start without it"
                                       : "there is no socket at %s",
                            d->r.socket);
                return;
        }
        if (st.st_mode & 0077)
                doctor_find(d, "socket-mode", "Set it to 0600 (SocketMode= of docksill.socket).",
                            "docksill's socket %s has mode %04o: others than dockerd may ask it what passes",
                            d->r.socket, (unsigned)st.st_mode & 07777);
        if (d->own.asked != ASKED_YES)
                doctor_find(d, "docksill-silent", "See systemctl status docksill, and its journal.",
                            "nobody answers as docksill at %s: %s", d->r.socket, d->own.why);
}

static void look_at_rules(struct doctor *d) {
        const struct asked_answer *own = &d->own;

        if (!d->rules_read)
                doctor_find(d, "rules-invalid", "Run docksill check, which says what, and mend it.",
                            "docksill's settings or rules are not right: it would not start with them, or start with "
                            "the last good ones");
        if (own->asked != ASKED_YES)
                return;
        if (json_is_true(json_object_get(own->proof, "last_good")))
                doctor_find(d, "last-good", "Run docksill check, mend what it names, then systemctl reload docksill.",
                            "docksill runs with the last good set, since its files were bad when it started");
        else if (d->rules_read && !str_eqz(ruleset_digest(d->setup.rules), asked_text(own, "rules_digest")))
                doctor_find(d, "rules-not-in-force", "Run systemctl reload docksill.",
                            "other rules are in force than the files say");
}

/* All rules of a folder, whatever environments make of them; NULL: it can't be read. */
static struct ruleset *rules_of(const char *folder) {
        const char *paths[] = { folder };
        struct ruleset *rules = NULL;
        struct diag unheard;

        diag_init(&unheard);
        if (ruleset_load_rules(&rules, paths, 1, &unheard) < 0)
                rules = NULL;
        diag_deinit(&unheard);
        return rules;
}

/* Of a copy of the rules nobody sees that the package's have gone on. */
static void look_at_age(struct doctor *d) {
        cleanup_(ruleset_unrefp) struct ruleset *shipped = NULL;
        cleanup_(ruleset_unrefp) struct ruleset *used = NULL;
        cleanup_(text_deinit) struct text names;
        char folder[PATH_MAX];
        struct rule_view view;
        size_t n = 0;

        text_init(&names);
        if (!d->rules_read || strcmp(d->r.config.rules, DOCKSILL_RULES) == 0 ||
            !doctor_path(d, DOCKSILL_RULES, folder, sizeof(folder)))
                return;
        shipped = rules_of(folder);
        used = shipped ? rules_of(d->r.config.rules) : NULL;
        view = used ? ruleset_rules(shipped) : (struct rule_view){ 0 };
        for (size_t i = 0; i < view.n; ++i)
                if (!ruleset_rule(used, view.items[i]->id) && n++ < NAMES_SHOWN)
                        text_addf(&names, "%s%" STR_FMT, n > 1 ? ", " : "", STR_ARG(view.items[i]->id));
        if (n)
                doctor_find(d, "rules-older",
                            "Take over what the package has, or use its rules and an environment of your own that "
                            "extends one of them.",
                            "the rules in %s lack %zu that the package has: %s%s", d->r.config.rules, n,
                            names.p ? names.p : "", n > NAMES_SHOWN ? " …" : "");
}

static void look_at_exemptions(struct doctor *d) {
        struct exemption_view view = d->rules_read ? ruleset_exemptions(d->setup.rules) : (struct exemption_view){ 0 };
        int64_t now = clock_wall();

        for (size_t i = 0; i < view.n; ++i) {
                const struct exemption *e = view.items[i];

                if (e->until <= now)
                        doctor_find(d, "exemption-ended", "Take it out, or have its owner set another day.",
                                    "exemption %" STR_FMT " has ended (expires %" STR_FMT ")", STR_ARG(e->id),
                                    STR_ARG(e->expires));
                else if (e->until <= now + SOON)
                        doctor_find(d, "exemption-ends", "Ask its owner before it refuses somebody.",
                                    "exemption %" STR_FMT " ends soon (expires %" STR_FMT ")", STR_ARG(e->id),
                                    STR_ARG(e->expires));
        }
}

/* -- records -- */

/* Whether docksill has the file open; true where that can't be seen. */
static bool has_open(const struct doctor *d, const struct stat *file) {
        json_int_t pid = json_integer_value(json_object_get(d->own.proof, "pid"));
        cleanup_(closedirp) DIR *fds = NULL;
        struct dirent *entry;
        char path[64];
        struct stat st;

        snprintf(path, sizeof(path), "/proc/%lld/fd", (long long)pid);
        fds = *d->r.root || pid <= 0 ? NULL : opendir(path);
        if (!fds)
                return true;
        while ((entry = readdir(fds)))
                if (fstatat(dirfd(fds), entry->d_name, &st, 0) == 0 && st.st_dev == file->st_dev &&
                    st.st_ino == file->st_ino)
                        return true;
        return false;
}

static void look_at_file(struct doctor *d, const char *path) {
        struct statvfs disk;
        struct stat st;

        if (stat(path, &st) < 0) {
                if (d->own.asked == ASKED_YES)
                        doctor_find(
                                d, "records-missing",
                                "systemctl kill -s USR1 docksill makes it anew; see its journal for why it was not.",
                                "there is no file of records at %s", d->r.config.records);
                return;
        }
        if (d->own.asked == ASKED_YES && !has_open(d, &st))
                doctor_find(d, "records-elsewhere", "Run systemctl kill -s USR1 docksill.",
                            "docksill does not write to %s: it was moved or made anew by somebody",
                            d->r.config.records);
        if (statvfs(path, &disk) == 0 && (unsigned long long)disk.f_bavail * disk.f_frsize < ROOM_LEAST)
                doctor_find(d, "records-no-room", "Make room, or rotate more often: /etc/logrotate.d/docksill.",
                            "the disk of %s is nearly full", d->r.config.records);
        if (st.st_mode & 0004)
                doctor_find(d, "records-readable", "chmod o-r it.", "everybody may read %s", d->r.config.records);
        if (st.st_mtime > clock_wall() / 1000000 + CLOCK_EARLIER)
                doctor_find(d, "clock-wrong", "Set the clock, and have it kept (timedatectl set-ntp true).",
                            "records were written later than it is now: the clock is wrong, or was");
}

static void look_at_records(struct doctor *d) {
        char path[PATH_MAX];

        if (d->r.config_read && strcmp(d->r.config.records, "-") != 0 &&
            doctor_path(d, d->r.config.records, path, sizeof(path)))
                look_at_file(d, path);
}

/* -- lookups -- */

/* Is a read of anybody refused by `access:`? */
static bool is_denied(const struct doctor *d, const char *target) {
        cleanup_(arena_deinit) struct arena arena;
        struct request request;
        struct decision decision;
        char text[160];

        arena_init(&arena, SERVER_REQUEST_MEMORY);
        snprintf(text, sizeof(text), "{\"RequestMethod\":\"GET\",\"RequestUri\":\"%s\"}", target);
        if (request_read(&request, &arena, str_from(text)) != ENVELOPE_READ)
                return false;
        decide(&decision, d->setup.rules, &request, MODE_ENFORCE, &arena);
        return decision.verdict == VERDICT_DENY && decision.gate == GATE_ACCESS;
}

/* They come back as calls of the Unix socket's anonymous caller, and are judged like any. */
static void look_at_lookups(struct doctor *d) {
        static const char *const asked[] = { "/images/x/json", "/volumes/x", "/containers/x/json", "/networks/x" };

        if (!d->rules_read || !d->r.config.lookup_docker)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(asked); ++i) {
                if (!is_denied(d, asked[i]))
                        continue;
                doctor_find(
                        d, "lookups-denied",
                        "Let the anonymous caller of the Unix socket read images, volumes, containers and networks, "
                        "or set lookups.docker: off.",
                        "docksill's own lookups (GET %s) are denied by `access:`, so what they would tell is "
                        "unknown",
                        asked[i]);
                return;
        }
}

/* -- who watches -- */

static void look_at_control(struct doctor *d) {
        cleanup_(text_deinit) struct text why;
        json_auto_t *status = NULL;
        const char *unready;
        char path[PATH_MAX];

        text_init(&why);
        if (d->own.asked != ASKED_YES || !d->r.control || !doctor_path(d, d->r.control, path, sizeof(path)))
                return;
        status = watched_status(path, &why);
        unready = json_string_value(json_object_get(status, "unready"));
        if (!status) {
                doctor_find(d, "control-silent",
                            "See docksill's journal for why it is not served, or set control: off.",
                            "docksill answers, but not at its control socket %s: %s", d->r.control,
                            why.p ? why.p : "no memory");
        } else if (unready) {
                text_add_visible(&why, str_from(unready), 200);
                doctor_find(d, "not-ready", "See docksill's journal.", "docksill says that it is not ready: %s",
                            why.p ? why.p : "no memory");
        }
}

void doctor_look_at_docksill(struct doctor *d) {
        look_at_socket(d);
        look_at_rules(d);
        look_at_age(d);
        look_at_exemptions(d);
        look_at_records(d);
        look_at_lookups(d);
        look_at_control(d);
}
