#pragma once
/*
 * config: /etc/docksill/docksill.yaml and the flags that win over it.
 *
 *         docksill: v1
 *         kind: configuration
 *         environment: production       # a name, or a file's path
 *         mode: audit                   # or enforce; else what the environment says; else audit
 *         rules: /usr/share/docksill/rules
 *         exemptions: /etc/docksill/exemptions   # a folder, or one file; the default may be missing
 *         socket: /run/docker/plugins/docksill.sock
 *         control: /run/docksill/control.sock   # where metrics, health and status are told; off: nowhere
 *         state: /var/lib/docksill    # a folder for what docksill itself is told to remember
 *         records:
 *           file: /var/log/docksill/decisions.jsonl   # "-": stdout
 *           reads: content              # none | content: of what containers and images hold | all
 *           full: wait                  # a call whose record finds no room: wait, then by the mode | refuse | drop
 *           wait: 200ms                 # for so long
 *           before-answer: none         # whose record is written before the answer is given: none | refusals | all
 *           journal: off                # off | refusals | all: records that systemd-journald gets too
 *           fsync: refusals             # when the disk is asked to store them: refusals | interval | each | never
 *         lookups:
 *           paths: on                   # follow host paths on the host; off: they are judged as written
 *           docker: unix:///run/docker.sock   # ask the engine there what a request leaves open: what an image, a
 *                                       # volume or a container that it names really is; off, the default: it is not
 *           deadline: 500ms             # for so long at most; what is not known by then is unknown
 *         capture:                      # off unless it is there: judged calls, masked, for `docksill diff`
 *           folder: /var/log/docksill/captured   # 0700
 *           keep: 10000                 # calls at most
 *           max: 64m                    # bytes at most
 *           reads: none                 # as of records
 *         scans:                        # off unless it is there: reports of scanners on images
 *           folder: /var/lib/docksill/scans
 *           ignore: /etc/docksill/scan-ignore.yaml   # vulnerabilities that are let be, each until a day
 *         host-audit: off               # daily: how the host is set up is looked at, and recorded when it is news
 *         refusal: auto                 # lines | line; auto: what suits the client that sent the request
 *         contact: platform@example.org # whom refusals say to ask
 *
 * A relative path in the file is relative to the file's folder; one in a flag, to where the command is run.
 */
#include "docksill/decide/explain.h"
#include "docksill/rules/bundle.h"
#include "docksill/rules/ruleset.h"
#include "docksill/serve/generation.h"

#define CONFIG_FILE       "/etc/docksill/docksill.yaml"
#define CONFIG_EXEMPTIONS "/etc/docksill/exemptions"
#define CONFIG_SOCKET     "/run/docker/plugins/docksill.sock"
#define CONFIG_CONTROL    "/run/docksill/control.sock"
#define CONFIG_RECORDS    "/var/log/docksill/decisions.jsonl"
#define CONFIG_STATE      "/var/lib/docksill"

/* How long a request may wait for lookups, in microseconds. The most is below the time that a stop gives to what is in
 * flight. */
#define CONFIG_DEADLINE      (500 * INT64_C(1000))
#define CONFIG_DEADLINE_MOST (2000 * INT64_C(1000))

/* How long a call may wait for its record's place, in microseconds. */
#define CONFIG_RECORD_WAIT (200 * INT64_C(1000))

/* Bytes of `contact:`. */
#define CONFIG_CONTACT_MOST 160

/* Who said so: a flag wins over a place in the file; neither: docksill's own default. */
struct setting_origin {
        const char *flag; /* "--mode" */
        struct position at;
};

/* By enum record_reads; NULL-terminated. */
extern const char *const config_reads[];
extern const char *const config_full[],
        *const config_first[], *const config_journal[], *const config_sync[]; /* likewise, of struct recording */
extern const char *const config_refusal[];                                    /* by enum explain_form */

/* Which keys the file knows, a section a map: what is printed for people and the check read the same rows. */
struct config_section {
        const char *prefix; /* of its keys' names: "records."; NULL behind the last */
        const struct schema *schema;
};
extern const struct config_section config_sections[];

struct config_origins {
        struct setting_origin environment, rules, exemptions, socket, control, state, records, mode, record_reads,
                record_full, record_wait, record_first, record_journal, record_sync, lookup_paths, lookup_docker,
                lookup_deadline, refusal, contact, capture_folder, capture_keep, capture_max, capture_reads,
                scans_folder, scans_ignore, host_audit;
};

/* When how the host is set up is looked at. */
enum config_host_audit { CONFIG_HOST_AUDIT_OFF, CONFIG_HOST_AUDIT_DAILY };
extern const char *const config_host_audits[];

struct config {
        struct arena arena;
        const char *environment, *rules, *socket, *state, *records; /* never NULL after config_read() */
        const char *exemptions;                                     /* NULL: none */
        const char *control;                                        /* NULL: off */
        bool mode_given;                                            /* else the environment's own */
        enum mode mode;
        enum record_reads record_reads;
        struct recording recording;
        bool lookup_paths;
        const char *lookup_docker; /* the engine's socket, an absolute path; NULL: off */
        int64_t lookup_deadline;   /* microseconds */
        const char *capture;       /* a folder, an absolute path; NULL: off */
        uint64_t capture_keep, capture_max;
        enum record_reads capture_reads;
        const char *scans_folder; /* an absolute path; NULL: reports are not looked for */
        const char *scans_ignore; /* NULL: none is let be */
        struct scan_ignored *ignored;
        size_t n_ignored;
        enum explain_form refusal;
        const char *contact; /* NULL: nobody is named */
        enum config_host_audit host_audit;
        struct config_origins origins;
        struct bundle files; /* what was read: the file, or nothing */
        struct str digest;   /* SHA-256 in hex of the file and the flags that won; p == NULL before config_read() */
};

/* Flags as given; NULL: not given. */
struct config_flags {
        const char *config, *environment, *rules, *exemptions, *socket, *records, *mode, *paths, *control;
        const struct bundle *from; /* where the file is read; NULL: from the disk */
};

/**
 * config_read() - the file, the flags over it, the defaults under it
 * @out: on success only; config_deinit() it
 *
 * The default file may be missing, a named one may not. Returns 0, -EINVAL (@diag has the errors) or -ENOMEM.
 */
must_check_ int config_read(struct config *out, const struct config_flags *flags, struct diag *diag);
/* Where the file names the environment in force; zeroed when it does not, or a flag wins over it. */
struct position config_environment_at(const struct config *c);

/* Which sources of facts it leaves off: SOURCE_… of inactivity.h. */
unsigned config_off(const struct config *c);

void config_deinit(struct config *c);
