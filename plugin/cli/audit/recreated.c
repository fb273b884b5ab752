#include "recreated.h"
#include "containers/weigh.h"
#include "docksill/decide/decide.h"
#include "explain/authz-call.h"
#include "judged.h"
#include <errno.h>
#include <stdio.h>

#define TOO_LARGE "it needs more memory than one thing may have"
#define NO_CALL   "no call can make it anew: this is no name that engines give"

/* As docker's own client would send it. */
static int make_call(struct str *out, struct arena *arena, const char *method, const char *target, const json_t *from) {
        cleanup_(freep) char *body = from ? json_dumps(from, JSON_COMPACT) : NULL;
        struct authz_header headers[] = { { STR("Content-Length"), STR("0") },
                                          { STR("Content-Type"), STR("application/json") } };
        char digits[24];

        if (from && !body)
                return -ENOMEM;
        snprintf(digits, sizeof(digits), "%zu", body ? strlen(body) : 0);
        headers[0].value = str_from(digits);
        return authz_call(out, arena,
                          &(struct authz_request){ .method = str_from(method),
                                                   .target = str_from(target),
                                                   .body = str_from(body),
                                                   .headers = { .items = headers, .n = body ? 2 : 1 } });
}

static int weigh_thing(struct auditing *a, const struct recreated *r, struct arena *arena, struct request *request) {
        const struct scales scales = { .command = a->command,
                                       .config = a->config,
                                       .engine = a->engine && !a->silent.n && !a->remote ? a->socket : NULL,
                                       .told = a->engine ? &a->told : NULL,
                                       .image = r->image,
                                       .paths = a->files.live && a->engine && !a->remote,
                                       .at = a->at };
        struct str call = r->call;
        int error = call.n ? 0 : make_call(&call, arena, "POST", r->target, r->body);

        return error < 0 || weigh_read(request, arena, &scales, call, r->container) != EXIT_FINE ? -ENOMEM : 0;
}

/* Returns 0 or -ENOMEM. */
static int judge_removal(struct auditing *a, const struct recreated *r, struct arena *arena, struct decision *out) {
        struct request *request = ARENA_NEW(arena, struct request);
        struct str call;

        if (!request || make_call(&call, arena, "DELETE", r->removal, NULL) < 0 ||
            request_read(request, arena, call) != ENVELOPE_READ)
                return -ENOMEM;
        return decide_findings(out, a->rules, request, a->at, arena);
}

/* The worse of two calls' answers, where a thing is judged by two. */
static void set_verdict(struct report_subject *s, enum verdict verdict) {
        if (!s->verdict.n || verdict == VERDICT_DENY || str_eq(s->verdict, verdict_name(VERDICT_ALLOW)))
                s->verdict = verdict_name(verdict);
}

static void note_flaw(struct auditing *a, const struct recreated *r, const struct request *request) {
        if (flaws_any(&request->flaws))
                auditing_gap(a, r->subject.name,
                             STR_C("what it was made with can't be read exactly: its other rules were not asked"));
}

static int note_unseen(struct auditing *a, const struct recreated *r, const size_t *index, struct str why) {
        struct report_subject unseen = r->subject;

        unseen.unseen = why;
        auditing_gap(a, unseen.name, why);
        if (!index || *index == SIZE_MAX)
                auditing_subject(a, r->area, unseen);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

int recreated_judge(struct auditing *a, const struct recreated *r, struct arena *arena, size_t *index) {
        struct judgement j = { .about = r->about, .beside = r->beside ? operation_find(str_from(r->beside)) : NULL };
        struct decision findings, answer, removal;
        struct request request;

        if (weigh_thing(a, r, arena, &request) < 0)
                return note_unseen(a, r, index, STR_C(TOO_LARGE));
        if (!request.operation)
                return note_unseen(a, r, index, STR_C(NO_CALL));
        if (decide_findings(&findings, a->rules, &request, a->at, arena) < 0 ||
            (r->removal && judge_removal(a, r, arena, &removal) < 0))
                return note_unseen(a, r, index, STR_C(TOO_LARGE));
        weigh_decide(&answer, arena, a->rules, &request, a->at);
        j.subject = index && *index != SIZE_MAX ? *index : auditing_subject(a, r->area, r->subject);
        j.decision = &findings;
        j.removal = r->removal ? &removal : NULL;
        j.request = &request;
        if (arena_full(a->report->arena))
                return -ENOMEM;
        if (index)
                *index = j.subject;
        if (!r->about)
                set_verdict(&a->report->subjects.items[j.subject], answer.would);
        note_flaw(a, r, &request);
        judged_all(a, &j);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}
