#pragma once
/*
 * journal-kind: what an entry of the journal may tell, each with the MESSAGE_ID by which it is found and explained.
 *
 * packaging/systemd/docksill.catalog has a text for each. An id is never changed or used anew.
 */

enum journal_kind {
        KIND_REFUSED,
        KIND_WOULD_REFUSE,
        KIND_WARNED,
        KIND_ALLOWED,
        KIND_START,
        KIND_LAST_GOOD,
        KIND_RELOAD,
        KIND_RELOAD_FAILED,
        KIND_STEP,
        KIND_STOP,
        KIND_LOST,
        KIND_MENDED,
        KIND_MISSED,
        KIND_OTHER,
        KINDS
};

struct journal_kind_row {
        const char *id;    /* 32 hex digits */
        const char *name;  /* "refused" */
        unsigned priority; /* as of syslog(3): 3 error, 4 warning, 5 notice, 6 informational */
};

extern const struct journal_kind_row journal_kinds[KINDS];
