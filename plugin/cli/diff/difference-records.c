/*
 * A file of records may have millions of lines: one is held at a time, and what is added up does not grow with them.
 */
#include "difference.h"
#include "docksill/cli/command.h"
#include "explain/recorded.h"
#include "records/record-file.h"
#include <errno.h>
#include <stdio.h>

#define CHARGED_MEMORY ((size_t)4 * 1024 * 1024) /* of one record's findings */

struct reader {
        struct difference *d;
        struct record_file file;
        struct recharge before, after;
        struct arena arena; /* of one record */
};

static int pass_over(struct reader *in, const char *why) {
        cleanup_(text_deinit) struct text at;

        text_init(&at);
        text_addf(&at, "%s:%llu", in->file.name, (unsigned long long)in->file.number);
        return at.failed ? -ENOMEM : passed_over_add(&in->d->passed, in->d->arena, text_str(&at), why);
}

static void count_foreign(struct reader *in, struct str digest) {
        const struct ruleset *before = in->d->before->setup.rules, *after = in->d->after->setup.rules;
        bool new = str_eq(digest, ruleset_digest(after)) && !str_eq(digest, ruleset_digest(before));

        in->before.made = in->after.made = new ? after : before;
        in->d->foreign += !new && !str_eq(digest, ruleset_digest(before));
}

static int add_decision(struct reader *in, const json_t *record) {
        struct decision before, after;
        int r;

        arena_reset(&in->arena);
        count_foreign(in, recorded_text(record, "rules_digest"));
        r = recharge(&in->before, &before, record, &in->arena);
        if (r == 0)
                r = recharge(&in->after, &after, record, &in->arena);
        if (r == -EINVAL)
                return pass_over(in, "a record without what a record has");
        if (r < 0)
                return r;
        return comparison_add(&in->d->comparison, &(struct compared){ .what = recorded_text(record, "decision_id"),
                                                                      .image = recorded_text(record, "image"),
                                                                      .operation = recorded_text(record, "operation"),
                                                                      .before = &before,
                                                                      .after = &after });
}

static int add_line(struct reader *in, struct str line) {
        json_auto_t *record = NULL;
        struct str schema;

        if (in->file.overlong)
                return pass_over(in, "longer than any record");
        if (str_trim(line).n == 0)
                return 0;
        record = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        schema = recorded_text(record, "schema");
        if (str_eqz(schema, "docksill.record/1"))
                return add_decision(in, record);
        if (str_eqz(schema, "docksill.loss/1")) {
                json_int_t lost = json_integer_value(json_object_get(record, "lost"));

                in->d->lost += lost > 0 ? (uint64_t)lost : 0;
                return 0;
        }
        /* What docksill writes of itself: a start, a reload, an end. */
        return str_starts(schema, STR_C("docksill.")) ? 0 : pass_over(in, record ? "no record" : "not JSON");
}

static int add_lines(struct reader *in) {
        struct str line;
        int r;

        while ((r = record_file_next(&in->file, &line)) > 0) {
                r = add_line(in, line);
                if (r < 0)
                        return r;
        }
        return r;
}

static int report(const struct command *command, const char *path, int error) {
        if (error < 0)
                fprintf(stderr, "docksill %s: %s: %s\n", command->name, path, record_file_error(error));
        return error < 0 ? EXIT_ENVIRONMENT : EXIT_FINE;
}

static void take_doubts(struct recharge_doubts *to, const struct recharge_doubts *from) {
        to->cases += from->cases;
        to->exemptions += from->exemptions;
        to->access += from->access;
}

int difference_add_records(struct difference *d, const struct command *command, const char *path) {
        const struct recharge charge = { .at = d->at };
        struct reader in = { .d = d, .before = charge, .after = charge };
        int r = record_file_open(&in.file, path);

        if (r < 0)
                return report(command, path, r);
        in.before.rules = d->before->setup.rules;
        in.after.rules = d->after->setup.rules;
        in.before.mode = side_mode(d->before);
        in.after.mode = side_mode(d->after);
        arena_init(&in.arena, CHARGED_MEMORY);
        r = add_lines(&in);
        arena_deinit(&in.arena);
        record_file_close(&in.file);
        take_doubts(&d->doubts, &in.after.doubts);
        return report(command, path, r);
}
