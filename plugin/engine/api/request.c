#include "docksill/engine/request.h"
#include "body-check.h"
#include "container-id.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "read/reading.h"
#include "read/unknown.h"

/* Routes take slashes in a container's name and no container has one; what follows it may be another route's end. */
static void check_name(struct request *request) {
        struct str route = str_from(request->operation->path);

        if (request->variables.n == 0 || str_find(request->variables.items[0], '/') == request->variables.items[0].n)
                return;
        if (str_starts(route, STR_C("/containers/")) || str_starts(route, STR_C("/exec/")))
                flaws_add(&request->flaws, FLAW_NAME_SLASH, STR_C("RequestUri"));
}

/*
 * dockerd looks for a whole id before it looks for a name. What is kept by the id of a container that is gone (a peer
 * whose namespaces are joined at the next restart, of which nobody is told) would lead to who takes that id for a name.
 */
static void check_new_name(struct request *request) {
        struct str name = target_parameter(&request->target, STR_C("name"));

        if (!(request->operation->flags & OPERATION_NAMES))
                return;
        if (container_id_is_whole(str_starts(name, STR_C("/")) ? str_skip(name, 1) : name))
                flaws_add(&request->flaws, FLAW_NAME_ID, STR_C("?name="));
}

static void match(struct request *request) {
        request->operation = operation_match(request->envelope.method.value, request->target.path, &request->variables);
        if (!request->operation) {
                flaws_add(&request->flaws, FLAW_UNKNOWN_OPERATION, STR_C("RequestUri"));
                return;
        }
        check_name(request);
        check_new_name(request);
}

void request_reading(struct reading *out, struct request *request, struct arena *arena) {
        *out = (struct reading){
                .arena = arena,
                .facts = &request->facts,
                .flaws = &request->flaws,
                .report.flaws = &request->flaws,
                .operation = request->operation ? request->operation->id : (struct str){ 0 },
                .envelope = &request->envelope,
                .target = &request->target,
                .variables = request->variables.items,
                .n_variables = request->variables.n,
                .body = request->body,
        };
}

/* Steps 3 to 6 of DESIGN 2. Goes on over flaws where it can, so that a refusal names them all. */
static void read_call(struct request *request, struct arena *arena) {
        struct envelope *e = &request->envelope;
        struct reading in;

        if (target_parse(&request->target, arena, &request->flaws, e->uri.value) < 0) {
                arena_refuse(arena);
                return;
        }
        /* Without a path nothing can be matched, and the flaw of the target says why. */
        if (!str_empty(request->target.path))
                match(request);

        if (envelope_body(e, arena, &request->flaws, &request->body) < 0) {
                arena_refuse(arena);
                return;
        }
        request_reading(&in, request, arena);
        request->zero_length_alone = body_check(&in, request->operation);

        if (!request->operation || !request->operation->read)
                return;
        if (request->operation->body == BODY_REQUIRED && request->body.n == 0)
                return; /* that is a flaw already */
        request->operation->read(&in);
        unknown_keys(&in);
        request->inherits_entrypoint = in.inherits_entrypoint;
        request->inherits_command = in.inherits_command;
}

static void fill_flaws(struct request *request, struct arena *arena) {
        static const struct str too_large[] = { STR("too-large") };
        struct fact_set *names = &request->facts.request.flaws;

        for (unsigned flaw = 0; flaw < FLAWS; ++flaw) {
                struct str *slot;

                if (!flaws_have(&request->flaws, flaw))
                        continue;
                slot = ARENA_PUSH(arena, names);
                if (slot) {
                        *slot = flaw_name(flaw);
                        continue;
                }
                /* The arena is full. One name must be there; nobody writes to the items of a set that is complete. */
                flaws_add(&request->flaws, FLAW_TOO_LARGE, STR_C(""));
                if (names->n == 0) {
                        names->items = (struct str *)(uintptr_t)too_large;
                        names->n = 1;
                }
                break;
        }
        if (request->flaws.n > 0)
                request->facts.request.flaw_where = cell_str(request->flaws.notes[0].where);
}

