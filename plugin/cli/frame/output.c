#include "output.h"
#include "terminal.h"
#include <errno.h>
#include <stdio.h>

#define SHOWN_MAX 4096

int output_text(const struct command *command, const struct text *t) {
        int r = terminal_write(STDOUT_FILENO, t);

        if (r == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: %s\n", command->name, strerror(-r));
        return EXIT_ENVIRONMENT;
}

int output_json(const struct command *command, json_t *tree) {
        cleanup_(text_deinit) struct text t;
        cleanup_(freep) char *dump = tree ? json_dumps(tree, JSON_INDENT(2)) : NULL;

        text_init(&t);
        text_addz(&t, dump);
        text_add_char(&t, '\n');
        t.failed = t.failed || !dump;
        json_decref(tree);
        return output_text(command, &t);
}

json_t *shown_json(struct str s) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add_visible(&t, s, SHOWN_MAX);
        return t.failed ? NULL : json_stringn(t.p ? t.p : "", t.n);
}

json_t *shown_list_json(const struct str *items, size_t n) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < n; ++i)
                if (json_array_append_new(list, shown_json(items[i])) < 0)
                        return NULL;
        return TAKE(list);
}
