#include "explain/explain-client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Whoever talked to another engine would do there what was only to be explained. */
static void starts_nobody_who_goes_elsewhere(void **state) {
        static const struct {
                const char *argv[8];
                bool misled;
        } rows[] = {
                { { "docker", "run", "-H", "x", "nginx" }, false },
                { { "docker", "--config", "-H", "ps" }, false },
                { { "docker", "-D", "-l", "debug", "compose", "-f", "a", "up" }, false },
                { { "docker", "run", "-c", "512", "nginx" }, false },
                { { "docker" }, false },
                { { "docker", "-H", "unix:///x", "ps" }, true },
                { { "docker", "-Hunix:///x", "ps" }, true },
                { { "docker", "--host=unix:///x", "ps" }, true },
                { { "docker", "--config", "a", "--host", "unix:///x" }, true },
                { { "/usr/bin/docker", "-c", "other", "ps" }, true },
                { { "docker", "--context=other", "ps" }, true },
                { { "docker-compose", "-f", "a", "-H", "x" }, true },
                { { "./client", "-H", "x" }, false },
                { { "podman", "run", "nginx" }, true },
                { { "/usr/bin/sudo", "docker", "ps" }, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if ((explain_client_misled(rows[i].argv) != NULL) != rows[i].misled)
                        fail_msg("row %zu", i);
}

int main(void) {
        const struct CMUnitTest tests[] = { cmocka_unit_test(starts_nobody_who_goes_elsewhere) };

        return cmocka_run_group_tests_name("explain-client", tests, NULL, NULL);
}