static enum word body_taken(enum operation_body body) {
        switch (body) {
        case BODY_NONE:
        case BODY_START: return WORD_NONE;
        case BODY_REQUIRED:
        case BODY_OPTIONAL: return WORD_JSON;
        case BODY_STREAM: break;
        }
        return WORD_STREAM;
}

static void fill_request(struct request *request, struct arena *arena) {
        struct facts *f = &request->facts;
        struct str content_type = envelope_header(&request->envelope, STR_C("Content-Type"));

        if (!str_empty(request->target.path))
                f->request.path = cell_str(image_path_shown(arena, request->target.path));
        if (content_type.p)
                f->request.content_type = cell_str(content_type);
        if (request->target.version)
                f->request.api_minor = (struct fact_int){ .head.given = true, .value = request->target.version };
        if (request->operation) {
                f->request.operation = cell_str(request->operation->id);
                f->request.takes = cell_word(body_taken(request->operation->body));
                f->request.judged.value = (request->operation->flags & OPERATION_JUDGED) != 0;
        }
        if (flaws_any(&request->flaws))
                fill_flaws(request, arena);
}

/* What was filled before a flaw was met is not to be relied on. */
static void forget_facts(struct facts *f) {
        struct facts defaults;

        facts_init(&defaults);
        memcpy(&defaults.request, &f->request, sizeof(defaults.request));
        *f = defaults;
}

enum envelope_refusal request_open(struct request *request, struct arena *arena, struct str text) {
        enum envelope_refusal refusal;

        /* Not the whole: facts_init() writes the greater part of it. */
        memset(request, 0, offsetof(struct request, facts));
        facts_init(&request->facts);

        refusal = envelope_parse(&request->envelope, arena, &request->flaws, text);
        if (refusal != ENVELOPE_READ)
                return refusal;
        request->facts.request.method = cell_string(request->envelope.method);
        request->facts.request.user = cell_string(request->envelope.user);
        return ENVELOPE_READ;
}

enum envelope_refusal request_read(struct request *request, struct arena *arena, struct str text) {
        enum envelope_refusal refusal = request_open(request, arena, text);

        if (refusal != ENVELOPE_READ)
                return refusal;
        arena_latch(arena);
        read_call(request, arena);
        if (arena_unlatch(arena))
                flaws_add(&request->flaws, FLAW_TOO_LARGE, STR_C("RequestBody"));
        if (flaws_any(&request->flaws))
                forget_facts(&request->facts);
        fill_request(request, arena);
        return ENVELOPE_READ;
}

void request_flawed(struct request *request, struct arena *arena, enum flaw flaw, struct str where) {
        if (flaws_any(&request->flaws))
                return;
        flaws_add(&request->flaws, flaw, where);
        forget_facts(&request->facts);
        fill_flaws(request, arena);
}

uint64_t request_yields(const struct request *request) {
        uint64_t always = GROUP_REQUEST | GROUP_DAEMON;

        if (flaws_any(&request->flaws) || !request->operation)
                return always;
        return always | (request->operation->yields & (request->is_response ? ~UINT64_C(0) : ~GROUP_RESPONSE));
}

/* Left out on purpose: buildargs, labels, changes, message, comment, filters, ps_args, term, and the URLs remote and
 * fromSrc, in all of which people put credentials or other people's data. */
bool request_query_key_allowed(struct str key) {
        static const char *const keys[] = {
                "all",
                "cgroupparent",
                "checkpoint",
                "checkpoint-dir",
                "condition",
                "container",
                "copyUIDGID",
                "details",
                "digests",
                "dir",
                "follow",
                "force",
                "fromImage",
                "h",
                "limit",
                "link",
                "logs",
                "name",
                "networkmode",
                "noOverwriteDirNonDir",
                "noprune",
                "one-shot",
                "path",
                "pause",
                "platform",
                "pull",
                "quiet",
                "registryAuthFrom",
                "repo",
                "rollback",
                "rotateManagerToken",
                "rotateManagerUnlockKey",
                "rotateWorkerToken",
                "signal",
                "since",
                "size",
                "stderr",
                "stdin",
                "stdout",
                "stream",
                "t",
                "tag",
                "tail",
                "timeout",
                "timestamps",
                "type",
                "until",
                "v",
                "version",
                "w",
                NULL,
        };

        return str_is_one_of(key, keys);
}
