#include "explain/stand-in-answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct row {
        const char *method, *target, *body;
        unsigned status;
        const char *says; /* in the body */
};

static void ask(struct stand_in_state *s, const struct row *row) {
        cleanup_(arena_deinit) struct arena arena;
        struct stand_in_question q = { .body = str_from(row->body) };
        struct stand_in_answer answer = { 0 };
        struct flaws flaws = { 0 };
        struct target target;

        arena_init(&arena, 1 << 20);
        assert_int_equal(target_parse(&target, &arena, &flaws, str_from(row->target)), 0);
        q.target = &target;
        q.operation = operation_match(str_from(row->method), target.path, &q.variables);
        text_init(&answer.body);
        stand_in_answer(&answer, s, &q);
        assert_false(answer.body.failed);
        if (answer.status != row->status || str_search(text_str(&answer.body), str_from(row->says)) == answer.body.n)
                if (answer.status != row->status || *row->says)
                        fail_msg("%s %s: %u %s", row->method, row->target, answer.status,
                                 answer.body.p ? answer.body.p : "");
        text_deinit(&answer.body);
}

static void ask_all(const struct row *rows, size_t n) {
        struct stand_in_state s;

        assert_int_equal(stand_in_state_init(&s, NULL), 0);
        for (size_t i = 0; i < n; ++i)
                ask(&s, &rows[i]);
        stand_in_state_deinit(&s);
}

static void answers_as_an_engine(void **state) {
        static const struct row rows[] = {
                { "HEAD", "/_ping", "", 200, "OK" },
                { "GET", "/v1.24/version", "", 200, "\"ApiVersion\":\"" STAND_IN_API "\"" },
                { "GET", "/info", "", 200, "\"ControlAvailable\":true" },
                { "GET", "/v1.41/images/nginx/json", "", 200, "\"Id\":\"sha256:" },
                { "POST", "/v1.41/images/create?fromImage=nginx", "", 200, "status" },
                { "POST", "/auth", "{}", 401, "" }, /* a client would keep the password */
                { "POST", "/v1.41/containers/x/wait", "", 200, "{\"StatusCode\":0}" },
                { "DELETE", "/v1.41/containers/x", "", 204, "" },
                { "POST", "/v1.41/containers/prune", "", 200, "{}" },
                { "GET", "/v1.41/nothing", "", 404, "message" },
                { "HEAD", "/v1.41/containers/x/archive?path=/tmp", "", 200, "" },
                { "HEAD", "/v1.41/containers/x/archive?path=/tmp/a.conf", "", 404, "" },
        };

        (void)state;
        ask_all(rows, ARRAY_SIZE(rows));
}

static void finds_what_was_created(void **state) {
        static const struct row rows[] = {
                { "GET", "/containers/json", "", 200, "[]" },
                { "POST", "/containers/create?name=web",
                  "{\"Image\":\"nginx\",\"Labels\":{\"a\":\"b\"},\"HostConfig\":{\"Memory\":5}}", 201,
                  "{\"Id\":\"d0c500000001" },
                { "GET", "/containers/web/json", "", 200, "\"Memory\":5" },
                { "GET", "/containers/d0c500000001/json", "", 200, "\"Status\":\"created\"" },
                { "POST", "/containers/d0c500000001/start", "", 204, "" },
                { "GET", "/containers/web/json", "", 200, "\"Status\":\"running\"" },
                { "GET", "/containers/json?filters={\"label\":[\"a=b\"]}", "", 200, "\"/web\"" },
                { "GET", "/containers/json?filters={\"label\":{\"a\":true}}", "", 200, "\"/web\"" },
                { "GET", "/containers/json?filters={\"label\":[\"a=c\"]}", "", 200, "[]" },
                { "GET", "/containers/older/json", "", 200, "\"/older\"" }, /* and what was not */
                { "GET", "/containers/buildx_buildkit_x/json", "", 404, "" },
                { "GET", "/volumes/data", "", 404, "" },
                { "POST", "/volumes/create", "{\"Name\":\"data\"}", 201, "\"Name\":\"data\"" },
                { "GET", "/volumes/data", "", 200, "\"Name\":\"data\"" },
                { "POST", "/volumes/create", "{}", 201, "\"Name\":\"d0c5" },
                { "POST", "/volumes/create", "no", 201, "\"Name\":\"d0c5" },
        };

        (void)state;
        ask_all(rows, ARRAY_SIZE(rows));
}

static void has_networks_where_they_must_be(void **state) {
        static const struct row rows[] = {
                { "GET", "/networks/front", "", 404, "" },
                { "GET", "/networks/front", "", 404, "" },
                { "POST", "/networks/create", "{\"Name\":\"front\",\"Labels\":{\"a\":\"b\"}}", 201, "\"Id\":\"d0c5" },
                { "GET", "/networks/front", "", 200, "\"a\":\"b\"" },
                { "GET", "/networks/bridge", "", 200, "" },
                { "GET", "/networks/many?scope=swarm", "", 200, "" },
                { "GET", "/networks?filters={}", "", 200, "\"front\"" },
                { "GET", "/secrets?filters={\"name\":{\"key\":true}}", "", 200, "\"key\"" },
                { "GET", "/configs", "", 200, "[]" },
        };

        (void)state;
        ask_all(rows, ARRAY_SIZE(rows));
}

static void knows_what_was_missing(void **state) {
        static const struct row first[] = {
                { "GET", "/networks/outer", "", 404, "" },
                { "GET", "/volumes/older", "", 404, "" },
                { "GET", "/networks/front", "", 404, "" },
                { "GET", "/volumes/data", "", 404, "" },
                { "POST", "/networks/create", "{\"Name\":\"front\"}", 201, "" },
                { "POST", "/volumes/create", "{\"Name\":\"data\"}", 201, "" },
        };
        static const struct row second[] = {
                { "GET", "/networks/outer", "", 200, "\"outer\"" },
                { "GET", "/volumes/older", "", 200, "\"older\"" },
                { "GET", "/networks/front", "", 404, "" },
        };
        json_auto_t *missing = NULL;
        struct stand_in_state s;

        (void)state;
        assert_int_equal(stand_in_state_init(&s, NULL), 0);
        for (size_t i = 0; i < ARRAY_SIZE(first); ++i)
                ask(&s, &first[i]);
        missing = stand_in_state_missing(&s);
        stand_in_state_deinit(&s);
        assert_int_equal(json_array_size(missing), 2);

        assert_int_equal(stand_in_state_init(&s, missing), 0);
        for (size_t i = 0; i < ARRAY_SIZE(second); ++i)
                ask(&s, &second[i]);
        stand_in_state_deinit(&s);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(answers_as_an_engine),
                cmocka_unit_test(finds_what_was_created),
                cmocka_unit_test(has_networks_where_they_must_be),
                cmocka_unit_test(knows_what_was_missing),
        };

        return cmocka_run_group_tests_name("stand-in-answer", tests, NULL, NULL);
}
