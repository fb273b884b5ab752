#include "try/granted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define OWN                                                                                                            \
        "SETUID SETGID CHOWN DAC_OVERRIDE FOWNER NET_BIND_SERVICE NET_RAW KILL SETPCAP SYS_CHROOT FSETID MKNOD "       \
        "AUDIT_WRITE SETFCAP"

static void reckons_as_the_engine_does(void **state) {
        static const struct {
                const char *host, *names;
                size_t n; /* of a long list */
        } rows[] = {
                { "{}", OWN, 14 },
                { "{\"CapAdd\": null, \"CapDrop\": null}", OWN, 14 },
                { "{\"CapDrop\": [\"ALL\"]}", "", 0 },
                { "{\"CapDrop\": [\"all\"], \"CapAdd\": [\"cap_chown\", \"SYS_TIME\"]}", "CHOWN SYS_TIME", 2 },
                { "{\"CapAdd\": [\"NET_ADMIN\"]}", OWN " NET_ADMIN", 15 },
                { "{\"CapDrop\": [\"CAP_NET_RAW\", \"MKNOD\"]}", NULL, 12 },
                { "{\"CapAdd\": [\"ALL\"]}", NULL, 41 },
                { "{\"CapAdd\": [\"ALL\"], \"CapDrop\": [\"SYS_ADMIN\"]}", NULL, 40 },
                { "{\"CapAdd\": [\"ALL\"], \"CapDrop\": [\"ALL\"]}", NULL, 41 },
                { "{\"CapAdd\": [\"CHOWN\"], \"CapDrop\": [\"CHOWN\"]}", OWN, 14 },
                { "{\"Privileged\": true, \"CapDrop\": [\"ALL\"]}", NULL, 41 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
                json_t *host = json_loads(rows[i].host, 0, NULL);
                struct str names[GRANTED_MOST];
                size_t n = granted_read(names, host);
                char text[1024] = "";

                for (size_t k = 0; k < n; ++k) {
                        strcat(text, k ? " " : "");
                        strncat(text, names[k].p, names[k].n);
                }
                assert_int_equal(n, rows[i].n);
                if (rows[i].names)
                        assert_string_equal(text, rows[i].names);
                json_decref(host);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = { cmocka_unit_test(reckons_as_the_engine_does) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
