/*
 * The input is the id of an operation, a newline and a body: a service's spec, and every other body there is.
 */
#include "../judge.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        judge_init();
        return 0;
}

/* A path that the operation's pattern takes: "/services/x/update". */
static void add_path(struct text *t, const char *pattern) {
        while (*pattern) {
                const char *close = *pattern == '{' ? strchr(pattern, '}') : NULL;

                text_add_char(t, close ? 'x' : *pattern);
                pattern = close ? close + 1 : pattern + 1;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct str rest = { (const char *)data, size };
        const struct operation *o = operation_find(str_cut(&rest, '\n'));
        struct text target;

        if (!o)
                return -1; /* not worth a place in the corpus */
        text_init(&target);
        text_addz(&target, "/v1.41");
        add_path(&target, o->path);
        judge_request(str_from(o->method ? o->method : "GET"), text_str(&target), rest);
        text_deinit(&target);
        return 0;
}
