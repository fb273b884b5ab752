#pragma once
/*
 * engine_client: puts the questions that requests leave open to the engine, and its answers into their facts.
 *
 * An answer may raise further questions (the volumes of a container), so a request is asked for in rounds until nothing
 * is left open. Images and volumes are remembered for a moment (answer-cache.h), and what several requests ask at once
 * about one is asked once. Of a container no answer is older than its question: those who come while one is under way
 * share the next, so that one that stalls takes one connection, however many ask.
 */
#include "docksill/base/complaint.h"
#include "docksill/base/list.h"
#include "docksill/host/answer-cache.h"
#include "docksill/host/docker.h"

/* Bytes of all answers to one request: they are read in the thread that decides. */
#define ASKING_MEMORY ((size_t)4 * 1024 * 1024)

/* Bytes of all answers to all requests that still wait for others. */
#define ASKER_MEMORY ((size_t)32 * 1024 * 1024)

struct inquiry;

/* One request, asked for. Zeroed: nothing is. It may not move while it is open. */
struct asking {
        struct asking *next; /* the engine_client's, of those that are done */
        struct engine_client *engine_client;
        struct request *request; /* borrowed, as the arena */
        struct arena *arena;
        struct questions questions;
        struct list asks; /* under way; in the arena */
        size_t put;       /* questions that were asked, or answered at once */
        size_t open;      /* that are still to be answered */
        size_t taken;     /* bytes of answers */
        bool failed;      /* a question had no answer that could be read */
};

struct engine_client {
        struct docker *docker; /* NULL: nobody is asked */
        char socket[DOCKER_SOCKET_MAX];
        struct answer_cache cache;
        struct list inquiries; /* under way, the latest first */
        struct asking *done;
        size_t taken;        /* bytes of answers */
        const char *trouble; /* why the last question had no answer; NULL: it had one */
        struct complaint complaint;
};

/* Asks nobody until engine_client_use(). Zeroed memory is as good. */
void engine_client_init(struct engine_client *a);

/* Nothing may be open. */
void engine_client_deinit(struct engine_client *a);

/**
 * engine_client_use() - ask the engine at this socket from now on
 * @socket: as for docker_new(); empty: nobody
 *
 * The same as before: nothing happens. Else what is open is done, unknown. Returns 0 or the error of docker_new(): then
 * nobody is asked, and what is asked all the same is unknown.
 */
must_check_ int engine_client_use(struct engine_client *a, struct str socket);

/* As of the client; -1 while nobody is asked. */
int engine_client_fd(const struct engine_client *a);
int engine_client_timeout(const struct engine_client *a, int64_t now);
void engine_client_run(struct engine_client *a, int64_t now);

/**
 * asking_begin() - ask what @request leaves open
 * @asking: zeroed
 *
 * What is remembered is written into its facts at once. Says whether there is anything to wait for: then
 * engine_client_next() hands it out, or asking_end() ends it.
 */
must_check_ bool asking_begin(struct asking *asking, struct engine_client *a, struct request *request,
                              struct arena *arena);

/* One that has all its answers; NULL: none. */
struct asking *engine_client_next(struct engine_client *a);

/* Waits no longer: what has no answer yet is unknown. */
void asking_end(struct asking *asking);

/* What @request leaves open is unknown; nobody is asked. */
void asking_mark_unknown(struct request *request, struct arena *arena);

/* An operation that may change these (OPERATION_CHANGES) begins or has ended. */
void engine_client_drop(struct engine_client *a, unsigned changes);

/* What is to be told by @now: that a question had no answer, for the first time since one had (@a->trouble says why),
 * and that one has again. */
enum complaint_news engine_client_news(struct engine_client *a, int64_t now);
