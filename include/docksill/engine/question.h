#pragma once
/*
 * question: what a request leaves open and the engine itself could tell: which user an image names, what a named volume
 * really is, what a container that exists may do.
 *
 * Nothing here talks to the engine: questions are listed, and answers are read into facts, so that the rules' own tests
 * take the same road as a real lookup. A read leaves nothing open (DESIGN 2), so a question that comes back to docksill
 * as a call is answered at once.
 */
#include "docksill/engine/request.h"

enum question_kind {
        QUESTION_IMAGE,        /* GET /images/{name}/json */
        QUESTION_VOLUME,       /* GET /volumes/{name} */
        QUESTION_CONTAINER,    /* GET /containers/{name}/json */
        QUESTION_EXEC,         /* GET /exec/{name}/json: then of which container it is */
        QUESTION_NETWORK,      /* GET /networks/{name} */
        QUESTION_PLUGIN,       /* GET /plugins/{name}/json */
        QUESTION_HISTORY,      /* GET /images/{name}/history */
        QUESTION_ATTESTATIONS, /* GET /images/{name}/attestations */
        QUESTION_KINDS,
};

/* "image", "volume", "container", "exec", "network", "plugin", "history", "attestations". */
struct str question_kind_name(enum question_kind kind);

/* One thing, asked for once, however often the request names it. */
struct question {
        enum question_kind kind;
        struct str name;    /* as the request, or an earlier answer, has it: never empty; may hold attacker's text */
        unsigned about;     /* the module's own: which facts hang on it */
        const void *beside; /* likewise: what the answer is held against; in the arena */
        bool unreadable;    /* it was told something that no engine writes */
};

struct questions {
        struct question *items; /* in the request's arena */
        size_t n, capacity;
};

/* Things asked for one request, and bytes of a thing's name; who goes beyond hides something, and is refused as too
 * large. An engine has no such names unless somebody makes them up. */
#define QUESTIONS_MOST     128
#define QUESTION_NAME_MOST 1024

/**
 * questions_of() - what @request leaves open
 * @out: zeroed by the caller
 *
 * None for a read, for a flawed request, and where nothing is to be gained. Until a question is answered its facts are
 * as they are without lookups.
 *
 * What the requester alone could keep from being asked or answered is a flaw of the request, in every environment:
 * whatever unknown facts cost, to make them so must not pay.
 */
void questions_of(struct questions *out, struct request *request, struct arena *arena);

/* The request target to GET, without a version; names are escaped, so that no name can lead to another route. */
void question_target(struct text *out, const struct question *q);

enum answer {
        ANSWER_TOLD,    /* the engine's JSON */
        ANSWER_MISSING, /* there is no such thing (404): dockerd will say so too, or make a new one */
        ANSWER_LARGE,   /* the engine's, too large to be taken in: a flaw of the request */
        ANSWER_NONE,    /* nobody answered in time, or nothing that can be read: unknown */
};

/**
 * question_answer() - write what question @i of @questions came to into the facts of @request
 * @questions: an answer may raise further questions (the volumes of a container): they are appended
 * @json:      of ANSWER_TOLD; must outlive @request's facts
 *
 * An answer that is not what engines write counts as none; one that there is no memory for as ANSWER_LARGE.
 */
void question_answer(struct request *request, struct arena *arena, struct questions *questions, size_t i,
                     enum answer answer, struct str json);

/* As question_answer() with ANSWER_NONE for all from @i on, without any memory. */
void questions_mark_unknown(struct request *request, const struct questions *questions, size_t i);
