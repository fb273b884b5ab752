/*
 * Printed from the operation table alone.
 */
#include "docksill/engine/operation.h"
#include "frame/output.h"
#include "frame/table.h"

#define OPERATIONS_MEMORY (4u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { NULL },
};

static const char *body_name(enum operation_body body) {
        switch (body) {
        case BODY_NONE: return "none";
        case BODY_START: return "old only";
        case BODY_REQUIRED: return "required";
        case BODY_OPTIONAL: return "optional";
        case BODY_STREAM: return "stream";
        }
        return "";
}

/* What an operation's verdict rests on. */
static const char *judged_by(const struct operation *o) {
        if (o->flags & OPERATION_JUDGED && o->read)
                return "body";
        return o->flags & (OPERATION_JUDGED | OPERATION_READ | OPERATION_LIFECYCLE) ? "target" : "not yet";
}

/* Go takes a form's parameters before those of the query, with these methods. */
static const char *form_name(const struct operation *o) {
        if (!o->method || !(str_eqz(STR_C("POST"), o->method) || str_eqz(STR_C("PUT"), o->method)))
                return "-";
        return o->flags & OPERATION_FORM_IDLE ? "idle" : "counts";
}

static const char *method_of(const struct operation *o) {
        return o->flags & OPERATION_ANY_METHOD ? "any" : o->method;
}

static int print_text(const struct command *command) {
        static const char *const titles[] = { "OPERATION", "METHOD", "PATH", "BODY", "FORM", "JUDGED BY", "MEANING" };
        cleanup_(text_deinit) struct text out;
        cleanup_(arena_deinit) struct arena arena;
        struct table t;

        arena_init(&arena, OPERATIONS_MEMORY);
        table_init(&t, &arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];

                table_add(&t, o->id);
                table_add(&t, str_from(method_of(o)));
                table_add(&t, str_from(o->path));
                table_add(&t, str_from(body_name(o->body)));
                table_add(&t, str_from(form_name(o)));
                table_add(&t, str_from(judged_by(o)));
                table_add(&t, str_from(o->doc));
        }
        text_init(&out);
        table_render(&t, &out);
        return output_text(command, &out);
}

static json_t *operations_json(void) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];

                if (json_array_append_new(list, json_pack("{s:s%, s:s, s:s, s:s, s:s, s:s, s:s?}", "id", o->id.p,
                                                          o->id.n, "method", method_of(o), "path", o->path, "body",
                                                          body_name(o->body), "form", form_name(o), "judged_by",
                                                          judged_by(o), "doc", o->doc)) < 0)
                        return NULL;
        }
        return list ? json_pack("{s:s, s:O}", "schema", "docksill.operations/1", "operations", list) : NULL;
}

static int run(const struct invocation *in) {
        return in->json ? output_json(in->command, operations_json()) : print_text(in->command);
}

static const struct command command_list = {
        .name = "operations list",
        .arguments = "",
        .doc = "List the Engine API operations that docksill knows.\n"
               "BODY: which request body the operation reads. FORM: counts, if a form could hide parameters that "
               "matter; idle, if not.\n"
               "\"not yet\" marks an operation that docksill can't judge yet: rule request-not-judged-yet.",
        .options = options,
        .run = run,
};

const struct command command_operations = {
        .name = "operations",
        .doc = "List the operations of the Engine API.",
        .commands = (const struct command *const[]){ &command_list, NULL },
};
