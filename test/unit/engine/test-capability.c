#include "call.h"
#include "read/capability.h"
#include <errno.h>

static void normalises_as_go_upper_cases(void **state) {
        static const struct {
                const char *name, *wanted;
        } rows[] = {
                { "SYS_ADMIN", "SYS_ADMIN" },
                { "CAP_SYS_ADMIN", "SYS_ADMIN" },
                { "cap_sys_admin", "SYS_ADMIN" },
                { "Sys_Admin", "SYS_ADMIN" },
                { "all", "ALL" },
                { "\xc5\xbfys_admin", "SYS_ADMIN" }, /* U+017F */
                { "SYS_ADM\xc4\xb1N", "SYS_ADMIN" }, /* U+0131 */
                { "CAP_\xc5\xbf\xc4\xb1", "SI" },
                { "\xc5", "\xc5" },
                { "X\xc4", "X\xc4" },
                { " SYS_ADMIN", " SYS_ADMIN" },
                { "sys_admin ", "SYS_ADMIN " },
                { "CAP_CAP_KILL", "CAP_KILL" },
                { "", "" },
                { "\xe2\x84\xaaILL", "\xe2\x84\xaaILL" }, /* the Kelvin sign is upper case already */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct arena a;
                struct str name;

                arena_init(&a, 1 << 16);
                name = capability_normalise(&a, str_from(rows[i].name));
                assert_str(name, rows[i].wanted);
                arena_deinit(&a);
        }
}

static void lists_become_sets(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        struct facts *f = call_host_config(&c, "\"CapAdd\":[\"net_raw\",\"CAP_NET_RAW\",null],\"CapDrop\":[\"all\"]");

        (void)state;
        assert_str(call_joined(&c, &f->container.capabilities_added), "NET_RAW ");
        assert_str(call_joined(&c, &f->container.capabilities_dropped), "ALL");
        assert_true(f->container.capabilities_added.head.given);
}

/* Two long lists, or one and a profile that includes by capability, would be compared each with each. */
static void takes_no_list_without_an_end(void **state) {
        struct go_string items[257];
        struct go_list names = { .items = items, .n = 256, .given = true };
        struct fact_set set = { 0 };
        struct arena a;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(items); ++i)
                items[i] = (struct go_string){ STR_C("CHOWN"), true };
        arena_init(&a, 1 << 16);
        assert_fits(&a, capabilities_read(&a, &names, &set));
        names.n = 257;
        assert_refused(&a, capabilities_read(&a, &names, &set));
        arena_deinit(&a);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(normalises_as_go_upper_cases),
                cmocka_unit_test(lists_become_sets),
                cmocka_unit_test(takes_no_list_without_an_end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
