#pragma once
/*
 * reported: example reports, for whatever is written from them. Its texts may be any: @name stands wherever a
 * stranger's may.
 */
#include "report/report.h"

#include <assert.h>

static inline void reported_finding(struct report *r, size_t check, size_t subject, enum report_state state,
                                    struct str name) {
        bool fails = state == REPORT_FAIL;
        struct str *more = ARENA_ARRAY(r->arena, struct str, 1);

        more[0] = name;
        ARENA_ADD(r->arena, &r->findings,
                  (struct report_finding){ .check = check,
                                           .subject = subject,
                                           .state = state,
                                           .severity = fails ? SEVERITY_HIGH : SEVERITY_NONE,
                                           .points = fails ? 40 : 0,
                                           .where = name,
                                           .file = subject == 0 ? STR_C("/etc/docker/daemon.json") : name,
                                           .line = subject == 0 ? 3 : 0,
                                           .message = name,
                                           .instances = 2,
                                           .more = more,
                                           .n_more = 1,
                                           .why = fails ? STR_C("") : name,
                                           .fix = name,
                                           .fix_compose = name,
                                           .count = 1,
                                           .fingerprint = "0123456789abcdef" });
}

static inline void reported_init(struct report *r, struct arena *arena, struct str name) {
        static const struct str columns[] = { STR("day"), STR("calls") };
        struct report_reference *references;
        struct report_table table = {
                .id = STR("by-day"), .title = STR("By day"), .note = name, .n_columns = 2, .numbers = 2, .bar = 1
        };

        report_init(r, arena);
        r->kind = STR_C("audit");
        r->title = STR_C("Audit of a host");
        r->host = r->headline = name;
        r->environment = STR_C("production");
        r->program = STR_C("1.2.3");
        r->id = STR_C("6e4d1f0a-9a52-4a1c-8b9f-2a7c3b1d0e5f");
        r->at = INT64_C(1767225600000000);
        r->scored = true;
        ARENA_ADD(arena, &r->facts, (struct report_fact){ STR_C("root"), name });
        ARENA_ADD(arena, &r->areas, (struct report_area){ .name = STR_C("daemon"), .title = STR_C("Daemon") });
        ARENA_ADD(arena, &r->areas, (struct report_area){ .name = STR_C("containers"), .title = STR_C("Containers") });
        ARENA_ADD(arena, &r->subjects, (struct report_subject){ .kind = STR_C("daemon"), .name = STR_C("dockerd") });
        ARENA_ADD(arena, &r->subjects,
                  (struct report_subject){ .area = 1,
                                           .kind = STR_C("container"),
                                           .name = name,
                                           .detail = name,
                                           .verdict = STR_C("deny"),
                                           .unseen = name });
        references = ARENA_ARRAY(arena, struct report_reference, 1);
        references[0] = (struct report_reference){ STR_C("cis-docker"), STR_C("5.4") };
        ARENA_ADD(arena, &r->checks,
                  (struct report_check){ .id = STR_C("privileged"),
                                         .title = STR_C("Runs privileged"),
                                         .why = STR_C("it is root on the host"),
                                         .severity = SEVERITY_HIGH,
                                         .references = references,
                                         .n_references = 1 });
        ARENA_ADD(arena, &r->checks,
                  (struct report_check){ .id = STR_C("quiet"),
                                         .title = STR_C("Says nothing"),
                                         .severity = SEVERITY_LOW,
                                         .states[REPORT_PASS] = 7 });
        for (unsigned state = 0; state < REPORT_PASS; ++state)
                for (size_t subject = 0; subject < 2; ++subject)
                        reported_finding(r, 0, subject, state, name);
        table.columns = (struct str *)columns;
        ARENA_ADD(arena, &table.cells, name);
        ARENA_ADD(arena, &table.cells, STR_C("12"));
        ARENA_ADD(arena, &r->tables, table);
        ARENA_ADD(arena, &r->gaps, (struct report_gap){ name, name });
        assert(report_finish(r) == 0);
}
