#pragma once
/*
 * reload: configuration and rules read anew while the old ones serve (DESIGN 1.5, 1.6), and looks at the host's files.
 *
 * A thread reads, checks and compiles; the decision thread only swaps a pointer between two requests; the thread then
 * says what is in force now and frees what is not. Asked again while one is under way, one more follows it. Looks have
 * a second thread, since one may hang.
 */
#include "docksill/engine/engine-folder.h"
#include "docksill/serve/generation.h"

struct reload;

/* Takes over the context of @how, even if it fails. Returns 0, -ENOMEM or the errno of eventfd(2). */
must_check_ int reload_new(struct reload **out, const struct generation_source *how);

/* What is under way is left behind. NULL does nothing. */
void reload_free(struct reload *r);
DEFINE_CLEANUP(struct reload *, reload_free);

/* Readable when reload_take() has something. */
int reload_fd(const struct reload *r);

/* For SIGHUP. Never waits. One that comes while another is under way is told of. */
void reload_ask(struct reload *r);

/* A reading that takes longer than RELOAD_LATE microseconds is told of once: a mount that does not answer holds it. */
#define RELOAD_LATE (5 * INT64_C(1000000))
bool reload_reads(const struct reload *r); /* one is under way */
void reload_tell(struct reload *r, int64_t now);

/* Milliseconds from @now until reload_tell() has something to say; -1: never. */
int reload_timeout(const struct reload *r, int64_t now);

/* Looks at the host's files anew for the folders of the engine (host/engine-files.h). Never waits; one look at a
 * time. */
void reload_look(struct reload *r);

/* Readable when reload_looked() has something. */
int reload_look_fd(const struct reload *r);

/* Whether a look has come back since it was last asked; writes @out then. */
bool reload_looked(struct reload *r, struct engine_folders *out);

/* What was read, the caller's to put in force and to tell of by reload_settle(); NULL when it was bad or nothing is
 * there. */
must_check_ struct generation *reload_take(struct reload *r);

/* Of readings that reload_take() has found bad: how many, and whether the last was one. */
unsigned reload_failures(const struct reload *r);
bool reload_last_failed(const struct reload *r);

/* Whether what was read was bad, since it was last asked. */
bool reload_failed(struct reload *r);

/* @now is in force instead of @old, whose reference it takes. */
void reload_settle(struct reload *r, struct generation *old, struct generation *now);
