#pragma once
/*
 * request: one AuthZReq, read: steps 2 to 6 of DESIGN 2.
 *
 * serve, explain and the rules' own tests all come through here, so that they can't read differently.
 */
#include "docksill/engine/facts.h"
#include "docksill/engine/operation.h"
#include "docksill/wire/envelope.h"

struct request {
        struct envelope envelope;
        struct target target;
        const struct operation *operation; /* NULL: unknown, and the flaw says so */
        struct operation_variables variables;
        struct str body; /* decoded; p == NULL: none shown */
        struct flaws flaws;
        /* The image's own are taken, as dockerd merges them (moby daemon/commit.go). */
        bool inherits_entrypoint, inherits_command;
        bool image_told;        /* a lookup told which image the target was made of: image.* speaks of that one, for
                                   exemptions */
        bool zero_length_alone; /* says that no form is there: request.form_unproven where the engine makes that no
                                   proof */
        bool reaches;           /* set before anything is looked up: some rule in force judges reached.* */
        bool history;           /* likewise image.history */
        int64_t now;            /* that ages are counted to, as clock_wall() counts; 0: the clock's */
        bool is_response; /* it is a response (response.h), and .body, the engine's answer, has told of the engine */
        struct facts facts;
};

/**
 * request_open() - the envelope of a call of either phase, before anything in it is read
 *
 * @out, @arena and @text as for request_read(). Fills who calls and the method. Returns ENVELOPE_READ, or why not.
 */
must_check_ enum envelope_refusal request_open(struct request *out, struct arena *arena, struct str text);

/**
 * request_read() - read @text, one AuthZReq call
 * @out:   need not be initialised; views of @text and @arena
 * @arena: bounds the memory of this request; borrowed
 * @text:  must outlive @out
 *
 * While a flaw stands only request.* facts are yielded (the others stay at their defaults and operation->yields must
 * not be looked at). A full arena is FLAW_TOO_LARGE. Returns ENVELOPE_READ, or why the call is no request at all.
 */
must_check_ enum envelope_refusal request_read(struct request *out, struct arena *arena, struct str text);

/**
 * request_flawed() - a flaw that shows only once lookups begin
 * @where: as for flaws_add()
 *
 * From now on the request is as if it had been read with it: a flaw that is there already stays the only one, and what
 * was told until then is forgotten.
 */
void request_flawed(struct request *request, struct arena *arena, enum flaw flaw, struct str where);

struct reading;

/* What decoders, and who reads answers of the engine, may touch of @request. For the engine's own modules; @out dies
 * with
 * @request. */
void request_reading(struct reading *out, struct request *request, struct arena *arena);

/* Facts that can be relied on: the operation's groups, or REQUEST and DAEMON alone when a flaw stands. Those of
 * GROUP_RESPONSE only in a response that told them. */
uint64_t request_yields(const struct request *request);

/* It is no call that could be refused: a response, or the host itself (host-request.h). */
static inline bool request_is_observed(const struct request *request) {
        return request->is_response || (request->operation && request->operation->flags & OPERATION_OURS);
}

/* The query keys that may stand in records; values of others may hold secrets. */
bool request_query_key_allowed(struct str key);
