#include "lifted.h"

#define SITE "extends: development\naccess:\n"

struct row {
        const char *user, *method, *uri, *said; /* NULL: may */
};

static void check(const char *environment, const struct row *rows, size_t n) {
        struct lifted l;

        lifted_init(&l, environment, NULL);
        for (size_t i = 0; i < n; ++i) {
                bool create = strstr(rows[i].uri, "/create") != NULL;
                const struct finding *first;
                bool denied;

                lifted_read(&l, rows[i].user, rows[i].method, rows[i].uri, create ? "{\"Image\":\"a\"}" : NULL);
                lifted_judge(&l, MODE_ENFORCE, 0);
                first = l.decision.n_findings ? &l.decision.findings[0] : NULL;
                denied = first && first->access;
                if (denied != (rows[i].said != NULL))
                        fail_msg("%s %s %s: %s", rows[i].user ? rows[i].user : "(socket)", rows[i].method, rows[i].uri,
                                 denied ? "denied" : "let in");
                assert_int_equal(l.decision.gate == GATE_ACCESS, denied);
                if (!denied)
                        continue;
                assert_int_equal(l.decision.would, VERDICT_DENY);
                assert_false(l.decision.allow);
                assert_true(str_eqz(first->rule->id, "access-denied"));
                if (str_search(first->evidence[0].message, str_from(rows[i].said)) == first->evidence[0].message.n)
                        fail_msg("\"%" STR_FMT "\" without \"%s\"", STR_ARG(first->evidence[0].message), rows[i].said);
        }
        lifted_deinit(&l);
}

static void deny_takes_what_it_names_from_whom_it_names(void **state) {
        static const struct row rows[] = {
                { "ci-1", "POST", "/swarm/init", "user \"ci-1\" may not call swarm.init: denied at " },
                { "ci-1", "POST", "/v1.41/swarm/init", "site.yaml:6" },
                { "ci-1", "POST", "/containers/create", NULL },
                { "ci-1", "GET", "/_ping", NULL },
                { "dev", "POST", "/swarm/init", NULL },
                { NULL, "POST", "/swarm/init", NULL },
                { NULL, "POST", "/containers/create", "an anonymous caller may not call container.create" },
                { "", "POST", "/containers/create", "an anonymous caller" },
                { "dev", "POST", "/containers/create", NULL },
        };

        (void)state;
        check(SITE "  - {who: {user: [\"ci-*\"]}, deny: [\"swarm.*\", plugin.set]}\n"
                   "  - {who: {anonymous: true}, deny: container.create}\n",
              rows, ARRAY_SIZE(rows));
}

static void allow_closes_the_rest(void **state) {
        static const struct row rows[] = {
                { "ci-1", "GET", "/_ping", NULL },
                { "ci-1", "HEAD", "/_ping", NULL },
                { "ci-1", "POST", "/containers/create", NULL },
                { "ci-1", "POST", "/swarm/init", "not among what is allowed at " },
                { "ci-1", "POST", "/nonsense", "may not call an unknown operation" },
                { "dev", "POST", "/swarm/init", NULL },
                { NULL, "POST", "/swarm/init", NULL },
        };

        (void)state;
        check(SITE "  - {who: {user: \"ci-*\"}, allow: [system.ping, container.create]}\n", rows, ARRAY_SIZE(rows));
}

/* Entries add up, whatever their order. */
static void order_never_matters(void **state) {
        static const struct row rows[] = {
                { "ann", "GET", "/_ping", NULL },           { "ann", "POST", "/containers/create", NULL },
                { "ann", "GET", "/containers/json", NULL }, { "ann", "POST", "/swarm/init", "not among" },
                { "ann", "GET", "/swarm", "not among" },    { "ann", "DELETE", "/containers/a", "denied at" },
                { "bob", "DELETE", "/containers/a", NULL }, { NULL, "DELETE", "/containers/a", "denied at" },
                { NULL, "GET", "/_ping", "denied at" },     { NULL, "GET", "/nonsense", "denied at" },
        };
        static const char *const entries[] = {
                "  - {who: {user: ann}, allow: \"container.*\"}\n",
                "  - {who: {user: [ann]}, allow: \"system.*\"}\n",
                "  - {who: {user: \"a*\"}, deny: container.remove}\n",
                "  - {who: {anonymous: true}, deny: \"*\"}\n",
        };
        char text[1024];

        (void)state;
        for (size_t first = 0; first < ARRAY_SIZE(entries); ++first) {
                strcpy(text, SITE);
                for (size_t i = 0; i < ARRAY_SIZE(entries); ++i)
                        strcat(text, entries[(first + i) % ARRAY_SIZE(entries)]);
                check(text, rows, ARRAY_SIZE(rows));
        }
}

