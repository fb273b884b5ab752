#pragma once
/*
 * suggest-subjects: what the arguments name: containers of the engine, and files.
 */
#include "containers/containers.h"
#include "suggested.h"

struct suggest_subjects {
        struct suggest_subject *items;
        size_t n, capacity;
        struct containers containers; /* those of the engine */
        struct arena *arena;          /* borrowed; owns the texts */
};

/* "-", what has a slash in it, or a file that is there; all else names a container. */
bool suggest_is_file(const char *argument);

/**
 * suggest_subjects_ask() - containers of the engine
 * @names: ended by NULL; NULL: all
 *
 * Says what failed. Returns EXIT_FINE or EXIT_ENVIRONMENT.
 */
must_check_ int suggest_subjects_ask(struct suggest_subjects *out, struct engine_api *engine, const char *const *names);

/* What a file holds: a compose file, a create's body, an AuthZ call, what `docker inspect` prints. Returns as above, or
 * EXIT_USAGE for what is none of them. */
must_check_ int suggest_subjects_read(struct suggest_subjects *out, const char *path);

void suggest_subjects_deinit(struct suggest_subjects *s);