static void asks_for_all_that_stands_in_who(void **state) {
        static const struct row rows[] = {
                { "ann", "POST", "/swarm/init", "denied" },  { NULL, "POST", "/swarm/init", NULL },
                { "ann", "POST", "/swarm/leave", "denied" }, { NULL, "POST", "/swarm/leave", NULL },
                { "ann", "POST", "/swarm/update", NULL },
        };

        (void)state;
        check(SITE "  - {who: {anonymous: false}, deny: swarm.init}\n"
                   "  - {who: {user: ann, authn: [TLS]}, deny: swarm.leave}\n"
                   "  - {who: {user: ann, authn: [LDAP]}, deny: swarm.update}\n",
              rows, ARRAY_SIZE(rows));
}

/* A star in access names everybody with a name, and nobody without. */
static void a_star_is_everybody_with_a_name(void **state) {
        static const struct row rows[] = {
                { "ann", "POST", "/swarm/init", "denied" },
                { "*", "POST", "/swarm/init", "user \"*\" may not" },
                { NULL, "POST", "/swarm/init", NULL },
                { "", "POST", "/swarm/init", NULL },
        };

        (void)state;
        check(SITE "  - {who: {user: \"*\"}, deny: swarm.init}\n", rows, ARRAY_SIZE(rows));
}

static void audit_lets_pass_and_tells(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, SITE "  - {who: {anonymous: true}, deny: \"*\"}\n", NULL);
        lifted_read(&l, NULL, "GET", "/_ping", NULL);
        lifted_judge(&l, MODE_AUDIT, 0);
        assert_true(l.decision.allow);
        assert_int_equal(l.decision.would, VERDICT_DENY);
        assert_int_equal(l.decision.gate, GATE_ACCESS);
        assert_int_equal(l.decision.points, 100);
        lifted_deinit(&l);
}

/* First of all gates: before hard, and untouched by exemptions. */
static void comes_before_all_other_gates(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, SITE "  - {who: {user: ann}, deny: container.create}\n",
                    "  - {id: one, rules: [privileged-container], match: {user: ann}, "
                    "only: {container.privileged: true}" TAIL);
        lifted_read(&l, "ann", "POST", "/containers/create", "{\"Image\":\"a\",\"HostConfig\":{\"Privileged\":true}}");
        lifted_judge(&l, MODE_ENFORCE, 0);
        assert_int_equal(l.decision.gate, GATE_ACCESS);
        assert_string_equal(lifted_findings(&l, "privileged-container"), "critical! by one");
        assert_string_equal(lifted_findings(&l, "access-denied"), "critical");
        lifted_read(&l, "ann", "POST", "/containers/create", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/:/h\"]}}");
        lifted_judge(&l, MODE_ENFORCE, 0);
        assert_int_equal(l.decision.gate, GATE_ACCESS);
        assert_true(l.decision.findings[0].access);
        lifted_deinit(&l);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(deny_takes_what_it_names_from_whom_it_names),
                cmocka_unit_test(allow_closes_the_rest),
                cmocka_unit_test(order_never_matters),
                cmocka_unit_test(asks_for_all_that_stands_in_who),
                cmocka_unit_test(a_star_is_everybody_with_a_name),
                cmocka_unit_test(audit_lets_pass_and_tells),
                cmocka_unit_test(comes_before_all_other_gates),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
